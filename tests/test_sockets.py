"""What an option names is an address, or is said to be none."""

import pytest

from ivr.errors import SettingsError
from ivr.sockets import socket_address, socket_addresses


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("127.0.0.1:0", ("127.0.0.1", 0)),
        ("switch.example:65535", ("switch.example", 65535)),
        (" [::1]:8084 ", ("::1", 8084)),
    ],
)
def test_an_address(text, found):
    assert socket_address(text, "listen") == found


@pytest.mark.parametrize(
    "text",
    ["", ":", "8084", ":8084", "here:", "here:x", "here:-1", "here:65536", "here:" + "9" * 5000, "here:²", "here:٣"],
)
def test_what_is_no_address(text):
    with pytest.raises(SettingsError) as error:
        socket_address(text, "records-listen", "127.0.0.1:8085")
    assert str(error.value) == (f"--records-listen: {text!r} is no address; write host:port, such as 127.0.0.1:8085")


def test_several_each_once():
    example = "127.0.0.1:8021"
    assert socket_addresses("b:2, a:1,b:2,", "control", example) == [("b", 2), ("a", 1)]
    assert socket_addresses(" , ", "control", example) == []
    with pytest.raises(SettingsError, match="--control: 'a:0' is no address"):
        socket_addresses("b:2,a:0", "control", example)
