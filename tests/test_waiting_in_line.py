"""Places in line over real sockets: who is really before a caller, and nobody else (rule A8)."""

from ivr.switch import Answers, Busy, Caller, Script
from tests.switched import switched


def to_sales() -> Caller:
    return Caller().hears().waits(1).presses("1")


def places(house, call) -> list[int | None]:
    """The places a caller was told, at one check-in after the other."""
    return [event.data["position"] for event in house.journal(call.uuid).events if event.event == "hold"]


def test_who_talks_does_not_stand_in_line(tmp_path):
    with switched(tmp_path) as house:
        # Given a caller who waited for Sales, and has been talking for a while
        house.switch.phones |= {"8001": Script(Busy(), Answers(after=1, talks=600)), "8002": Busy()}
        first = house.switch.call(to="1000", script=to_sales())
        house.clock.sleep(120)
        house.switch.phones["8001"] = Busy()
        # When another waits for Sales
        second = house.switch.call(to="1000", script=to_sales())
        house.clock.sleep(60)
        # Then he is the first in line
        assert not first.channel.down
        assert places(house, second)[:1] == [1]
        second.wait_ended(1000)
        first.wait_ended(1000)


def test_who_leaves_a_message_stands_in_line_no_more(tmp_path):
    with switched(tmp_path) as house:
        # Given a caller who waited for Sales, and is speaking a message by now
        house.switch.phones |= {"8001": Busy(), "8002": Busy()}
        leaves = to_sales().waits(20).presses("2").hears("beep").waits(0.5).says(60)
        first = house.switch.call(to="1000", script=leaves)
        house.clock.sleep(5)
        # When another waits for Sales
        second = house.switch.call(to="1000", script=to_sales())
        house.clock.sleep(50)
        # Then he is the first in line
        assert not first.channel.down
        assert places(house, second)[:1] == [1]
        second.wait_ended(1000)
        first.wait_ended(1000)


def test_two_who_wait_on_two_lines_have_two_places(tmp_path):
    with switched(tmp_path) as house:
        house.switch.phones |= {"8001": Busy(), "8002": Busy()}
        calls = []
        for _ in range(2):
            calls.append(house.switch.call(to="1000", script=to_sales()))
            house.clock.sleep(5)
            house.kill(house.line)  # the second of them is with the other line
        for call in calls:
            call.wait_ended(1000)
        assert [places(house, call) for call in calls] == [[1, 1, 1], [2, 2, 2]]
