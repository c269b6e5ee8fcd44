"""`record`: what the caller says, into a WAV file of 8 kHz."""

import math
import os

from ivr.switch.apps.playback import terminators
from ivr.switch.session import Rest, Session, application
from ivr.switch.sounds import RATE, TICK, write_voice

__all__: list[str] = []


@application("record")
def record(session: Session, data: str) -> None:
    """path [limit [threshold [silence]]]: ended by the limit, by silence, by a key of `playback_terminators`, by
    hang-up. A file that cannot be opened clears the call; so does being broken off by the line's death."""
    channel, clock = session.channel, session.clock
    words = data.split(" ")
    path = words[0]
    limit, threshold, silence = (int(word) if word.isdigit() else 0 for word in [*words[1:4], "", "", ""][:3])
    channel.set("playback_terminator_used", None)
    channel.set("silence_hits_exhausted", "false")
    if not path or not os.path.isdir(os.path.dirname(path) or "."):
        channel.hang_up("DESTINATION_OUT_OF_ORDER")
        return
    begun = channel.seconds()
    # whole clock seconds: a limit of 3 gave 3.06 to 3.64 s
    wall = clock.now().timestamp()
    over = begun + math.floor(wall) + limit + 1 - wall if limit else math.inf
    channel.hears(f"recording {os.path.basename(path)}")
    why = _wait(session, begun, over, (silence or 3) if threshold else 0, terminators(session))
    channel.hears(None)
    ended = channel.seconds()
    spoken = [(start, until if until is not None else ended, wav) for start, until, wav in channel.voice]
    length = ended if channel.sends_rtp else begun
    samples = write_voice(path, begun, round(length / TICK) * TICK if length > begun else begun, spoken)
    size = str(os.path.getsize(path))
    channel.variables.update(
        record_record_file_size=size,
        record_file_size=size,
        record_seconds=str(samples // RATE),
        record_ms=str(samples * 1000 // RATE),
        record_samples=str(samples),
    )
    session.switch.recordings.append(path)
    if why is Rest.GONE:
        channel.hang_up("DESTINATION_OUT_OF_ORDER")


def _wait(session: Session, begun: float, over: float, silence: float, stops: str) -> Rest:
    """Until the recording ends."""
    channel = session.channel
    while True:
        now = channel.seconds()
        quiet = math.inf
        if silence:
            quiet = _last_sound(channel, begun, now) + silence
        why = session.rest(max(0.0, min(over, quiet) - now), until=lambda: channel.voice_changed)
        channel.voice_changed = False
        if why is Rest.KEY:
            if (key := channel.take_key()) in stops:
                channel.variables["playback_terminator_used"] = key
                return why
        elif why is Rest.TIME:
            now = channel.seconds()
            if silence and now + 1e-6 >= _last_sound(channel, begun, now) + silence:
                channel.variables["silence_hits_exhausted"] = "true"
                return why
            if now + 1e-6 >= over:
                return why
        elif why is not Rest.DONE:
            return why


def _last_sound(channel, begun: float, now: float) -> float:
    """When the caller was last heard; now, if he is speaking."""
    last = begun
    for start, until, _ in channel.voice:
        if start <= now:
            last = max(last, now if until is None else min(until, now) if until > begun else begun)
    return last
