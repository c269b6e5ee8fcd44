import json
from pathlib import Path

import pytest

from ivr.call import Answered, Busy, DoNotDisturb, NoAnswer, Recorded, Refused, Unreachable
from ivr.esl.codec import Decoder
from ivr.outcome import PRECEDENCE, of_several, rang, recorded

TAPES = Path(__file__).parent / "tapes" / "freeswitch"


def variables_of(tape: str, showing: str) -> dict[str, str]:
    """The channel's variables in the first event or connect reply of a tape that shows one of them."""
    decoder = Decoder()
    for line in (TAPES / f"{tape}.jsonl").read_text().splitlines():
        entry = json.loads(line)
        if entry.get("from") != "switch":
            continue
        for frame in decoder.feed(entry["text"].encode()):
            headers = frame.event if frame.is_event else frame.headers
            if f"variable_{showing}" in headers:
                return {name[9:]: value for name, value in headers.items() if name.startswith("variable_")}
    raise AssertionError(f"{tape} shows no {showing}")


@pytest.mark.parametrize(
    ("tape", "outcome"),
    [
        ("bridge_answered_calleehang", Answered()),
        ("bridge_busy", Busy()),
        ("bridge_reject", Refused()),
        ("bridge_noanswer", NoAnswer()),
        ("handover_ring_noanswer-02", NoAnswer()),
        ("bridge_unregistered", Unreachable()),
        ("bridge_nosuchuser", Unreachable()),
        ("bridge_deadphone", Unreachable()),
    ],
)
def test_what_a_real_freeswitch_said(tape, outcome):
    assert rang(variables_of(tape, "originate_disposition")) == outcome


@pytest.mark.parametrize(
    ("variables", "outcome"),
    [
        ({}, Unreachable()),
        ({"originate_disposition": "SOMETHING_NEW"}, Unreachable()),
        ({"originate_disposition": "NO_USER_RESPONSE"}, Unreachable()),
        (
            {"originate_disposition": "NO_USER_RESPONSE", "sip_invite_failure_phrase": "Do Not Disturb"},
            DoNotDisturb(),
        ),
        ({"originate_disposition": "USER_BUSY", "sip_invite_failure_phrase": "DND"}, DoNotDisturb()),
        ({"originate_disposition": "USER_BUSY", "sip_invite_failure_phrase": "Busy Here"}, Busy()),
        # a comma group: NO_ANSWER if anyone timed out, though one was busy
        ({"originate_disposition": "NO_ANSWER", "originate_causes": "ARRAY::a;USER_BUSY|:b;NO_ANSWER"}, Busy()),
        ({"originate_disposition": "USER_NOT_REGISTERED", "originate_causes": "a;CALL_REJECTED"}, Refused()),
        # A mobile that was lifted and put down without the key; one whose voicemail never pressed it
        ({"originate_disposition": "NORMAL_CLEARING", "originate_causes": "a;NORMAL_CLEARING"}, Refused()),
        ({"originate_disposition": "ALLOTTED_TIMEOUT", "originate_causes": "a;ALLOTTED_TIMEOUT"}, NoAnswer()),
        # stale after a second bridge, and not read
        ({"originate_disposition": "NO_ANSWER", "last_bridge_hangup_cause": "USER_BUSY"}, NoAnswer()),
        ({"originate_disposition": "SUCCESS", "originate_causes": "ARRAY::a;NONE|:b;USER_BUSY"}, Answered()),
        ({"originate_disposition": "NO_ANSWER", "originate_causes": "a;NONE"}, NoAnswer()),
    ],
)
def test_what_ringing_came_to(variables, outcome):
    assert rang(variables) == outcome


def test_one_table_decides_between_several():
    results = [kind() for kind in reversed(PRECEDENCE)]
    for n in range(len(results)):
        assert of_several(results[: n + 1]) == results[n]


@pytest.mark.parametrize(
    ("tape", "ms", "ended"),
    [("handover_record_hash-02", 3780, "key"), ("record_silence", 8140, "silence"), ("demo_sipp-01", 0, "limit")],
)
def test_what_was_recorded(tape, ms, ended):
    assert recorded(variables_of(tape, "record_ms") | {"ivr_record_file": "a-1.wav"}) == Recorded("a-1.wav", ms, ended)
