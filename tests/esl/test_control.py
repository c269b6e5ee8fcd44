"""Several switches at once."""

import pytest

from ivr.errors import Refused
from ivr.esl.control import Control
from tests.esl.control_peer import CORE, PASSWORD, ControlPeer, uuid

OTHER = "d3f451d8-1c2d-4de2-89f0-91d1587d219f"


def test_each_is_kept_for_itself(clock):
    with ControlPeer() as one, ControlPeer(core=OTHER) as other:
        control = Control([one.address, other.address], PASSWORD, clock, seed=1)
        heard, ups = [], []
        control.on("HEARTBEAT", lambda event: heard.append(event["Core-UUID"]))
        control.on_up(lambda switch, gap: ups.append((switch.name, gap and gap.restarted)))
        control.start()
        clock.sleep(1)
        assert control.whole and len(ups) == 2
        # When one of them is off
        other.stop()
        clock.sleep(1)
        other.has(uuid(2))
        one.has(uuid(1))
        one.event("HEARTBEAT")
        clock.sleep(1)
        # Then the other goes on, and it is to be seen which is which
        assert [(report.state, report.connections, report.core) for report in control.reports()] == [
            ("up", 1, CORE), ("away", 1, OTHER),
        ]  # fmt: skip
        assert heard == [CORE] and not control.whole
        assert control.where(uuid(1)) is control.switches[0] and control.where(uuid(2)) is None
        # When it is back, started anew
        other.restart(uuid(5))
        clock.sleep(60)
        assert control.whole
        assert [(report.restarts, report.gaps) for report in control.reports()] == [(0, 0), (1, 1)]
        assert ups[2:] == [(control.switches[1].name, True)]
        control.stop()
        clock.sleep(1)
        assert [report.state for report in control.reports()] == ["off", "off"]
        assert not one.last.open and not other.last.open
        assert one.subscriptions() + other.subscriptions() == [1, 1, 1]


def test_what_can_never_work_is_told_before_it_is_tried(clock):
    with pytest.raises(Refused, match="event: 'heartbeat' is not allowed there"):
        Control([("127.0.0.1", 1)], PASSWORD, clock, events=["heartbeat"])
    with pytest.raises(Refused, match="control password: it is empty"):
        Control([("127.0.0.1", 1)], "", clock)
