"""Cuts a tape: what lies between two times, in whole frames and commands."""

from dataclasses import replace

from ivr.errors import FrameError, ScriptError
from ivr.tapes.framing import framed
from ivr.tapes.reading import Tape

__all__ = ["cut", "of_call"]


def cut(tape: Tape, since: float = 0.0, until: float | None = None) -> Tape:
    """The tape from `since` to `until`, in seconds of the tape. Times stay what they are.

    A replay plays it to where it ends and asks no more; a tape without its beginning can be shown and read, and not
    replayed: a line opens every connection with `connect`.
    """
    try:
        lines = list(framed(tape.lines))
    except FrameError as error:
        raise ScriptError(f"{tape.name}: cannot be cut, the switch's side is no ESL: {error}") from None
    kept = tuple(line for line in lines if since <= line.t and (until is None or line.t <= until))
    if not kept:
        raise ScriptError(
            f"{tape.name}: nothing between {since:g} s and {'its end' if until is None else f'{until:g} s'}"
        )
    whole = len(kept) == len(lines)
    return replace(tape, lines=kept, about=tape.about if whole else tape.about | {"cut": True})


def of_call(tape: Tape, uuid: str) -> bool:
    """Is this a connection of that call? Tapes of others are asked for the uuid the switch names first."""
    if "call" in tape.about:
        return tape.about["call"] == uuid
    return f"Unique-ID: {uuid}\n".encode() in tape.said_by("switch")[:65536]
