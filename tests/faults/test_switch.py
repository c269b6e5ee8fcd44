"""Faults between the built-in switch and the whole line: the caller is served or told, his message is kept, nothing is
left behind, and a clean call alongside notices nothing."""

import random
import struct

import pytest
from gevent import socket

from ivr.switch import Answers, Busy, Caller, Rings
from ivr.switch.listener import Listener
from tests.faults.kinds import FORGED
from tests.switched import switched

RST = struct.pack("ii", 1, 0)
FLOWS = {
    "talks": lambda: Caller().hears().waits(1).presses("1"),
    "extension, then a message": lambda: Caller().hears().presses("8002").hears("beep").waits(0.5).says(3).presses("#"),
    "waits": lambda: Caller().hears().presses("0").hears("beep").waits(0.5).says(3),
}
WRITES = 42
"""Frames of a call's first connections in which a fault is placed."""


class Fault:
    """What happens to the n-th frame the switch writes in the call `uuid`."""

    def __init__(self):
        self.uuid, self.kind, self.place, self.count = "", "", 0, 0
        self.held = b""

    def write(self, listener: Listener, data: bytes, write) -> None:
        if listener.channel.uuid != self.uuid:
            write(listener, data)
            return
        if self.held:
            data, self.held = data + self.held, b""
        self.count += 1
        if self.count != self.place:
            write(listener, data)
        elif self.kind == "doubled":
            write(listener, data + data)
        elif self.kind == "out of order":
            self.held = data
        elif self.kind == "three seconds late":
            listener.clock.call_later(3.0, write, listener, data)
        elif self.kind == "split":
            write(listener, data[: len(data) // 2])
            listener.clock.call_later(0.5, write, listener, data[len(data) // 2 :])
        elif self.kind == "forged":
            write(listener, FORGED + b"\nX: 1\n@127.0.0.1\nContent-Length: 0\n\n" + data)
        elif self.kind in ("eof in a frame", "reset"):
            write(listener, data[: len(data) // 2])
            if self.kind == "reset":
                listener.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
            listener.close()


KINDS = ("withheld", "doubled", "out of order", "three seconds late", "split", "forged", "eof in a frame", "reset")


@pytest.fixture
def fault(monkeypatch):
    one, write = Fault(), Listener.write
    monkeypatch.setattr(Listener, "write", lambda self, data: one.write(self, data, write))
    return one


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_costs_a_caller_seconds_and_never_his_call_or_his_message(kind, tmp_path, fault):
    dice = random.Random(kind)
    with switched(tmp_path) as house:
        house.switch.phones |= {"8001": Answers(after=2, talks=8), "8002": Busy(), "8003": Rings()}
        for flow, script in FLOWS.items():
            for place in sorted(dice.sample(range(1, WRITES), 4)):
                where = f"{flow}, {kind} at frame {place}"
                # Given a clean call, and one with a fault
                clean = house.switch.call(to="1000", script=Caller().hears().waits(1).presses("3").waits(12).hangs_up())
                call = house.switch.call(to="1000", script=script())
                fault.uuid, fault.kind, fault.place, fault.count, fault.held = call.uuid, kind, place, 0, b""
                # When both have lived through it
                call.wait_ended(1200)
                clean.wait_ended(1200)
                house.clock.sleep(20)
                assert fault.count >= place, f"{where}: the call had {fault.count} frames only"
                # Then nothing is left behind
                assert house.switch.errors == [], where
                assert house.line.server.sessions == house.second.server.sessions == set(), where
                row = house.journal(call.uuid)
                assert row is None or row.closed is not None, where
                # The caller was served: the house ended the call, or had no reason to
                assert call.cause == "NORMAL_CLEARING", where
                # What he said is kept
                recorded = [name for name in house.switch.recordings if call.uuid in name]
                kept = house.line.messages.list(uuid=call.uuid)
                assert len({name.rpartition("/")[2] for name in recorded}) == len(recorded), where
                assert {message.state for message in kept} <= {"new", "empty"}, where
                if recorded and "fallback" not in recorded[-1]:
                    assert kept, where
                # And the clean call beside has noticed nothing
                assert house.path(clean.uuid)[:4] == [
                    "greeting/1000",
                    "menu/main",
                    "announcement/address",
                    "menu/main",
                ], where
