"""A tape as a dialogue: one line for each command and each event, with what matters of it."""

from collections.abc import Iterator

from ivr.errors import FrameError
from ivr.esl.codec import Decoder
from ivr.esl.frames import Frame
from ivr.tapes.reading import Tape

__all__ = ["command", "dialogue", "timed", "told"]

TELLING = ("Application", "Application-Data", "Application-Response", "DTMF-Digit", "DTMF-Source", "Hangup-Cause")
"""What is shown of an event, where it has it."""
SHOWN = 100


def dialogue(tape: Tape) -> Iterator[str]:
    """The lines of a readable dialogue.

    `→` is what the line says to the switch, `←` what the switch answers, `·` a note.
    """
    yield f"{tape.name}: {tape.about.get('what', '')}"
    if tape.about.get("notable"):
        yield f"  notable: {tape.about['notable']}"
    decoder, commands = Decoder(), b""
    for line in tape.lines:
        if line.source == "note":
            yield timed(line.t, "·", line.note)
        elif line.source == "app":
            *whole, commands = (commands + line.data).split(b"\n\n")
            yield from (timed(line.t, "→", command(raw)) for raw in whole if raw.strip())
        else:
            try:
                frames = decoder.feed(line.data)
            except FrameError as error:
                yield timed(line.t, "←", f"(no ESL: {error})")
                return
            yield from (timed(line.t, "←", told(frame)) for frame in frames)
    if commands.strip() or decoder.waiting:
        yield f"{'':10}the tape ends inside a {'command' if commands.strip() else 'frame'}"


def timed(t: float, sign: str, text: str) -> str:
    """A line of the dialogue, with its time and no control character."""
    text = "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in text)
    return f"{t:8.3f} {sign} {text if len(text) <= SHOWN else text[: SHOWN - 1] + '…'}"


def command(raw: bytes) -> str:
    """A command on one line: for an execute, the application and its argument."""
    lines = raw.decode("utf-8", "backslashreplace").strip().split("\n")
    headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    if lines[0].startswith("sendmsg") and "execute-app-name" in headers:
        return f"{headers['execute-app-name']} {headers.get('execute-app-arg', '')}".rstrip()
    return " | ".join(lines)


def told(frame: Frame) -> str:
    """A frame on one line."""
    if frame.is_event:
        event = frame.event
        values = [f"{name}={event[name]}" for name in TELLING if event.get(name) not in (None, "_none_")]
        return " ".join([event.name, *values])
    if frame.content_type == "command/reply":
        if frame.get("Event-Name") == "CHANNEL_DATA":
            caller, dialled = frame.get("Caller-Caller-ID-Number", "?"), frame.get("Channel-Destination-Number", "?")
            return f"connected: {caller} → {dialled}"
        return frame.get("Reply-Text", "").strip()
    return f"{frame.content_type} {frame.get('Content-Disposition', '')} {frame.data[:60]}".strip()
