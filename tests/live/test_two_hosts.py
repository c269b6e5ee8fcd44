"""`socket host1|host2` on a real FreeSWITCH: `ivr serve` on two addresses of loopback, at one port, in one action."""

import os
import time
from itertools import pairwise

import pytest

from tests.live import sound
from tests.live.caller import Caller
from tests.live.freeswitch import BEEP, FreeSwitch
from tests.live.line import Line, names, pitch


@pytest.fixture(scope="module")
def asking(tmp_path_factory):
    """A FreeSWITCH whose dialplan names both hosts in each of its two actions."""
    switch = FreeSwitch(os.environ["FREESWITCH"], tmp_path_factory.mktemp("two-hosts"))
    port = switch.line_ports[0]
    one, other = f"127.0.0.1:{port}", f"127.0.0.2:{port}"
    switch.lines = f"{one}|{other}", f"{other}|{one}"
    try:
        switch.start()
        yield switch
    finally:
        switch.stop()


@pytest.fixture
def lines(asking):
    """Both lines, on one data folder."""
    port = asking.line_ports[0]
    with Line(asking, at=f"127.0.0.1:{port}") as one:
        with Line(asking, host=1, prompts=one.prompts, at=f"127.0.0.2:{port}") as other:
            yield one, other
            asking.quiet()


def leaves_a_message(caller: Caller, hertz: int, since: float) -> None:
    caller.press("2").hears(BEEP, 20, since)
    caller.speak(2, hertz).said().press("#").hears(pitch("message-kept"))


def test_the_first_is_killed_in_the_menu_and_the_second_goes_on_with_it(asking, lines):
    one, other = lines
    with Caller(asking.sip, "4000") as caller:
        caller.answered(5).hears(pitch("menu"))
        # When the host that has the call dies
        one.kill()
        killed = time.monotonic()
        # Then the other says the menu again, and takes a message
        caller.hears(pitch("menu"), since=killed + 0.2)
        arrived = [at for at, _ in caller.media.arrived if killed - 0.1 < at < killed + 1]
        print(f"the kill made a silence of {1000 * max(b - a for a, b in pairwise(arrived)):.0f} ms")
        leaves_a_message(caller, 700, killed)
        assert names(caller.pitches())[:2] == ["greeting", "menu"]
    [message] = other.messages(1)
    assert sound.pitches(sound.load(asking.spool / message["recording"])) == [700]
    # And who calls while it is dead is taken by the other in the same action
    with Caller(asking.sip, "4000") as caller:
        caller.answered(1).hears(pitch("greeting"))
    asking.quiet()
    # And the host that died is asked first when it is there again
    one.start()
    other.kill()
    with Caller(asking.sip, "4000") as caller:
        caller.answered(5).hears(pitch("greeting"))
    asking.quiet()


def test_the_first_is_stopped_in_the_menu_and_the_second_goes_on_with_it(asking, lines):
    one, _ = lines
    with Caller(asking.sip, "4000") as caller:
        caller.answered(5).hears(pitch("menu"))
        # When the host that has the call is told to stop, as for an upgrade of the machine
        one.process.terminate()
        assert one.process.wait(20) == 0
        stopped = time.monotonic()
        # Then the other has the caller
        leaves_a_message(caller, 900, stopped)
    assert "fallback-apology" not in names(caller.pitches())
