"""The folder that line and FreeSWITCH share (docs/settings.md says what lies where)."""

from pathlib import Path
from stat import S_IMODE

__all__ = ["FOLDERS", "make_folders"]

FOLDERS = ("spool", "speech", "static", "records", "tables")
MODE = 0o2770


def make_folders(data: Path) -> None:
    """Make those that are not there. Shared with FreeSWITCH by a group, and closed to everybody else: messages are
    nobody else's business."""
    for folder in (data, *(data / name for name in FOLDERS)):
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            # Within such a folder a new one is like it; setting the bit may be forbidden (systemd's RestrictSUIDSGID).
            if S_IMODE(folder.stat().st_mode) != MODE:
                folder.chmod(MODE)
