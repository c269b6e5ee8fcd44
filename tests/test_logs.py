"""No caller's number is in the log (house rule C1)."""

import json
import os
import threading

import structlog

from ivr.errors import Refused
from ivr.logs import Scroll, set_up
from ivr.prompt import Prompt

UUID = "12345678-0000-4000-8000-123456789012"


def told(capsys, monkeypatch, **values) -> dict:
    before = structlog.get_config()
    try:
        set_up()
        log = structlog.get_logger("test")
        try:
            raise Refused("number: '13800138000' is not allowed there")
        except Refused:
            log.exception("something happened", **values)
    finally:
        structlog.configure(**before)
    return json.loads(capsys.readouterr().err)


def test_a_number_is_masked_wherever_it_stands(capsys, monkeypatch):
    prompt = repr(Prompt("message-number-read-back", number="13800138000"))
    event = told(capsys, monkeypatch, call=UUID, prompt=prompt, error="13800138000 was refused", version="123456789012")
    assert "13800138000" not in str(event)
    assert event["prompt"] == "Prompt('message-number-read-back', number='…00')"


def test_ids_and_times_stay_whole(capsys, monkeypatch):
    event = told(capsys, monkeypatch, call=UUID, version="123456789012", name=f"{UUID}-1.wav")
    assert (event["call"], event["version"], event["name"]) == (UUID, "123456789012", f"{UUID}-1.wav")
    assert event["timestamp"].startswith("20") and "…" not in event["timestamp"]


def test_a_log_nobody_reads_makes_nobody_wait():
    # Given a pipe that is full
    reading, writing = os.pipe()
    pipe = open(writing, "w")
    scroll = Scroll(pipe, most=100)
    # When far more is written than it and the queue hold
    for number in range(2_000):
        scroll.write(f"{number:05d}" + "x" * 1_000 + "\n")
    # Then the writer is here, what was too much is counted, and what was kept comes when somebody reads
    assert scroll.dropped > 1_000
    read = []
    reader = threading.Thread(target=lambda: read.extend(iter(lambda: os.read(reading, 65_536), b"")))
    reader.start()
    scroll.drain(10)
    pipe.close()
    reader.join(10)
    os.close(reading)
    assert len(b"".join(read).splitlines()) == 2_000 - scroll.dropped
