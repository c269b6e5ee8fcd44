"""A hostile caller: nothing he sent reaches an application's argument, a variable, a path or a dial string."""

import pytest

from ivr.switch import Busy, Caller
from tests.switched import switched

COMMAND = "%24%7Bsystem touch /tmp/owned%7D"
NAMES = [
    COMMAND,
    "${system touch /tmp/owned}",
    "Bob%0AX: y%0A%0Aapi system touch /tmp/owned%0A%0A",
    "Zhang\nsendmsg\ncall-command: hangup\n\n",
    "\u2028Event-Name: CHANNEL_HANGUP\u2028",
    "'; DROP TABLE calls; --",
    "../../../etc/passwd",
    "A" * 4000,
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_hostile_name_is_nothing_to_the_switch(tmp_path, name):
    # Given a caller whose name, number and headers are commands
    with switched(tmp_path) as house:
        house.switch.phones["8002"] = Busy()
        script = Caller().hears().waits(1).presses("8002").hears("beep").waits(0.5).says(4)
        # When he lives through the whole flow
        sent = []
        call = house.switch.call(
            to="1000", frm=name, display=name, headers={"X-Foo": name, "X-Bar": COMMAND}, script=script
        )
        call.wait_ended(600)
        house.settle()
        # Then he is served like everybody, nothing was expanded, and nothing of it went out
        assert [message.state for message in house.line.messages.list()] == ["new"]
        assert house.switch.expansions == []
        for key, value in call.variables.items():
            if key.startswith("ivr_"):
                sent.append(value)
        assert not any(bad in value for value in sent for bad in ("$", "%2", "\n", "owned", "DROP", "AAAA"))
        [row] = house.line.journal.calls()
        assert row.caller == ""


def test_a_hostile_number_to_dial_is_no_number(tmp_path):
    with switched(tmp_path) as house:
        call = house.switch.call(to="1000;touch /tmp/owned", script=Caller().waits(5).hangs_up())
        call.wait_ended(600)
        assert house.switch.expansions == []
        assert "owned" not in "".join(value for key, value in call.variables.items() if key.startswith("ivr_"))


def test_ivr_variables_a_caller_brings_are_cleared(tmp_path):
    with switched(tmp_path) as house:
        house.switch.phones["8001"] = Busy()
        brought = {
            "ivr_at": "message/8001",
            "ivr_next": "ring",
            "ivr_dial": "sofia/gateway/carrier/900",
            "ivr_turn": "7",
        }
        call = house.call(Caller().waits(3).hangs_up(), variables=brought)
        assert house.path(call.uuid)[0] == "greeting/1000"
        assert house.switch.dialled == []
