"""What an option names is an address, or is said to be none; what listens there keeps those who come at once."""

import socket
from contextlib import ExitStack, closing

import pytest

from ivr.errors import SettingsError
from ivr.sockets import listening, socket_address, socket_addresses


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


@pytest.mark.parametrize(("host", "theirs"), [("127.0.0.1", "127.0.0.1"), ("::", "127.0.0.1"), ("::", "::1")])
def test_who_comes_before_anybody_accepts_is_kept(host, theirs):
    try:
        door = listening((host, 0), "listen")
    except SettingsError:
        pytest.skip(f"no {host} here")
    with closing(door), ExitStack() as callers:
        # Three hundred: more than gevent's own backlog of 256, past which the kernel lets a caller wait in vain.
        for _ in range(300):
            callers.enter_context(socket.create_connection((theirs, door.getsockname()[1]), timeout=5))


def test_a_port_that_is_taken():
    with closing(listening(("127.0.0.1", 0), "listen")) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError) as error:
            listening(("127.0.0.1", port), "records-listen")
    reason = f"127.0.0.1:{port}: Address already in use; give a free port of this machine"
    assert str(error.value) == f"--records-listen: {reason}"
