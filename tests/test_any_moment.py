"""Hang-up, or the death of a line, after every event of every flow, on the wire."""

import pytest

from ivr.switch import Answers, Busy, Caller, Rings
from tests.switched import switched

FLOWS = {
    "talks": lambda: Caller().hears().waits(1).presses("1"),
    "waits, and leaves a message": lambda: Caller().hears().presses("2").hears("beep").waits(0.5).says(4),
    "extension": lambda: Caller().hears().presses("8002").hears("beep").waits(0.5).says(3).presses("#"),
    "English, then silence": lambda: Caller().hears().presses("9"),
}


KEYS = {"talks": "1", "waits, and leaves a message": "2", "extension": "8002", "English, then silence": ""}


def kill(house, call, flow):
    """The line dies. A key it had heard and not acted on is lost with it: asked again, the caller keys it again."""

    def again():
        if call.variables.get("ivr_at") == "menu/main":
            call.press(KEYS[flow])

    house.kill()
    house.clock.call_later(3, again)


def phones(house):
    house.switch.phones |= {"8001": Answers(after=2, talks=8), "8002": Busy(), "8003": Rings()}


def events_of(folder, flow) -> tuple[int, list[str], int]:
    """An undisturbed call of a flow: how many events the switch fires, the steps, the messages."""
    with switched(folder) as house:
        phones(house)
        fired = []
        call = house.switch.call(to="1000", script=FLOWS[flow]())
        call.channel.on_fired.append(fired.append)
        call.wait_ended(600)
        house.clock.sleep(0.1)
        house.settle()
        return len(fired), house.path(call.uuid), len(house.line.messages.list())


@pytest.mark.parametrize("flow", FLOWS)
def test_a_hang_up_after_any_event_leaves_nothing_open(flow, tmp_path):
    count, _, _ = events_of(tmp_path / "whole", flow)
    assert count > 20
    with switched(tmp_path) as house:
        for k in range(1, count):
            phones(house)
            call = house.call(FLOWS[flow]().hangs_up_at_event(k))
            row = house.journal(call.uuid)
            assert row is None or row.closed is not None, k
            assert house.line.server.sessions == house.second.server.sessions == set(), k
            assert house.line.messages.list(states=["recording"], uuid=call.uuid) == [], k
        assert house.line.server.figures.failed == 0


@pytest.mark.parametrize("flow", FLOWS)
def test_the_death_of_a_line_after_any_event_costs_a_repeated_sentence_at_most(flow, tmp_path):
    count, path, messages = events_of(tmp_path / "whole", flow)
    for k in range(1, count, 3):
        with switched(tmp_path / str(k)) as house:
            phones(house)
            script = FLOWS[flow]()
            call = house.switch.call(to="1000", script=script)
            call.channel.on_fired.append(lambda n, house=house, call=call, k=k: n == k and kill(house, call, flow))
            call.wait_ended(900)
            house.clock.sleep(0.1)
            assert call.cause == "NORMAL_CLEARING", k
            assert house.path(call.uuid)[-1] == path[-1], k
            served = bool(house.line.messages.list(states=["new"])) or "bridged" in str(call.heard)
            # Half a number may be lost with a line; then its other half meant something else, and somebody answered.
            assert served or not messages, k
            assert house.second.server.figures.failed == 0, k
