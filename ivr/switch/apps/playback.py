"""Playing: `playback`, and `play` for the applications that play something of their own."""

from ivr.switch.session import Rest, Session, application
from ivr.switch.sounds import parts, seconds

__all__ = ["play", "terminators"]


def play(session: Session, path: str, keys: bool = True) -> tuple[str, Rest]:
    """Play `path`; FreeSWITCH's word for it, and why it ended. A waiting key (KEY) is left to who called this."""
    channel = session.channel
    for part in parts(path):
        length = seconds(part)
        if length is None:
            return "FILE NOT FOUND", Rest.TIME
        start = session.clock.monotonic()
        channel.hears(part)
        why = session.rest(length, keys=keys)
        channel.hears(None)
        _account(session, session.clock.monotonic() - start if why is not Rest.TIME else length)
        if why is Rest.GONE:
            return ("PLAYBACK ERROR" if channel.down and not channel.hung_up_here else "FILE PLAYED"), why
        if why is not Rest.TIME:
            return "FILE PLAYED", why
    return "FILE PLAYED", Rest.TIME


def terminators(session: Session) -> str:
    """The keys that end a playback or a recording: `playback_terminators`; `*` where it is not set (on_dtmf)."""
    stops = session.channel.get("playback_terminators") or "*"
    return {"none": "", "any": "1234567890*#"}.get(stops.lower(), stops)


def _account(session: Session, length: float) -> None:
    variables = session.channel.variables
    samples = round(length * 8000)
    variables["playback_last_offset_pos"] = str(samples)
    variables["playback_seconds"] = str(samples // 8000)
    variables["playback_ms"] = str(samples // 8)
    variables["playback_samples"] = str(samples)


@application("playback")
def playback(session: Session, data: str) -> None:
    """Play to the end. Keys are swallowed, unless one is among the terminators, which ends it."""
    channel = session.channel
    stops = terminators(session)
    channel.set("playback_terminator_used", None)
    response = "FILE PLAYED"
    for part in parts(data):
        length = seconds(part)
        if length is None:
            response = "FILE NOT FOUND"
            continue
        response = _part(session, part, length, stops)
        if response != "next":
            break
    channel.variables["current_application_response"] = "FILE PLAYED" if response == "next" else response


def _part(session: Session, part: str, length: float, stops: str) -> str:
    """One file: `next`, or the response that ends the whole."""
    channel, start = session.channel, session.clock.monotonic()
    channel.hears(part)
    response = "next"
    while True:
        why = session.rest(length - (session.clock.monotonic() - start))
        if why is not Rest.KEY:
            break
        if (key := channel.take_key()) in stops:
            channel.variables["playback_terminator_used"] = key
            response = "FILE PLAYED"
            break
    channel.hears(None)
    _account(session, session.clock.monotonic() - start if why is not Rest.TIME else length)
    if why is Rest.GONE:
        return "PLAYBACK ERROR" if channel.down and not channel.hung_up_here else "FILE PLAYED"
    return "FILE PLAYED" if why is Rest.BREAK else response
