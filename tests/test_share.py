"""What came with the program is found wherever it was installed to."""

import sys
import sysconfig
from pathlib import Path

import pytest

from ivr.errors import SettingsError
from ivr.share import places, shared

HERE = Path(__file__).parents[1]


def test_in_a_checkout_it_lies_at_the_top():
    assert places(HERE) == [HERE]
    assert shared("prompts") == HERE / "prompts"


def test_installed_it_lies_under_the_prefix_and_never_among_the_packages_of_others():
    site = Path(sysconfig.get_path("purelib"))
    assert places(site) == [site / "share/zongji", Path(sys.prefix) / "share/zongji"]


def test_installed_for_a_user_it_lies_in_his_own_folder():
    user = sysconfig.get_preferred_scheme("user")
    site = Path(sysconfig.get_path("purelib", user)).resolve()
    assert Path(sysconfig.get_path("data", user)) / "share/zongji" == places(site)[1]


def test_what_is_gone_is_asked_for_by_name():
    with pytest.raises(SettingsError) as refused:
        shared("tunes")
    assert str(refused.value) == f"tunes came with the program but is gone from {HERE}: install it again"
