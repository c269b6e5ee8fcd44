"""What may go wrong between a switch and a line, as changes to a tape's script.

Two sorts. `HARMLESS` ones change nothing of what was said: the line must say exactly what it had said. After the others
(`FAULTS`) the line may say what it likes, but it must end the call by itself and leave nothing behind.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from ivr.switch.wire import event_frame, notice
from ivr.tapes.script import Expect, Say

__all__ = ["FAULTS", "HARMLESS", "End", "Steps", "places", "single"]


@dataclass(frozen=True, slots=True)
class End:
    """The switch closes the socket: "eof", or "rst" with what was not read thrown away."""

    how: str


Steps = list[Say | Expect | End]
STRANGER = "00000000-0000-4000-8000-00000000cafe"
FORGED = b"Content-Type: text/disconnect-notice\nContent-Disposition: linger\nChannel-Name: sofia/internal/x"
"""A notice in which a caller's number stands raw (tape cid_number_notice): line feeds, and headers of his own."""


def single(steps: Steps) -> Steps:
    """Each frame by itself, as far apart as on the tape."""
    return [
        one
        for step in steps
        for one in (
            [Say(step.t, 0 if n else step.wait, (frame,)) for n, frame in enumerate(step.frames)]
            if isinstance(step, Say)
            else [step]
        )
    ]


def places(steps: Steps) -> list[int]:
    """Where the switch says something."""
    return [at for at, step in enumerate(steps) if isinstance(step, Say)]


def event(call: str, name: str, **more: str) -> Say:
    return Say(0.0, 0.0, (event_frame({"Event-Name": name, "Unique-ID": call} | more, "json"),))


def frame_of(steps: Steps, at: int) -> bytes:
    return steps[at].data


def part(step: Say, size: int) -> Say:
    return replace(step, frames=(step.data[:size],))


# What changes nothing -------------------------------------------------------------------------------------------------


def merged(steps: Steps) -> Steps:
    """What is said without a pause, however many frames, comes in one write, and each command waits for its turn."""
    found: Steps = []
    for step in steps:
        last = found[-1] if found else None
        if isinstance(step, Say) and isinstance(last, Say) and step.wait <= 0.05:
            found[-1] = Say(last.t, last.wait + step.wait, last.frames + step.frames)
        else:
            found.append(step)
    return found


def stranger_hangs_up(steps: Steps, at: int, call: str) -> Steps:
    """Another channel's hang-up, as a bridged leg's may come."""
    return [*steps[:at], event(STRANGER, "CHANNEL_HANGUP", **{"Hangup-Cause": "USER_BUSY"}), *steps[at:]]


def stranger_completes(steps: Steps, at: int, call: str) -> Steps:
    """A completion nobody waits for."""
    done = {"Application": "playback", "Application-UUID": STRANGER, "Application-Response": "FILE PLAYED"}
    return [*steps[:at], event(call, "CHANNEL_EXECUTE_COMPLETE", **done), *steps[at:]]


def unknown_event(steps: Steps, at: int, call: str) -> Steps:
    """An event nobody has heard of, with bytes that are no UTF-8."""
    body = b'{"Event-Name":"TALK","Unique-ID":"%s","Caller-Caller-ID-Name":"\xff\xfe\\u0000"}' % call.encode()
    raw = b"Content-Length: %d\nContent-Type: text/event-json\n\n" % len(body) + body
    return [*steps[:at], Say(0.0, 0.0, (raw,)), *steps[at:]]


def completion_twice(steps: Steps, at: int, call: str) -> Steps | None:
    """A completion comes again."""
    if b"CHANNEL_EXECUTE_COMPLETE" not in frame_of(steps, at):
        return None
    return [*steps[: at + 1], replace(steps[at], wait=0.0), *steps[at + 1 :]]


HARMLESS: dict[str, Callable[[Steps, int, str], Steps | None]] = {
    each.__name__: each for each in (stranger_hangs_up, stranger_completes, unknown_event, completion_twice)
}


# What changes something -----------------------------------------------------------------------------------------------


def withheld(steps: Steps, at: int, call: str) -> Steps:
    """A reply, a completion or an event never comes."""
    return steps[:at] + steps[at + 1 :]


def silent_from_here(steps: Steps, at: int, call: str) -> Steps:
    """The switch says nothing more, and keeps the socket."""
    return steps[:at] + [step for step in steps[at:] if isinstance(step, Expect)]


def doubled(steps: Steps, at: int, call: str) -> Steps:
    return [*steps[: at + 1], replace(steps[at], wait=0.0), *steps[at + 1 :]]


def out_of_order(steps: Steps, at: int, call: str) -> Steps | None:
    """Comes after what came after it."""
    later = next((n for n in places(steps) if n > at), None)
    if later is None:
        return None
    changed = list(steps)
    changed[at], changed[later] = replace(steps[later], wait=steps[at].wait), replace(steps[at], wait=steps[later].wait)
    return changed


def late(steps: Steps, at: int, call: str) -> Steps:
    """Three seconds late, and everything after it."""
    return [*steps[:at], replace(steps[at], wait=steps[at].wait + 3.0), *steps[at + 1 :]]


def very_late(steps: Steps, at: int, call: str) -> Steps:
    """So late that nobody waits any more."""
    return [*steps[:at], replace(steps[at], wait=steps[at].wait + 200.0), *steps[at + 1 :]]


def late_key(steps: Steps, at: int, call: str) -> Steps:
    """A key that comes when it comes."""
    return [*steps[:at], event(call, "DTMF", **{"DTMF-Digit": "2", "DTMF-Source": "RTP"}), *steps[at:]]


def late_hash(steps: Steps, at: int, call: str) -> Steps:
    return [*steps[:at], event(call, "DTMF", **{"DTMF-Digit": "#", "DTMF-Source": "APP"}), *steps[at:]]


def refused(steps: Steps, at: int, call: str) -> Steps | None:
    """-ERR in place of +OK."""
    if b"Reply-Text: +OK" not in frame_of(steps, at):
        return None
    no = replace(steps[at], frames=(b"Content-Type: command/reply\nReply-Text: -ERR no\n\n",))
    return [*steps[:at], no, *steps[at + 1 :]]


def eof_between(steps: Steps, at: int, call: str) -> Steps:
    return [*steps[:at], End("eof")]


def eof_in_header(steps: Steps, at: int, call: str) -> Steps:
    return [*steps[:at], part(steps[at], max(1, frame_of(steps, at).find(b"\n\n") // 2)), End("eof")]


def eof_in_body(steps: Steps, at: int, call: str) -> Steps | None:
    head = frame_of(steps, at).find(b"\n\n") + 2
    if len(frame_of(steps, at)) <= head:
        return None
    return [*steps[:at], part(steps[at], (head + len(frame_of(steps, at))) // 2), End("eof")]


def stuck_in_body(steps: Steps, at: int, call: str) -> Steps | None:
    """Half a body, and then nothing, with the socket open."""
    cut = eof_in_body(steps, at, call)
    return cut and cut[:-1]


def reset(steps: Steps, at: int, call: str) -> Steps:
    return [*steps[:at], End("rst")]


def hang_up(steps: Steps, at: int, call: str) -> Steps:
    """The caller goes; the switch says so, and closes."""
    gone = event(call, "CHANNEL_HANGUP", **{"Hangup-Cause": "NORMAL_CLEARING"})
    told = Say(0.0, 0.001, (notice(call, "linger", "Channel-Name: x\nLinger-Time: 5\n"),))
    return [*steps[:at], gone, told, Say(0.0, 5.0, (notice(call, "disconnect", body="bye\n"),)), End("eof")]


def hang_up_unsaid(steps: Steps, at: int, call: str) -> Steps:
    """The caller goes; only the notice says so, and the socket stays open."""
    return [*steps[:at], Say(0.0, 0.0, (notice(call, "linger", "Channel-Name: x\nLinger-Time: 5\n"),))]


def forged_notice(steps: Steps, at: int, call: str) -> Steps:
    """The tape cid_number_notice: what follows cannot be trusted, and is no frame."""
    raw = FORGED + b"\nContent-Length: 7\n\nX-Forged: 1\n@127.0.0.1:5110\nLinger-Time: 5\nContent-Length: 0\n\n"
    return [*steps[:at], Say(0.0, 0.0, (raw,)), *steps[at:]]


def forged_reply(steps: Steps, at: int, call: str) -> Steps:
    """A reply nobody asked for, as a line feed in a getvar's answer makes one."""
    return [*steps[:at], Say(0.0, 0.0, (b"Content-Type: command/reply\nReply-Text: +OK\n\n",)), *steps[at:]]


def garbage(steps: Steps, at: int, call: str) -> Steps:
    return [*steps[:at], Say(0.0, 0.0, (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n\n\n",)), *steps[at:]]


def huge_length(steps: Steps, at: int, call: str) -> Steps:
    """A body of 900 MB is announced."""
    return [*steps[:at], Say(0.0, 0.0, (b"Content-Type: text/event-json\nContent-Length: 900000000\n\n",)), *steps[at:]]


FAULTS: dict[str, Callable[[Steps, int, str], Steps | None]] = {
    each.__name__: each
    for each in (
        withheld, silent_from_here, doubled, out_of_order, late, very_late, late_key, late_hash, refused, eof_between,
        eof_in_header, eof_in_body, stuck_in_body, reset, hang_up, hang_up_unsaid, forged_notice, forged_reply, garbage,
        huge_length,
    )
}  # fmt: skip
