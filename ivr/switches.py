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
from ivr.sockets import socket_addresses

__all__ = ["VARIABLE", "control_of", "event_sockets", "password"]

VARIABLE = "IVR_CONTROL_PASSWORD"
MOST_BYTES = 1024


def event_sockets(settings: Settings) -> list[tuple[str, int]]:
    """Where their event sockets listen."""
    return socket_addresses(settings.control, "control", "127.0.0.1:8021")


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
    found = event_sockets(settings)
    return Control(found, password(settings, environ), clock) if found else None
