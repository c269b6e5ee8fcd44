"""Recordings: how they end, and what is in the file (freeswitch-facts, "Recording")."""

import wave

import pytest

from ivr.switch import Caller
from tests.switch.plain_line import bench

DIALPLAN = (
    '<include><context name="ivr-entry"><extension name="all"><condition><action application="answer"/>'
    '<action application="set" data="playback_terminators=#"/>'
    '<action application="record" data="$${ivr_data}/m.wav LIMIT 200 4"/><action application="hangup"/>'
    "</condition></extension></context></include>"
)


def record(tmp_path, caller, limit=20):
    with bench(tmp_path, None, DIALPLAN.replace("LIMIT", str(limit))) as bench_:
        call = bench_.call(caller)
    with wave.open(str(tmp_path / "m.wav")) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (8000, 2, 1)
        data = file.readframes(file.getnframes())
    return call.variables, len(data) / 16000, data


@pytest.mark.parametrize(
    ("caller", "limit", "seconds", "silence", "key"),
    [
        (Caller().waits(1).says(5), 20, 9.96, "true", None),  # four seconds of silence, which the file holds
        (Caller().waits(1).says(3).presses("#"), 20, 3.98, "false", "#"),
        (Caller().waits(1).says(3).presses("5").waits(1).presses("#"), 20, 4.98, "false", "#"),
        (Caller().waits(1).says(60), 3, 3.5, "false", None),  # whole clock seconds: 3.06 to 3.64 s
        (Caller().says(4).hangs_up(), 20, 3.98, "false", None),
        (Caller(), 20, 4.0, "true", None),
    ],
)
def test_how_it_ends(caller, limit, seconds, silence, key, tmp_path):
    variables, length, _ = record(tmp_path, caller, limit)

    assert abs(length - seconds) < (0.55 if limit == 3 else 0.05)
    assert variables["silence_hits_exhausted"] == silence
    assert variables.get("playback_terminator_used") == key
    assert abs(int(variables["record_ms"]) / 1000 - length) < 0.01


def test_the_file_has_what_was_said_where_it_was_said(tmp_path):
    _, _, data = record(tmp_path, Caller().waits(2).says(2).presses("#"))

    assert not any(data[: 16000 * 19 // 10])
    assert any(data[16000 * 2 : 16000 * 3])


def test_a_caller_without_rtp_leaves_44_bytes(tmp_path):
    variables, _, _ = record(tmp_path, Caller(sends_rtp=False), 3)

    assert variables["record_ms"] == "0"
    assert (tmp_path / "m.wav").stat().st_size == 44


def test_a_path_that_cannot_be_opened_clears_the_caller(tmp_path):
    with bench(tmp_path, None, DIALPLAN.replace("$${ivr_data}", "/nowhere/at/all")) as bench_:
        assert bench_.call().cause == "DESTINATION_OUT_OF_ORDER"
