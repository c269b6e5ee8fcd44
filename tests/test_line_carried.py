"""What a caller carries, on the wire: through hand-overs and the death of a line, until he comes in anew."""

from ivr.handlers import Handler
from ivr.prompt import Sound
from ivr.switch import Answers, Busy, Caller
from tests.switched import switched


def handled(house, **scripts) -> None:
    """Other handlers, on both lines."""
    for line in (house.line, house.second):
        line.handlers |= {kind: Handler(kind, run, lambda *_: ()) for kind, run in scripts.items()}


def test_it_outlives_hand_overs_and_a_killed_line(tmp_path):
    seen = []

    def hold(call, step):
        """Rings twice; after the first ringing the line dies."""
        rounds = len(call.carried.get("rounds", ""))
        seen.append((type(call.back).__name__, rounds))
        if rounds == 1:
            house.kill(house.line)
            call.play(Sound("beep"))
        if rounds == 2:
            return "goodbye"
        call.carry(rounds="x" * (rounds + 1))
        call.at(step.address)
        return call.ring(step.ring, Sound("hold"))

    with switched(tmp_path) as house:
        handled(house, department=lambda call, step: "hold/sales", hold=hold)
        house.switch.phones |= {"8001": Busy(), "8002": Busy()}
        call = house.call(Caller().hears().waits(1).presses("1"))
        assert house.path(call.uuid)[-2:] == ["hold/sales", "goodbye"]
    # The line that takes over sees what the dead one saw, once more.
    assert seen == [("NoneType", 0), ("Busy", 1), ("Busy", 1), ("Busy", 2)]


def test_who_is_given_back_by_a_colleague_carries_nothing(tmp_path):
    def department(call, step):
        call.carry(trail="main")
        return call.ring(step.ring, Sound("hold"))

    seen = []

    def extension(call, step):
        seen.append(dict(call.carried))
        return "goodbye"

    with switched(tmp_path) as house:
        handled(house, department=department, extension=extension)
        house.switch.phones |= {"8001": Answers(after=1, talks=5, transfers="8003"), "8002": Busy()}
        call = house.call(Caller().hears().waits(1).presses("1"))
        assert house.path(call.uuid)[-2:] == ["extension/8003", "goodbye"]
    assert seen == [{}]
