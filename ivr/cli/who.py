"""Who gives a command, as it is written down."""

import getpass
import os

__all__ = ["whoever"]


def whoever() -> str:
    """The user of the machine; with sudo the one who is behind it."""
    if os.environ.get("SUDO_USER"):
        return os.environ["SUDO_USER"]
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"user {os.getuid()}"
