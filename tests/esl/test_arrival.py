"""What the connect reply says passes its place's white list, or is as if it were not there."""

from dataclasses import asdict
from urllib.parse import quote

import pytest

from ivr.call import Answered, Busy, NoAnswer, Recorded
from ivr.esl.arrival import Arrival, arrived
from ivr.esl.frames import Frame

UUID = "b793234f-5ab3-42a8-a77d-980fbcec9601"
NOTHING = {
    "caller": "", "dialled": "", "domain": "", "by_colleague": False, "answered": False, "language": "",
    "table_version": "", "turn": 0, "entered_at": None, "state": {}, "carried": {}, "waited": 0.0, "back": None,
}  # fmt: skip


def came(headers: dict[str, str] | None = None, **variables: str) -> Arrival:
    """An arrival, out of headers and of channel variables."""
    told = {"Content-Type": "command/reply", **(headers or {})}
    told |= {f"variable_{name}": value for name, value in variables.items()}
    block = "".join(f"{name}: {quote(value, safe='/')}\n" for name, value in told.items())
    return arrived(Frame(block.encode()), UUID)


def test_a_reply_that_says_nothing():
    assert asdict(came()) == NOTHING


def test_a_new_call():
    call = came(
        {"Caller-Caller-ID-Number": "+8613800138000", "Answer-State": "ringing"},
        ivr_dialled="1000", ivr_domain="pbx.example",
    )  # fmt: skip
    told = {"caller": "+8613800138000", "dialled": "1000", "domain": "pbx.example"}
    assert asdict(call) == NOTHING | told


def test_a_call_whose_worker_died_goes_on_where_it_was():
    call = came(
        {"Answer-State": "answered"},
        ivr_at="menu/main", ivr_state="round~2&again~1", ivr_carried="trail~main", ivr_lang="en",
        ivr_table="0123456789ab", ivr_turn="3", ivr_done="ring:2", ivr_by_colleague="true",
    )  # fmt: skip
    assert asdict(call) == NOTHING | {
        "entered_at": "menu/main", "state": {"round": "2", "again": "1"}, "carried": {"trail": "main"},
        "language": "en", "table_version": "0123456789ab", "turn": 3, "answered": True, "by_colleague": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("times", "where", "waited"),
    [
        ({"Caller-Channel-Answered-Time": "0", "Event-Date-Timestamp": "1795301425042003"}, {}, 5.0),
        ({"Caller-Channel-Answered-Time": "1795301422042003", "Event-Date-Timestamp": "1795301425042003"}, {}, 2.0),
        ({"Answer-State": "answered", "Event-Date-Timestamp": "1795301425042003"}, {"ivr_at": "menu/main"}, 0.0),
        ({"Answer-State": "ringing", "Event-Date-Timestamp": "1795301425042003"}, {"ivr_at": "menu/main"}, 5.0),
        ({}, {}, 0.0),
    ],
    ids=["rings", "was answered before", "comes back", "comes back and rings still", "no time"],
)
def test_how_long_a_caller_had_rung(times, where, waited):
    assert came({"Caller-Channel-Created-Time": "1795301420042003", **times}, **where).waited == waited


@pytest.mark.parametrize(
    ("headers", "variables", "back"),
    [
        ({}, {"ivr_turn": "2", "ivr_done": "ring:2", "originate_disposition": "USER_BUSY"}, Busy()),
        ({}, {"ivr_turn": "2", "ivr_done": "ring:2", "originate_disposition": "NO_ANSWER"}, NoAnswer()),
        (
            {"Event-Date-Timestamp": "1795301425042003", "Caller-Channel-Bridged-Time": "1795301420042003"},
            {"ivr_turn": "2", "ivr_done": "ring:2", "originate_disposition": "SUCCESS"},
            Answered(5.0),
        ),
        (
            {},
            {"ivr_turn": "4", "ivr_done": "record:4", "record_ms": "3780", "playback_terminator_used": "#"},
            Recorded(f"{UUID}-4.wav", 3780, "key"),
        ),
        (
            {},
            {"ivr_turn": "4", "ivr_done": "record:4", "record_ms": "9", "playback_terminator_used": "_undef_"},
            Recorded(f"{UUID}-4.wav", 9, "limit"),
        ),
        ({}, {"ivr_turn": "4", "ivr_done": "record:3", "record_ms": "3780"}, None),
    ],
)
def test_the_switch_comes_back_with_a_result(headers, variables, back):
    assert came(headers, **variables).back == back


OURS = [
    "ivr_dialled", "ivr_domain", "ivr_lang", "ivr_at", "ivr_state", "ivr_carried", "ivr_table", "ivr_turn", "ivr_done",
    "ivr_by_colleague",
]  # fmt: skip


@pytest.mark.parametrize("said", ["Bob\nCaller-Caller-ID-Number: 110 ${system(id)}", "x" * 5000, "1\n", "ring:1 "])
def test_nothing_of_a_hostile_caller_gets_past_the_door(said):
    names = {"Caller-Caller-ID-Name": said, "Caller-Caller-ID-Number": said}
    call = came(names, **dict.fromkeys(OURS, said))
    assert {name: value for name, value in asdict(call).items() if value != NOTHING[name]} == {}
