"""The switches under control, as the settings of this machine name them; the password is on no command line.

    control = control_of(settings, clock)       # None where --control is empty

A password among the options would be seen by everybody who may list processes.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from ivr.clock import Clock
from ivr.errors import SettingsError
from ivr.esl.control import Control
from ivr.settings import Settings

__all__ = ["VARIABLE", "addresses", "control_of", "password"]

VARIABLE = "IVR_CONTROL_PASSWORD"
MOST_BYTES = 1024


def addresses(text: str) -> list[tuple[str, int]]:
    """host:port, comma-separated, as the socket wants it.

    >>> addresses("127.0.0.1:8021, [::1]:8021")
    [('127.0.0.1', 8021), ('::1', 8021)]
    >>> addresses("127.0.0.1")
    Traceback (most recent call last):
    ivr.errors.SettingsError: --control: '127.0.0.1' is no address; write host:port, such as 127.0.0.1:8021
    """
    found = []
    for one in text.split(","):
        if not (one := one.strip()):
            continue
        host, colon, port = one.rpartition(":")
        if not colon or not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise SettingsError(f"--control: {one!r} is no address; write host:port, such as 127.0.0.1:8021")
        pair = (host.removeprefix("[").removesuffix("]"), int(port))
        if pair not in found:
            found.append(pair)
    return found


def password(settings: Settings, environ: Mapping[str, str] = os.environ) -> str:
    """The event sockets' password: of the environment, or else of the file. SettingsError if there is none."""
    if environ.get(VARIABLE):
        return environ[VARIABLE]
    if not settings.control_password_file:
        raise SettingsError(
            f"--control: the password is missing; give it in {VARIABLE}, or in a file with --control-password-file"
        )
    path = Path(settings.control_password_file)
    try:
        with path.open("rb") as file:
            text = file.read(MOST_BYTES).decode()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise SettingsError(f"--control-password-file: {path}: {reason}; it must hold the password alone") from None
    if not text.strip():
        raise SettingsError(f"--control-password-file: {path} is empty; it must hold the password alone")
    return text.strip("\r\n")


def control_of(settings: Settings, clock: Clock, environ: Mapping[str, str] = os.environ) -> Control | None:
    """The control connection of this machine, not yet started; None where --control is empty."""
    found = addresses(settings.control)
    return Control(found, password(settings, environ), clock) if found else None
