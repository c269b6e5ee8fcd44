"""Where a socket listens or connects, out of an option: host:port, or several of them; and a socket that listens.

>>> socket_address("[::1]:8084", "listen")
('::1', 8084)
>>> socket_addresses("127.0.0.1:8021, [::1]:8021", "control", "127.0.0.1:8021")
[('127.0.0.1', 8021), ('::1', 8021)]
>>> socket_address("127.0.0.1", "listen")
Traceback (most recent call last):
ivr.errors.SettingsError: --listen: '127.0.0.1' is no address; write host:port, such as 127.0.0.1:8084
"""

import re
import socket

from ivr.errors import SettingsError

__all__ = ["listening", "socket_address", "socket_addresses"]

BACKLOG = 1024
"""Connections the kernel keeps for us: a full backlog blocks FreeSWITCH for more than a minute."""
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


def listening(address: tuple[str, int], option: str) -> socket.socket:
    """An open door, which never waits itself; SettingsError, naming the option, if the address can't be had (D19: no
    exit from inside a library)."""
    host, port = address
    door = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)  # [::] takes those of IPv4 too
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(address)
        door.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        door.close()
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingsError(f"--{option}: {host}:{port}: {reason}; give a free port of this machine") from error
    door.setblocking(False)
    return door
