"""No caller's number is in the log (house rule C1)."""

import json

import structlog

from ivr.errors import Refused
from ivr.logs import set_up
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
