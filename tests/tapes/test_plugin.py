"""The pytest plugin, in a project of somebody else."""

import shutil
from pathlib import Path

import pytest

from tests.tapes.few import few

pytest_plugins = ["pytester"]

FREESWITCH = Path(__file__).parent / "freeswitch"


@pytest.fixture
def project(pytester):
    """A project with two tapes and their table; its one line of configuration is still to come."""
    few(pytester.path / "tapes")
    return pytester


def run(project, *arguments: str):
    return project.runpytest_subprocess("-p", "no:cacheprovider", *arguments)


def test_one_line_replays_every_tape(project):
    project.makeini("[pytest]\ntapes = tapes")
    result = run(project, "-v")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["tapes/greeting-busy-01.jsonl.gz::replay PASSED*"])


def test_without_the_line_a_tape_is_a_file_like_any_other(project):
    run(project).assert_outcomes()


def test_a_difference_is_the_failure_and_nothing_else(project):
    [table] = (project.path / "tapes").glob("*.yaml")
    text = table.read_text().replace("3: announcement/address", "4: announcement/address")
    (project.path / "other.yaml").write_text(text)
    project.makeini("[pytest]\ntapes = tapes\ntapes_table = other.yaml")
    result = run(project)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["menu-key-01: command 7 differs", "*the tape: *3 地址*", "*the line: *4 地址*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_fixtures_for_a_line_of_any_make(project):
    shutil.copy(FREESWITCH / "bridge_busy.jsonl", project.path)
    (project.path / "app.py").write_text(APP)
    project.makepyfile("""
        import pytest
        from app import App

        @pytest.mark.tapes("*.jsonl")
        def test_my_line(tape, replay):
            assert tape.name == "bridge_busy"
            replay(tape, to=App(tape).address)

        @pytest.mark.tapes("tapes")
        def test_ours(tape, replay):
            assert replay(tape).commands > 4

        @pytest.mark.parametrize("tape", ["of my own"])
        def test_others_have_a_tape_too(tape):
            assert tape == "of my own"
        """)
    run(project).assert_outcomes(passed=4)


APP = """
from gevent.server import StreamServer


class App:
    def __init__(self, tape):
        self.commands = [line.data for line in tape.lines if line.source == "app"]
        self.server = StreamServer(("127.0.0.1", 0), self.handle)
        self.server.start()
        self.address = ("127.0.0.1", self.server.server_port)

    def handle(self, sock, _):
        for data in self.commands:
            sock.sendall(data)
            sock.recv(65536)
        while sock.recv(65536):
            pass
"""
