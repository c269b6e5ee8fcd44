"""What a switch can be asked: the bytes that go out, and what is made of the answers."""

import gevent
import pytest

from ivr.errors import Deadline, GoneAway, Refused, WireError
from ivr.esl import control_commands
from ivr.esl.control_verbs import ROUND
from ivr.esl.supervised import Supervised
from ivr.switch.wire import api_response
from tests.esl.control_peer import PASSWORD, uuid

PHONE = control_commands.phone("8001", "pbx.example")


@pytest.fixture
def switch(clock, peer):
    one = Supervised(peer.address, PASSWORD, clock)
    one.start()
    clock.sleep(0.1)
    yield one
    one.stop()


def test_a_call_is_placed_in_the_background_and_known_by_our_id(switch, peer):
    placed = switch.originate(PHONE, "4000", seconds=20, caller="1000", channel=uuid(7))
    assert (placed.ok, placed.uuid) == (True, uuid(7))
    command = peer.last.commands[-1]
    assert command.line == (
        "bgapi originate {origination_uuid=" + uuid(7) + ",originate_timeout=20,ignore_early_media=true,"
        "origination_caller_id_number=1000}user/8001@pbx.example 4000 XML ivr-entry"
    )
    assert len(command.get("job-uuid")) == 36


def test_a_call_that_is_not_answered_is_a_value(switch, peer):
    peer.originated = "-ERR USER_NOT_REGISTERED"
    placed = switch.originate(PHONE, "4000")
    assert (placed.ok, placed.cause) == (False, "USER_NOT_REGISTERED")


def test_each_job_ends_for_whom_it_was_begun(switch, peer, clock):
    # Given two calls being placed
    peer.originated = None
    ends = [gevent.spawn(switch.originate, PHONE, str(4000 + n)) for n in (0, 1)]
    clock.sleep(0.1)
    jobs = [one.get("job-uuid") for one in peer.last.commands if one.line.startswith("bgapi")]
    # When the second ends first, and a job of somebody else's with it
    peer.event("BACKGROUND_JOB", _body="+OK\n", **{"Job-UUID": uuid(99)})
    peer.event("BACKGROUND_JOB", _body="-ERR USER_BUSY\n", **{"Job-UUID": jobs[1]})
    clock.sleep(0.1)
    assert not ends[0].ready() and ends[1].value.cause == "USER_BUSY"
    peer.event("BACKGROUND_JOB", _body="-ERR NO_ANSWER\n", **{"Job-UUID": jobs[0]})
    clock.sleep(0.1)
    assert ends[0].value.cause == "NO_ANSWER"
    assert switch._jobs == {}


def test_a_call_nobody_tells_the_end_of_ends_by_its_deadline(switch, peer, clock):
    peer.originated = None
    with pytest.raises(Deadline):
        switch.originate(PHONE, "4000", seconds=20)
    assert 20 + ROUND <= clock.monotonic() < 20 + ROUND + 1


def test_whoever_waits_for_a_job_hears_of_the_break(switch, peer, clock):
    peer.originated = None
    end = gevent.spawn(lambda: raised(switch.originate, PHONE, "4000"))
    clock.sleep(0.1)
    peer.last.close()
    clock.sleep(0.1)
    assert isinstance(end.value, GoneAway)
    # And until it is up again, whoever asks is told at once
    assert str(raised(switch.status)).startswith(f"{switch.name}: not connected (away")


def raised(function, *args):
    try:
        return function(*args)
    except WireError as error:
        return error


def test_channels_counts_existence_and_an_end(switch, peer):
    assert (switch.channels(), switch.channel_count()) == ({}, 0)
    peer.has(uuid(1), uuid(2))
    assert switch.channels().keys() == {uuid(1), uuid(2)} and switch.channel_count() == 2
    assert switch.exists(uuid(1)) and not switch.exists(uuid(3))
    assert switch.kill(uuid(1)) and not switch.kill(uuid(1))
    assert not switch.exists(uuid(1))


def test_a_lamp_is_lit_and_put_out(switch, peer):
    for new, word in ((2, "yes"), (0, "no")):
        switch.lamp("8001", "pbx.example", new=new)
        assert peer.last.commands[-1].text.split("\n") == [
            "sendevent MESSAGE_WAITING", f"MWI-Messages-Waiting: {word}",
            "MWI-Message-Account: sip:8001@pbx.example", f"MWI-Voice-Message: {new}/0 (0/0)",
        ]  # fmt: skip


@pytest.mark.parametrize("answer", ["", "nonsense", "[]", '{"response": null}', '{"response": {"version": 1}}',
                                    '{"rows": 7}', '{"row_count": "many"}'])  # fmt: skip
def test_an_answer_that_cannot_be_read_is_an_error_and_no_more(switch, peer, answer):
    peer.api = lambda line: answer
    for ask in (switch.status, switch.channel_count):
        with pytest.raises(WireError):
            ask()
    assert switch.up


def test_a_callers_name_that_is_no_utf8_does_not_hide_the_channels(switch, peer):
    row = b'{"row_count":1,"rows":[{"uuid":"%b","cid_name":"\xff\xfe"}]}' % uuid(1).encode()

    def raw(connection, command):
        if command.line.startswith("api show"):
            connection.send(api_response("").replace(b"Content-Length: 0", b"Content-Length: %d" % len(row)) + row)
            return True
        return False

    peer.on = raw
    assert switch.channels().keys() == {uuid(1)}


BAD = "4000 XML default\n\napi shutdown"


@pytest.mark.parametrize("ask", [
    lambda switch: switch.originate("user/8001@x,user/8002@x", "4000"),
    lambda switch: switch.originate("loopback/${system(id)}", "4000"),
    lambda switch: switch.originate(PHONE, BAD),
    lambda switch: switch.originate(PHONE, "4000", caller="1000}{a=b"),
    lambda switch: switch.originate(PHONE, "4000", context="ivr-entry inline"),
    lambda switch: switch.originate(PHONE, "4000", seconds=0),
    lambda switch: switch.originate(PHONE, "4000", channel="all"),
    lambda switch: switch.kill("all"),
    lambda switch: switch.kill(uuid(1), "X\n"),
    lambda switch: switch.exists(BAD),
    lambda switch: switch.lamp("8001", "pbx.example\nX: y", new=1),
    lambda switch: switch.lamp("8001", "pbx.example", new=-1),
])  # fmt: skip
def test_what_does_not_pass_its_white_list_does_not_go_out(switch, peer, ask):
    before = len(peer.last.commands)
    with pytest.raises(Refused):
        ask(switch)
    assert len(peer.last.commands) == before and switch._jobs == {}
