"""The load: standard calls from the built-in switch, in real time, in a process of its own.

python -m bench.load PORT DATA CALLS RATE     # prints one JSON object
"""

import json
import sys
from pathlib import Path
from time import perf_counter

import gevent

from bench import house
from ivr.errors import Deadline
from ivr.gevent_clock import SystemClock
from ivr.share import shared
from ivr.switch import Switch

__all__ = ["standard_calls"]

LONGEST = 60.0
"""Seconds after which a call is given up."""


def standard_calls(port: int, data: Path, calls: int, rate: float) -> dict:
    """Place `calls` at `rate` a second; how many were whole: three connections, a message in the spool, a goodbye."""
    line = f"127.0.0.1:{port}"
    variables = {
        "ivr_data": str(data), "ivr_line_1": line, "ivr_line_2": line, "ivr_domain": "house.example",
        "ivr_operator": "user/8000@house.example", "ivr_emergency_gateway": "carrier", "ivr_default_language": "zh",
    }  # fmt: skip
    switch = Switch(SystemClock(), shared("freeswitch-conf") / "dialplan", variables, records=lambda body: None)
    switch.phones |= house.phones()
    began, placed = perf_counter(), []
    for number in range(calls):
        gevent.sleep(max(0.0, began + number / rate - perf_counter()))
        # Each from a number of its own: a flood from one is limited.
        placed.append(switch.call("4000", f"138{number:08}", house.caller()))
    late = 0
    for call in placed:
        try:
            call.wait_ended(LONGEST)
        except Deadline:
            late += 1
    took = perf_counter() - began
    whole = [call for call in placed if _whole(call, data)]
    return {
        "calls": calls, "whole": len(whole), "late": late, "seconds": took, "uuids": [call.uuid for call in placed],
        "errors": [str(error) for _, error in switch.errors][:3],
        "causes": sorted({str(call.cause) for call in placed}),
    }  # fmt: skip


def _whole(call, data: Path) -> bool:
    """Greeted, rung, recorded, thanked: what the switch itself has done says so."""
    done = [name for name, _, _ in call.session.log]
    recorded = list((data / "spool").glob(f"{call.uuid}-*.wav"))
    return call.cause == "NORMAL_CLEARING" and "bridge" in done and len(recorded) == 1 and done.count("socket") == 3


if __name__ == "__main__":
    port, data, calls, rate = sys.argv[1:]
    print(json.dumps(standard_calls(int(port), Path(data), int(calls), float(rate))))
