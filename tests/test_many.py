"""Five hundred calls at once: none lost, nothing left behind."""

import gc

import gevent
from greenlet import greenlet

from ivr.switch import Answers, Busy, Caller, Rings
from tests.switched import switched

CALLS = 500


def greenlets() -> int:
    gc.collect()
    return sum(1 for each in gc.get_objects() if isinstance(each, greenlet) and not each.dead)


def test_five_hundred_calls_through_the_whole_flow(tmp_path):
    with switched(tmp_path, soft_limit=CALLS + 1) as house:
        house.switch.phones |= {"8001": Busy(), "8002": Busy(), "8003": Answers(after=3, talks=30), "8004": Rings()}
        before = greenlets()
        scripts = [
            # waits with music, is asked, leaves a message
            lambda: Caller().hears().waits(3).presses("1").waits(60).presses("2").hears("beep").waits(0.5).says(5),
            lambda: Caller().hears().waits(1).presses("2"),  # talks
            lambda: Caller().hears().waits(2).presses("8002#").hears("beep").waits(1).says(4).presses("#"),
            lambda: Caller(),  # silent: the operator is busy; a message of silence, twice
            lambda: Caller().hears().waits(5).presses("9").hears().waits(1).presses("3").waits(9).hangs_up(),
        ]
        calls = []
        for n in range(CALLS):
            calls.append(house.switch.call(to="1000", frm=f"138{n:08d}", script=scripts[n % len(scripts)]()))
            house.clock.sleep(0.02)
        for call in calls:
            call.wait_ended(3600)
        house.clock.sleep(15)
        house.settle()

        assert house.switch.errors == []
        assert [call.cause for call in calls if call.cause != "NORMAL_CLEARING"] == []
        assert len(house.line.journal.calls(limit=1000)) == CALLS
        assert house.line.journal.open_calls() == []
        states = [message.state for message in house.line.messages.list(limit=2000)]
        assert states.count("new") == 2 * CALLS // 5
        assert "recording" not in states
        assert house.line.server.sessions == house.second.server.sessions == set()
        assert house.line.server.figures.failed == 0
        assert house.line.server.figures.most > 100
        gevent.idle()
        assert greenlets() <= before + 5
