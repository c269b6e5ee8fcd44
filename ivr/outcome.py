"""What FreeSWITCH says became of ringing, as one of the outcomes a caller can be told (rule B4). Pure.

    >>> rang({"originate_disposition": "USER_BUSY"})
    Busy()

One table decides between several phones: somebody answered, refused, was busy, did not answer, could not be reached.
"""

import re
from collections.abc import Iterable, Mapping

from ivr.call import Answered, Busy, DoNotDisturb, NoAnswer, Rang, Recorded, Refused, Unreachable

__all__ = ["PRECEDENCE", "of_several", "rang", "recorded"]

PRECEDENCE = (Answered, DoNotDisturb, Refused, Busy, NoAnswer, Unreachable)
"""What is said of several phones: the first of these that any of them met. A stated do-not-disturb says more than a
refusal by hand, a person more than a machine, and a phone that rang more than one that was not there."""

CAUSES: Mapping[str, type] = {
    "SUCCESS": Answered,
    "NONE": Answered,  # how originate_causes writes it
    "USER_BUSY": Busy,
    "CALL_REJECTED": Refused,
    "NO_ANSWER": NoAnswer,
    "ALLOTTED_TIMEOUT": NoAnswer,
    "ORIGINATOR_CANCEL": NoAnswer,
    "NORMAL_CLEARING": Refused,  # lifted, and put down again without the key that takes the call
    "PROGRESS_TIMEOUT": Unreachable,
    "NO_USER_RESPONSE": Unreachable,  # SIP 480
    "USER_NOT_REGISTERED": Unreachable,
    "SUBSCRIBER_ABSENT": Unreachable,
    "NORMAL_TEMPORARY_FAILURE": Unreachable,
    "RECOVERY_ON_TIMER_EXPIRE": Unreachable,
    "CHAN_NOT_IMPLEMENTED": Unreachable,
}
"""Measured: freeswitch-facts, "Bridge results". Any other cause is a phone that cannot be reached."""

NOT_DISTURBED = re.compile(r"do.?not.?disturb|\bdnd\b", re.IGNORECASE)
"""Do-not-disturb has no cause of its own: only a reason in words makes a 480 one."""


def of_several(results: Iterable[Rang]) -> Rang:
    """What is said when several phones rang.

    >>> of_several([NoAnswer(), Busy(), Unreachable()])
    Busy()
    """
    return min(results, key=lambda result: PRECEDENCE.index(type(result)))


def _of_cause(cause: str) -> Rang:
    return CAUSES.get(cause, Unreachable)()


def _causes(value: str) -> list[str]:
    """The causes out of originate_causes: `uuid;CAUSE`, or an array of them.

    >>> _causes("ARRAY::aa;NO_ANSWER|:bb;USER_BUSY")
    ['NO_ANSWER', 'USER_BUSY']
    """
    entries = value.removeprefix("ARRAY::").split("|:")
    return [entry.rpartition(";")[2] for entry in entries if ";" in entry]


def rang(variables: Mapping[str, str], seconds: float = 0.0) -> Rang:
    """What became of ringing, from the variables the switch came back with. `seconds`: how long they talked.

    originate_disposition decides whether anybody answered; `last_bridge_hangup_cause` and `originate_failed_cause` are
    stale after a second bridge and not read. For several phones originate_causes lists each that was rung, but not
    those that are not registered.
    """
    disposition = variables.get("originate_disposition", "")
    if disposition == "SUCCESS":
        return Answered(seconds)
    if disposition == "LOSE_RACE":
        # Nobody won: the caller pressed the key that cancels, whatever single phones said before (measured).
        return NoAnswer()
    results = [_of_cause(cause) for cause in _causes(variables.get("originate_causes", ""))]
    results = [result for result in results if not isinstance(result, Answered)]
    results.append(_of_cause(disposition))
    if NOT_DISTURBED.search(variables.get("sip_invite_failure_phrase", "")):
        results.append(DoNotDisturb())
    return of_several(results)


def recorded(variables: Mapping[str, str]) -> Recorded:
    """What was recorded, from the variables the switch came back with.

    >>> recorded({"ivr_record_file": "a-1.wav", "record_ms": "3780", "playback_terminator_used": "#"})
    Recorded(name='a-1.wav', ms=3780, ended='key')
    """
    ms = variables.get("record_ms", "")
    if variables.get("playback_terminator_used"):
        ended = "key"
    elif variables.get("silence_hits_exhausted") == "true":
        ended = "silence"
    else:
        ended = "limit"
    return Recorded(variables.get("ivr_record_file", ""), int(ms) if ms.isdecimal() else 0, ended)
