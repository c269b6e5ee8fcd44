"""Five hundred calls at once, in virtual time, in seconds."""

from time import monotonic

from ivr.switch import Caller
from tests.switch.plain_line import bench


def test_five_hundred_at_once(tmp_path):
    # Given a line with a short dialogue
    def line(wire):
        wire.execute("answer")
        args = r"1 4 1 5000 # silence_stream://3000 silence_stream://1 v ^(1|8\d{3})$ 1500"
        got.append(wire.execute("play_and_get_digits", args).get("variable_v"))
        wire.begin("hangup")

    got = []
    with bench(tmp_path, line) as bench_:
        # When they all come at once
        begun = monotonic()
        calls = [bench_.switch.call(to="9000", script=Caller().waits(0.5 + n % 4).presses("8001")) for n in range(500)]
        for call in calls:
            call.wait_ended(60)
        bench_.clock.sleep(10)

        # Then all were served, and nothing is left
        assert got == ["8001"] * 500 and {call.cause for call in calls} == {"NORMAL_CLEARING"}
        assert bench_.switch.sessions == {} and bench_.switch.errors == [] and bench_.failures == []
        assert monotonic() - begun < 30
