"""The built-in switch: a FreeSWITCH stand-in that speaks ESL bytes, with scripted callers and phones, 20 ms ticks and
virtual time. The peer for tests, the embedded default of `ivr demo`, the load generator of benches.

Where it and `docs/` on FreeSWITCH's measured behaviour differ, it is wrong; tests/switch/test_conformance.py compares
it with tapes of a real one.
"""

from ivr.switch.callers import Caller
from ivr.switch.heard import Heard, HeardSound
from ivr.switch.phones import Answers, Busy, Dead, DoNotDisturb, Phone, Refuses, Rings, Script, Unregistered, Voicemail
from ivr.switch.switch import Switch, SwitchCall
from ivr.switch.virtual_clock import VirtualClock

__all__ = [
    "Answers", "Busy", "Caller", "Dead", "DoNotDisturb", "Heard", "HeardSound", "Phone", "Refuses", "Rings", "Script",
    "Switch", "SwitchCall", "Unregistered", "VirtualClock", "Voicemail",
]  # fmt: skip
