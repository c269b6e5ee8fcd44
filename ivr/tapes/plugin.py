"""A pytest plugin: CI replays tapes of an event socket with one line.

    [pytest]
    tapes = tests/tapes                 # each tape in there is a test: our handlers say what they had said

`tapes_table`: another table than the one beside the tapes. For a line of any make, in a test:

    @pytest.mark.tapes("tests/tapes/*.jsonl")
    def test_my_line(tape, replay):     # once for each tape
        replay(tape, to=("127.0.0.1", 8084))

`tape` is read (`ivr.tapes.Tape`); `replay(tape)` plays it to the handlers installed here, `replay(tape, to=…)` to
whoever listens there; both fail the test with the difference.
"""

from pathlib import Path

import pytest

__all__: list[str] = []

TAPES = (".jsonl", ".jsonl.gz")


def pytest_addoption(parser):
    parser.addini("tapes", "folders, files or patterns of tapes, each replayed as a test", type="args", default=[])
    parser.addini("tapes_table", "the routing table they are replayed with; empty: the one beside each", default="")


def pytest_configure(config):
    config.addinivalue_line("markers", "tapes(*patterns): run the test once for each of these tapes, as fixture `tape`")


def found(root: Path, patterns) -> list[Path]:
    """The tapes of folders, files or patterns, below the ini file's folder."""
    paths: list[Path] = []
    for pattern in patterns:
        place = root / pattern
        if place.is_dir():
            paths += sorted(place.rglob("*.jsonl*"))
        else:
            paths += sorted(root.glob(pattern))
    return [path for path in paths if path.name.endswith(TAPES)]


# Tapes as tests -------------------------------------------------------------------------------------------------------


def pytest_collect_file(file_path: Path, parent):
    """A tape below one of the places the ini file names is a test."""
    if not file_path.name.endswith(TAPES):
        return None
    config = parent.config
    if file_path not in found(config.rootpath, config.getini("tapes")):
        return None
    return TapeFile.from_parent(parent, path=file_path)


class TapeFile(pytest.File):
    """A file with one tape."""

    def collect(self):
        yield TapeItem.from_parent(self, name="replay")


class TapeItem(pytest.Item):
    """One tape, replayed to the handlers installed here."""

    def runtest(self):
        from ivr.tapes.replay import run

        table = self.config.getini("tapes_table")
        verdicts, _ = run([(self.path, True)], table=self.config.rootpath / table if table else None)
        judge(verdicts[0])

    def repr_failure(self, excinfo, style=None):
        from ivr.errors import ZongjiError

        if isinstance(excinfo.value, Differs | ZongjiError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self):
        return self.path, None, f"tape {self.path.name.partition('.jsonl')[0]}"


class Differs(AssertionError):
    """The line did not say what it had said on the tape."""


def judge(verdict) -> None:
    if not verdict:
        raise Differs("\n".join(verdict.lines()))


# Fixtures -------------------------------------------------------------------------------------------------------------


def pytest_generate_tests(metafunc):
    fixtures = metafunc._arg2fixturedefs.get("tape")
    if not fixtures or fixtures[-1].func.__module__ != __name__:  # somebody else's `tape`
        return
    patterns = [pattern for mark in metafunc.definition.iter_markers("tapes") for pattern in mark.args]
    paths = found(metafunc.config.rootpath, patterns or metafunc.config.getini("tapes"))
    metafunc.parametrize("tape", paths, indirect=True, ids=[path.name.partition(".jsonl")[0] for path in paths])


@pytest.fixture
def tape(request):
    """One tape of those the mark `tapes`, or the ini file, names."""
    from ivr.tapes.reading import read

    return read(request.param)


@pytest.fixture
def replay(request):
    """`replay(tape)` to the handlers installed here, `replay(tape, to=(host, port))` to whoever listens there."""
    from ivr.table import load
    from ivr.tapes.replay import Replay, abroad, table_for

    def play(tape, *, to=None, table=None, speed: float = 0):
        if to is not None:
            verdict = abroad(tape, to, speed)
        else:
            chosen = table or request.config.getini("tapes_table")
            path = request.node.callspec.params["tape"]
            given = load(request.config.rootpath / chosen) if chosen else table_for(tape, path)
            with Replay(speed) as line:
                [verdict] = line.all([(tape, given)])
        judge(verdict)
        return verdict

    return play
