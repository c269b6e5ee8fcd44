"""The folder that line and FreeSWITCH share: closed to everybody else, and its group's, files included."""

import os
from pathlib import Path
from stat import S_IMODE

import pytest

from ivr.data_folder import FOLDERS, make_folders


@pytest.fixture
def umask():
    """`umask(0o007)`, for as long as the test lasts."""
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


def modes(data: Path) -> set[int]:
    return {S_IMODE(folder.stat().st_mode) for folder in (data, *(data / name for name in FOLDERS))}


@pytest.mark.parametrize("mask", [0o022, 0o007, 0o077])
def test_they_are_made_as_they_must_be_whatever_the_umask(tmp_path, umask, mask):
    umask(mask)
    make_folders(tmp_path / "data")
    assert modes(tmp_path / "data") == {0o2770}


def test_where_setting_the_group_bit_is_forbidden_they_are_made_like_the_one_they_lie_in(tmp_path, umask, monkeypatch):
    # Given what systemd makes of StateDirectory and UMask, and forbids by RestrictSUIDSGID
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o2770)
    umask(0o007)

    def forbidden(*_):
        raise PermissionError

    monkeypatch.setattr(Path, "chmod", forbidden)
    make_folders(tmp_path / "data")
    assert modes(tmp_path / "data") == {0o2770}
