"""The folder that line and FreeSWITCH share (docs/settings.md says what lies where)."""

from pathlib import Path

__all__ = ["FOLDERS", "make_folders"]

FOLDERS = ("spool", "speech", "static", "records", "tables")


def make_folders(data: Path) -> None:
    """Make those that are not there. Shared with FreeSWITCH by a group, and closed to everybody else: messages are
    nobody else's business."""
    for folder in (data, *(data / name for name in FOLDERS)):
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o2770)
