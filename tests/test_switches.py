"""The switches under control, as the settings name them."""

import pytest

from ivr.errors import SettingsError
from ivr.settings import Settings
from ivr.switches import control_of, password
from tests.test_doctor import CLOCK


def test_none_is_named_and_none_is_watched():
    assert control_of(Settings(), CLOCK, {}) is None


def test_the_password_of_the_environment_goes_before_that_of_the_file(tmp_path):
    file = tmp_path / "password"
    file.write_text("of the file\n")
    settings = Settings(control="127.0.0.1:8021", control_password_file=str(file))
    assert password(settings, {}) == "of the file"
    assert password(settings, {"IVR_CONTROL_PASSWORD": "of the environment"}) == "of the environment"
    assert [one.name for one in control_of(settings, CLOCK, {}).switches] == ["127.0.0.1:8021"]


@pytest.mark.parametrize(
    ("settings", "environ", "said"),
    [
        ({}, {}, "--control: the password is missing; give it in IVR_CONTROL_PASSWORD, or in a file with"
                 " --control-password-file"),
        ({"control_password_file": "/nowhere/x"}, {},
         "--control-password-file: /nowhere/x: No such file or directory; it must hold the password alone"),
        ({"control": "here:0"}, {"IVR_CONTROL_PASSWORD": "x"},
         "--control: 'here:0' is no address; write host:port, such as 127.0.0.1:8021"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(settings, environ, said):
    with pytest.raises(SettingsError) as error:
        control_of(Settings(**{"control": "127.0.0.1:8021"} | settings), CLOCK, environ)
    assert str(error.value) == said
