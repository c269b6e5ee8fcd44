"""Somebody in the network who reaches the line's doors: he gets nothing, costs little, and no caller notices him."""

import gc
import resource

import gevent
import pytest
from gevent import socket

from ivr.switch import Caller, Rings
from tests.esl.peer import UUID, Peer, settle
from tests.switched import switched

PROOF = "owned-by-a-stranger"
GARBAGE = {
    "nothing": [],
    "one byte at a time": [bytes([byte]) for byte in b"Content-Type: command/reply\n"],
    "a header without an end": [b"Content-Type: " + b"x" * 60_000] * 4,
    "headers without an end": [b"".join(b"X-%d: y\n" % n for n in range(10_000))],
    "a body of a gigabyte": [b"Content-Type: command/reply\nContent-Length: 999999999\n\n" + b"x" * 100_000],
    "a length that is none": [b"Content-Type: command/reply\nContent-Length: -1\n\n"],
    "two lengths": [b"Content-Length: 5\nContent-Length: 500000\nContent-Type: command/reply\n\nabcde"],
    "nested JSON": [b"Content-Type: text/event-json\nContent-Length: 20000\n\n" + b"[" * 20_000],
    "a web browser": [b"GET / HTTP/1.1\r\nHost: line\r\n\r\n"],
    "TLS": [bytes.fromhex("16030100a5010000a10303") + bytes(150)],
    "an event socket's client": [b"auth ClueCon\n\nbgapi system touch /tmp/" + PROOF.encode() + b"\n\n"],
    "a hang-up before connect": [
        b'Content-Type: text/event-json\nContent-Length: 31\n\n{"Event-Name":"CHANNEL_HANGUP"}'
    ],
}


@pytest.fixture
def house(tmp_path):
    with switched(tmp_path / "data") as house:
        house.switch.phones["8002"] = Rings()
        yield house


def is_served(house) -> bool:
    """Does a caller who comes now leave his message as ever?"""
    before = len(house.line.messages.list())
    house.call(Caller().hears().presses("8002").hears("beep").waits(0.5).says(4))
    house.settle()
    return len(house.line.messages.list()) == before + 1


def comes(house, pieces) -> socket.socket:
    one = socket.create_connection(("127.0.0.1", house.line.server.server_port))
    for piece in pieces:
        try:
            one.sendall(piece)
        except OSError:  # it was shown out already
            break
        gevent.sleep(0)
    return one


@pytest.mark.parametrize("kind", GARBAGE)
def test_he_is_shown_out_and_a_caller_notices_nothing(house, kind):
    # Given twenty of them at the door, who stay
    strangers = [comes(house, GARBAGE[kind]) for _ in range(20)]
    # When a caller comes, then he is served
    assert is_served(house)
    # And they are gone within the deadline, with all they held
    house.clock.sleep(10)
    settle()
    assert house.line.server.sessions == set()
    for one in strangers:
        one.close()


def test_thousands_of_half_connections_hold_a_few_kilobytes_each(house):
    def held() -> int:
        gc.collect()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert is_served(house)
    before = held()
    strangers = [comes(house, [b"Content-Type: command/reply\n"]) for _ in range(300)]
    settle()
    assert (held() - before) / len(strangers) < 64  # kilobytes, the peak; theirs and ours, in one process
    house.clock.sleep(10)
    settle()
    assert house.line.server.sessions == set()
    for one in strangers:
        one.close()


HOSTILE = [
    "../../../../etc/cron.d/x", "${system touch /tmp/" + PROOF + "}", "a;b=c", "x\n\nbgapi system touch /tmp/" + PROOF,
    "'; DROP TABLE calls; --", "{{ 7*7 }}", "menu/../message/8002", "1!2", "b793234f-5ab3-42a8-a77d-980fbcec9601/../x",
    "A" * 10_000, "\u2028", "%00",
]  # fmt: skip
OURS = "dialled at state carried lang table turn done digits record_file domain by_colleague"
NAMES = [
    "Unique-ID", "Channel-Name", "Caller-Caller-ID-Number", "Caller-Caller-ID-Name", "Caller-Destination-Number",
    *(f"variable_ivr_{name}" for name in OURS.split()),
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_switch_he_pretends_to_be_says_hostile_things(house, tmp_path, name):
    # Given a stranger who speaks the event socket as a switch does, and whose call is made of hostile values
    files = {path for path in tmp_path.rglob("*") if path.is_file()}
    for value in HOSTILE:
        line = {"variable_ivr_dialled": "1000", "variable_ivr_domain": "house.example"} | {name: value}
        with Peer(line, sock=comes(house, [])) as peer:
            house.clock.sleep(15)
            said = peer.bytes
        # Then nothing of it comes back in a command
        for bad in (value.encode(), b"..", b"${", b"DROP", b"bgapi", b"{{", b"AAAA", PROOF.encode()):
            assert bad not in said, (value, said)
    house.clock.sleep(60)
    settle()
    # And nothing has been made of it: no file with a name of his, no message, no row but those of plain calls
    house.settle()
    new = {path.name for path in tmp_path.rglob("*") if path.is_file()} - {path.name for path in files}
    assert not any(part in one for one in new for part in ("..", "$", "etc", PROOF, "AAAA"))
    assert house.line.messages.list() == []
    assert {row.uuid for row in house.line.journal.calls()} <= {UUID}
    assert is_served(house)


def test_what_he_overheard_and_plays_again_is_no_second_message(house):
    # Given a call whose every byte he has heard
    heard = []

    def listen(call):
        call.session.tap = lambda side, data: heard.append(data) if side == "switch" else None
        return call

    house.listen = listen
    assert is_served(house)
    house.listen = lambda call: call
    [message] = house.line.messages.list()
    recording = (house.settings.spool / message.name).read_bytes()
    rows = house.line.journal.calls()
    # When he plays it to the line, each time from another place
    for start in range(0, len(heard), 3):
        one = comes(house, heard[start:])
        house.clock.sleep(120)
        one.close()
    house.settle()
    # Then there is one message, as it was, and one call
    assert [one.reference for one in house.line.messages.list()] == [message.reference]
    assert (house.settings.spool / message.name).read_bytes() == recording
    assert len(house.line.journal.calls()) == len(rows)


POSTS = [
    b"POST /records HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n{",
    b"POST /records HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n",
    b"POST /records/../../zongji.db HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}",
    b"GET /../../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /records HTTP/1.1\r\nHost: x\r\nContent-Length: 68\r\n\r\n"
    b'{"variables":{"uuid":"../../x","ivr_record_file":"../../../etc/x"}} ',
    b"POST /records HTTP/1.1\r\n" + b"X: y\r\n" * 5000,
    b"\x00" * 70_000,
]


def test_call_records_he_makes_up_are_refused_and_the_door_stays_open(house, tmp_path):
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    for post in POSTS:
        one = socket.create_connection(("127.0.0.1", house.line.records_server.server_port))
        try:
            one.sendall(post)
            with gevent.Timeout(2, False):
                answer = one.recv(1000)
                assert not answer.startswith(b"HTTP/1.1 2") and b"root:" not in answer
        except OSError:
            pass
        finally:
            one.close()
    assert is_served(house)
    new = {path.relative_to(tmp_path).parts[1] for path in tmp_path.rglob("*") if path.is_file()} - {
        path.relative_to(tmp_path).parts[1] for path in before
    }
    assert new <= {"spool", "speech", "records", "static", "tables", "zongji.db", "zongji.db-wal", "zongji.db-shm"}
