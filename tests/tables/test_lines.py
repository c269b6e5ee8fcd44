"""Which lines run, and what they have."""

import os
import socket
from datetime import UTC, datetime, timedelta

import pytest

from ivr.tables.lines import Lines, RunningLine

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
A, B = "a" * 12, "b" * 12


@pytest.fixture
def lines(tmp_path):
    return Lines(tmp_path / "lines")


def test_a_line_that_says_so_runs_until_it_is_closed_or_silent(lines):
    lines.tell("127.0.0.1:8084", A, 1, AT)
    lines.tell("[::1]:8084", B, 2, AT + timedelta(seconds=10))
    here = (socket.gethostname(), os.getpid())
    first = RunningLine(*here, "127.0.0.1:8084", A, 1, AT)
    second = RunningLine(*here, "[::1]:8084", B, 2, AT + timedelta(seconds=10))
    assert lines.running(AT + timedelta(seconds=10)) == [first, second]
    assert lines.running(AT + timedelta(seconds=16)) == [second]
    lines.gone("[::1]:8084")
    lines.gone("[::1]:8084")
    assert lines.running(AT + timedelta(seconds=10)) == [first]
    assert str(first) == f"127.0.0.1:8084 (process {os.getpid()} on {socket.gethostname()})"


def test_what_a_line_says_again_is_in_place_of_what_it_said(lines):
    lines.tell("127.0.0.1:8084", A, 1, AT)
    lines.tell("127.0.0.1:8084", B, 2, AT)
    assert [line.version for line in lines.running(AT)] == [B]


def test_rubbish_and_the_long_dead_are_thrown_away(lines):
    lines.tell("127.0.0.1:8084", A, 1, AT)
    for name, content in (("a", ""), ("b", "[]"), ("c", '{"at": "2026-11-20T01:00:00"}'), ("d", '{"at": 1}')):
        (lines.folder / f"{name}.json").write_text(content)
    assert lines.running(AT + timedelta(days=2)) == []
    assert os.listdir(lines.folder) == []
