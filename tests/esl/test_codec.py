import base64
import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.errors import FrameError
from ivr.esl.codec import Decoder
from ivr.esl.frames import Event, Frame
from ivr.switch.wire import event_frame, notice, plain, reply

TAPES = sorted((Path(__file__).parent.parent / "tapes" / "freeswitch").glob("*.jsonl"))
FORGED = "cid_number_notice"
"""The tape in which a caller's number forges frames inside a linger notice, which FreeSWITCH does not encode."""


def from_switch(tape: Path) -> bytes:
    """Every byte FreeSWITCH sent."""
    lines = [json.loads(line) for line in tape.read_text().splitlines()]
    sent = [line for line in lines if line.get("from") == "switch"]
    return b"".join(line["text"].encode() if "text" in line else base64.b64decode(line["base64"]) for line in sent)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


def decoded(chunks) -> tuple[list[Frame], str]:
    """The frames, and the fault that ended them."""
    decoder, frames = Decoder(), []
    try:
        for chunk in chunks:
            frames += decoder.feed(chunk)
        decoder.feed(b"")
        decoder.close()
    except FrameError as error:
        return frames, str(error)
    return frames, ""


# Tapes --------------------------------------------------------------------------------------------------------------


def test_the_tapes_are_here():
    assert len(TAPES) == 45


@pytest.mark.parametrize("tape", [tape for tape in TAPES if tape.stem != FORGED], ids=lambda tape: tape.stem)
def test_every_byte_of_a_tape_belongs_to_a_frame(tape):
    # Given every byte a FreeSWITCH sent
    data = from_switch(tape)
    # When it is decoded
    frames, fault = decoded([data])
    # Then nothing is left over, and each event can be read
    assert fault == ""
    for frame in frames:
        data = data.lstrip(b"\n")  # a refused command is answered with a line feed too many
        assert data.startswith(frame.block + b"\n\n" + frame.body)
        data = data[len(frame.block) + 2 + len(frame.body) :]
        if frame.is_event:
            assert frame.event["Event-Name"] == frame.event.name
    assert data.strip(b"\n") == b""


@pytest.mark.parametrize("tape", [tape for tape in TAPES if tape.stem == "json"], ids=lambda tape: tape.stem)
def test_a_tape_in_single_bytes_gives_the_same_frames(tape):
    data = from_switch(tape)[:20_000]
    assert decoded(data[n : n + 1] for n in range(len(data))) == decoded([data])


def test_frames_before_a_forged_one_are_whole():
    # Given the tape in which a caller forges frames in the linger notice
    [tape] = [tape for tape in TAPES if tape.stem == FORGED]
    frames, fault = decoded([from_switch(tape)])
    # Then the notice itself is there, before what he forged
    kinds = [frame.content_type for frame in frames]
    lingers = kinds.index("text/disconnect-notice")
    assert frames[lingers]["Content-Disposition"] == "linger"
    assert frames[lingers + 1]["Reply-Text"] == "+OK FAKE"
    assert fault == "a frame without Content-Type, beginning '@127.0.0.1:5110\\nLinger-Time: 5\\nContent-Length: 0'"


# Any split ----------------------------------------------------------------------------------------------------------

values = st.text(max_size=40)
events = st.dictionaries(st.from_regex(r"[A-Za-z-]{1,12}", fullmatch=True), values, max_size=5).map(
    lambda found: {"Event-Name": "X"} | {f"v-{name}": value for name, value in found.items()}
)
frames = st.one_of(
    st.builds(event_frame, events, st.sampled_from(["json", "plain"])),
    st.sampled_from([reply("+OK"), notice("u", "disconnect", body="Disconnected.\n\nBye: x\n"), reply("-ERR no")]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(frames, max_size=6), st.lists(st.integers(0, 10_000), max_size=12))
def test_any_split_of_the_bytes_gives_the_same_frames(sent, cuts):
    data = b"".join(sent)
    whole = decoded([data])
    assert decoded(pieces(data, cuts)) == whole
    assert len(whole[0]) == len(sent)


@settings(max_examples=150, deadline=None)
@given(events, st.sampled_from(["json", "plain"]))
def test_an_event_comes_out_as_it_went_in(event, form):
    [frame] = Decoder().feed(event_frame(event, form))
    if form == "plain":
        # FreeSWITCH writes _undef_ for an empty value, and a literal %0A like an encoded line feed.
        event = {name: value or "_undef_" for name, value in event.items()}
        if any("%" in value for value in event.values()):
            return
    assert dict(frame.event) == event


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.lists(st.integers(0, 10_000), max_size=5))
def test_garbage_is_an_error_or_waits_and_never_anything_else(data, cuts):
    assert decoded(pieces(data, cuts)) == decoded([data])


# Single rules -------------------------------------------------------------------------------------------------------


def test_a_value_is_unquoted_after_the_split():
    # D2
    [frame] = Decoder().feed(plain({"Content-Type": "x", "Name": "Bob\nNumber: 110", "Number": "138"}).encode())
    assert frame.headers == {"Content-Type": "x", "Name": "Bob\nNumber: 110", "Number": "138"}


def test_the_first_of_two_equal_headers_wins():
    # D2
    [frame] = Decoder().feed(b"Content-Type: x\nNumber: 138\nNumber: 110\n\n")
    assert (frame["Number"], frame.headers["Number"]) == ("138", "138")


def test_a_plus_is_a_plus_and_an_empty_last_header_is_empty():
    # D3
    [frame] = Decoder().feed(b"Content-Type: x\nNumber: +86\nEmpty: \n\n")
    assert (frame["Number"], frame["Empty"], frame.headers["Empty"]) == ("+86", "", "")


def test_a_content_length_counts_bytes():
    body = '{"Event-Name":"张"}'.encode()
    head = b"Content-Length: %d\nContent-Type: text/event-json\n\n" % len(body)
    found = Decoder().feed(head + body + b"Content-Type: y\n\n")
    assert [frame.content_type for frame in found] == ["text/event-json", "y"]


def test_events_nobody_heeds_are_passed_over():
    # Given a reply and four events, one of them plain and one with its name elsewhere
    told = [
        event_frame({"Event-Name": "CHANNEL_STATE", "a": "1"}, "json"),
        event_frame({"Event-Name": "DTMF", "a": "2"}, "json"),
        reply("+OK"),
        event_frame({"a": "3", "Event-Name": "CHANNEL_STATE"}, "json"),
        event_frame({"Event-Name": "CHANNEL_STATE", "a": "4"}, "plain"),
    ]
    data = b"".join(told)
    # When only keys are heeded, wherever the bytes are split
    for cut in range(len(data)):
        decoder = Decoder()
        decoder.heeded = frozenset([b"DTMF"])
        frames = decoder.feed(data[:cut]) + decoder.feed(data[cut:])
        # Then the first is left out: of the others it is not known, or they are none
        assert [frame.block + b"\n\n" + frame.body for frame in frames] == [*told[1:2], reply("+OK"), *told[3:]]


def test_a_name_that_is_not_utf8_costs_nobody_his_call():
    # D4
    event = Event(b'{"Event-Name":"DTMF","Name":"\xff\xfe","DTMF-Digit":"1"}', True)
    assert (event["DTMF-Digit"], event["Name"]) == ("1", "\ufffd\ufffd")
    [frame] = Decoder().feed(b"Content-Type: x\nName: %FF%41\xff\n\n")
    assert frame["Name"] == "\\xffA\\xff"


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"Content-Type: x\nContent-Length: -1\n\n", "Content-Length must be a number of bytes, not '-1'"),
        (b"Content-Type: x\nContent-Length: \n\n", "Content-Length must be a number of bytes, not ''"),
        (
            b"Content-Type: x\nContent-Length: 2097153\n\n",
            "a body of 2097153 bytes is announced; 2097152 is the most that is taken",
        ),
        (b"GET / HTTP/1.1\r\nHost: a\n\n", "a frame without Content-Type, beginning 'GET / HTTP/1.1\\r\\nHost: a'"),
        (b"X" * 65537, f"headers of more than 65536 bytes, beginning '{'X' * 60}'"),
        (b"Content-Type: x\nCont", "the peer closed inside a block of headers: 'Content-Type: x\\nCont'"),
        (b"Content-Type: x\nContent-Length: 5\n\nab", "the peer closed after 2 of the 5 bytes of a body"),
    ],
)
def test_what_is_no_frame_is_told(data, fault):
    assert decoded([data])[1] == fault


def test_a_broken_decoder_stays_broken():
    decoder = Decoder()
    with pytest.raises(FrameError):
        decoder.feed(b"X: 1\n\n")
    with pytest.raises(FrameError, match="a frame without Content-Type"):
        decoder.feed(b"Content-Type: x\n\n")
    decoder.close()


def test_a_json_body_that_cannot_be_read_is_told():
    with pytest.raises(FrameError, match="a JSON event that cannot be read"):
        Event(b'{"a":', True)
    with pytest.raises(FrameError, match="a JSON event that is no object"):
        Event(b"[1]", True)
    with pytest.raises(FrameError, match="a command/reply frame carries no event"):
        _ = Frame(b"Content-Type: command/reply").event
