"""One connection to a switch's event socket, whatever is at its other end."""

import gevent
import pytest

from ivr.errors import Deadline, GoneAway, Refused, SettingsError, WireError
from ivr.esl.inbound import Inbound
from ivr.switch.wire import api_response, event_frame
from tests.esl.control_peer import PASSWORD


@pytest.fixture
def client(clock, peer):
    with Inbound(*peer.address, PASSWORD, clock=clock) as client:
        yield client


def test_as_greenswitch_does_it(client, peer, clock):
    assert client.send("api uuid_exists 1").data == "false"
    seen = []
    client.register_handle("HEARTBEAT", seen.append)
    client.listen(["HEARTBEAT"])
    peer.event("HEARTBEAT")
    clock.sleep(0.1)
    assert [event.name for event in seen] == ["HEARTBEAT"]
    client.stop()
    assert peer.last.lines[-1] == "exit" and not peer.last.open


def test_a_reply_that_comes_late_is_not_the_next_ones(client, peer, clock):
    # Given a question whose deadline has passed
    peer.on = lambda connection, command: "slow" in command.line
    with pytest.raises(Deadline, match=r"no reply to api from 127\.0\.0\.1:[0-9]+ within 5 s"):
        client.send("api slow")
    # When its answer comes with that to the next one
    peer.on = None
    second = gevent.spawn(client.send, "api uuid_exists 1")
    peer.last.send(api_response("late"))
    clock.sleep(0.1)
    assert second.value.data == "false"


@pytest.mark.parametrize(
    ("bytes_", "because"),
    [
        (b"Content-Type: text/event-json\nContent-Length: x\n\n", "bytes that cannot be used: Content-Length must be"),
        (b"Content-Type: command/reply\nReply-Text: +OK\n\n", "bytes that cannot be used: a reply nobody asked for"),
        (b"Content-Type: api/response\nContent-Length: 99999999\n\n", "bytes that cannot be used: a body of 99999999"),
        (event_frame({}, "json").replace(b"{}", b"[]"), "bytes that cannot be used: a JSON event that is no object"),
    ],
)
def test_bytes_that_are_no_frame_end_it_for_everybody(client, peer, clock, bytes_, because):
    peer.mute = True
    waiting = gevent.spawn(lambda: raised(client.send, "api status"))
    clock.sleep(0.01)
    if bytes_.startswith(b"Content-Type: command/reply"):
        peer.last.send(bytes_)  # the one that is waited for
    peer.last.send(bytes_)
    clock.sleep(0.1)
    assert waiting.ready() and not client.connected
    assert client.closed_because.startswith(because)


def raised(function, *args):
    try:
        return function(*args)
    except WireError as error:
        return error


def test_a_switch_that_closes_in_the_middle_of_a_body(client, peer, clock):
    peer.last.send(b"Content-Type: api/response\nContent-Length: 100\n\nabc")
    peer.last.close()
    clock.sleep(0.1)
    assert client.closed_because == "bytes that cannot be used: the peer closed after 3 of the 100 bytes of a body"
    with pytest.raises(GoneAway, match="the peer closed after 3 of the 100"):
        client.send("api status")


def test_a_shutdown_is_told_in_the_switchs_words(client, peer, clock):
    peer.last.bye("The system is being shut down.\n")
    clock.sleep(0.1)
    assert client.closed_because == "the switch said: The system is being shut down."


def test_nothing_with_a_line_feed_goes_out(client, peer):
    before = len(peer.last.commands)
    with pytest.raises(Refused):
        client.send("api status\n\napi shutdown")
    with pytest.raises(Refused) as error:
        Inbound("127.0.0.1", 1, "sec\nret", clock=client.clock).authenticate()
    assert "sec" not in str(error.value).replace("socket", "")
    assert len(peer.last.commands) == before


def test_nobody_is_there(clock, peer):
    peer.stop()
    with pytest.raises(GoneAway, match=r"127.0.0.1:[0-9]+: Connection refused"):
        Inbound(*peer.address, PASSWORD, clock=clock).connect()
    with pytest.raises(GoneAway, match=r"no-such-host\.invalid"):
        Inbound("no-such-host.invalid", 8021, PASSWORD, clock=clock).connect()


def test_who_is_not_let_in_is_told_where_to_look(clock, peer):
    peer.rude = True
    with pytest.raises(SettingsError, match="apply-inbound-acl"):
        Inbound(*peer.address, PASSWORD, clock=clock).connect()


def test_a_host_by_name(clock, peer):
    with Inbound("localhost", peer.port, PASSWORD, clock=clock) as client:
        assert client.connected
