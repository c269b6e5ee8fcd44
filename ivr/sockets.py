"""Where a socket listens or connects, out of an option: host:port, or several of them.

>>> socket_address("[::1]:8084", "listen")
('::1', 8084)
>>> socket_addresses("127.0.0.1:8021, [::1]:8021", "control", "127.0.0.1:8021")
[('127.0.0.1', 8021), ('::1', 8021)]
>>> socket_address("127.0.0.1", "listen")
Traceback (most recent call last):
ivr.errors.SettingsError: --listen: '127.0.0.1' is no address; write host:port, such as 127.0.0.1:8084
"""

import re

from ivr.errors import SettingsError

__all__ = ["socket_address", "socket_addresses"]

_PORT = re.compile(r"[0-9]{1,5}")


def socket_address(text: str, option: str, example: str = "127.0.0.1:8084", least: int = 0) -> tuple[str, int]:
    """host:port as the socket wants it. `least`: the smallest port; 0, to listen on, is whatever is free.
    SettingsError, naming the option and an example, if it is none."""
    host, _, port = text.strip().rpartition(":")
    if not host or _PORT.fullmatch(port) is None or not least <= int(port) <= 65535:
        raise SettingsError(f"--{option}: {text!r} is no address; write host:port, such as {example}")
    return host.removeprefix("[").removesuffix("]"), int(port)


def socket_addresses(text: str, option: str, example: str) -> list[tuple[str, int]]:
    """Those that can be connected to, comma-separated, each once; none out of nothing."""
    found = [socket_address(one.strip(), option, example, least=1) for one in text.split(",") if one.strip()]
    return list(dict.fromkeys(found))
