"""Reading call records: real ones, all their codings, and anything a network can send."""

import base64
import json
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.errors import RecordError
from ivr.records.record import LARGEST, parse
from tests.store.conftest import OTHER, UUID

START, ANSWER, END = 1795301426961897, 1795301427001897, 1795301439461897


def record(flow: dict | None = None, **variables) -> dict:
    """A record as FreeSWITCH 1.10 makes them, with what the house reads and some of what it does not."""
    return {
        "core-uuid": "77cd0768-ccc5-4d32-9658-2eae2e02b19b",
        "switchname": "vm",
        "channel_data": {"state": "CS_REPORTING", "direction": "inbound", "state_number": "11", "caps": "1=1;2=1"},
        "callStats": {"audio": {"inbound": {"raw_bytes": 106296, "mos": 4.5}}},
        "variables": {
            "uuid": UUID, "direction": "inbound", "hangup_cause": "NORMAL_CLEARING", "start_epoch": "1795301426",
            "start_uepoch": str(START), "answer_uepoch": str(ANSWER), "end_uepoch": str(END), "billsec": "12",
            "ivr_dialled": "9100", "ivr_lang": "zh", "ivr_table": "0123456789ab", "ivr_at": "message/sales",
            "ivr_turn": "2", "ivr_done": "ring:1", "ivr_record_file": f"{UUID}-2.wav", "record_ms": "3780",
            "originate_disposition": "NO_ANSWER", "sip_from_display": "Bob%0AX: y%24%7Bsystem rm%7D",
            **variables,
        },
        "callflow": [
            {"caller_profile": {"uuid": UUID, "caller_id_number": "13800138000", "destination_number": "line",
                                "context": "ivr-line"}, "times": {"created_time": str(START)}},
            {"caller_profile": {"uuid": UUID, "caller_id_number": "13800138000", "destination_number": "9100",
                                "context": "ivr-entry", **(flow or {})}},
        ],
    }  # fmt: skip


def body(flow: dict | None = None, **variables) -> bytes:
    return json.dumps(record(flow, **variables)).encode()


def test_what_the_house_reads_of_a_record():
    found = parse(body())
    assert (found.uuid, found.ours, found.caller_leg, found.cause) == (UUID, True, True, "NORMAL_CLEARING")
    assert (found.caller, found.dialled, found.language, found.table) == ("13800138000", "9100", "zh", "0123456789ab")
    assert (found.at, found.done, found.disposition) == ("message/sales", "ring:1", "NO_ANSWER")
    assert (found.recording, found.record_ms, found.record_ended) == (f"{UUID}-2.wav", 3780, "hangup")
    assert found.started == datetime(2026, 11, 21, 22, 50, 26, 961897, tzinfo=UTC)
    assert (found.ended - found.started).total_seconds() == 12.5


@pytest.mark.parametrize(
    ("variables", "ended"),
    [
        ({}, "hangup"),
        ({"ivr_done": "record:1"}, "hangup"),
        ({"ivr_done": "record:2", "playback_terminator_used": "#"}, "key"),
        ({"ivr_done": "record%3A2", "playback_terminator_used": "%23"}, "key"),
        ({"ivr_done": "record:2", "silence_hits_exhausted": "true"}, "silence"),
        ({"ivr_done": "record:2", "silence_hits_exhausted": "false"}, "limit"),
    ],
)
def test_how_the_recording_ended(variables, ended):
    assert parse(body(**variables)).record_ended == ended


def test_every_coding_of_mod_json_cdr_reads_the_same():
    plain = json.dumps(record()).encode()
    # encode-values: FreeSWITCH's variables are percent-encoded, and its profiles are not
    coded = record()
    coded["variables"] = {name: quote(value, safe="/") for name, value in coded["variables"].items()}
    forms = {
        "json": plain,
        "json with a line feed": b"\n" + plain + b"\n",
        "encode-values": json.dumps(coded).encode(),
        "encode=true": b"cdr=" + quote(plain.decode()).encode(),
        "encode=true, from the folder": quote(plain.decode()).encode() + b"\n",
        "encode=base64": b"cdr=" + base64.b64encode(plain),
    }
    assert {name: parse(form) for name, form in forms.items()} == dict.fromkeys(forms, parse(plain))


def test_a_callers_name_that_is_no_utf_8_does_not_cost_the_record():
    data = body().replace(b"Bob%0AX", b"B\xf6b\xff\x01")
    assert parse(data).uuid == UUID


def test_hostile_values_do_not_come_in():
    found = parse(
        body(
            flow={"caller_id_number": "138${system rm}", "destination_number": "9100\nX: y"},
            ivr_dialled="9100%0AX",
            ivr_lang="../../etc",
            ivr_at="menu/main;rm",
            ivr_record_file="../../zongji.db",
            ivr_done="record:2 ",
            hangup_cause="${x}",
            record_ms="9" * 50,
            start_uepoch="1e99",
            start_epoch="-1",
            ivr_table="0123456789abc",
        )
    )
    assert (found.caller, found.dialled, found.language, found.at, found.recording) == ("", "", "", "", "")
    assert (found.done, found.cause, found.record_ms, found.started, found.table) == ("", "", None, None, "")


def test_a_file_of_another_call_is_not_this_calls():
    assert parse(body(ivr_record_file=f"{OTHER}-2.wav")).recording == ""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no JSON: "),
        (b"{", "no JSON: "),
        (b"[1]", "a call record is a JSON object"),
        (b"{}", "the record has no variables.uuid of 36 characters 0-9, a-f and -"),
        (b'{"variables": {"uuid": "../../x"}}', "the record has no variables.uuid of 36 characters 0-9, a-f and -"),
        (b"hello", "neither JSON nor cdr=… in an encoding of mod_json_cdr's"),
        (b"[" * 200_000, "no JSON: "),
        (b" " * (LARGEST + 1), f"a record of {LARGEST + 1} bytes: more than {LARGEST} are not read"),
    ],
    ids=["nothing", "half", "a list", "empty", "no uuid", "no JSON", "deep", "large"],
)
def test_what_is_no_record(data, words):
    with pytest.raises(RecordError) as raised:
        parse(data)
    assert str(raised.value).startswith(words)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def check_clean(data: bytes) -> None:
    try:
        found = parse(data)
    except RecordError:
        return
    text = (found.caller, found.dialled, found.language, found.table, found.at, found.done, found.cause)
    assert all(value.isascii() and value.isprintable() and " " not in value for value in text)
    assert all(value is None or value.year >= 2001 for value in (found.started, found.answered, found.ended))
    json.dumps(found.data())


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_record_or_a_record_error(data):
    check_clean(data)
    check_clean(b"cdr=" + data)


@settings(deadline=None)
@given(anything)
def test_any_json_is_a_record_or_a_record_error(value):
    check_clean(json.dumps(value).encode())


NAMES = sorted(record()["variables"])


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(NAMES), anything, max_size=6), st.sampled_from(["variables", "callflow"]), anything
)
def test_any_value_in_any_place_is_a_record_or_a_record_error(variables, place, value):
    check_clean(json.dumps(record() | {"variables": {"uuid": UUID, **variables}}).encode())
    check_clean(json.dumps(record() | {place: value}).encode())
    flow = record()
    flow["callflow"][-1]["caller_profile"]["caller_id_number"] = value
    check_clean(json.dumps(flow).encode())
