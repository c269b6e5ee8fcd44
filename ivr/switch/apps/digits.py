"""`play_and_get_digits` and `read`: play, and collect keys. After switch_ivr_read and switch_play_and_get_digits."""

import re

from ivr.switch.apps.playback import play
from ivr.switch.session import Rest, Session, application

__all__: list[str] = []


class _Reading:
    """One try: the prompt, then the keys."""

    def __init__(self, session: Session, least: int, most: int, timeout: float, ends: str, between: float):
        self.session, self.channel = session, session.channel
        self.least, self.most = least, max(least, most)
        self.timeout, self.ends, self.between = timeout, "" if ends == "none" else ends, between or timeout
        self.digits, self.end = "", ""

    def read(self, prompt: str, name: str) -> str:
        """Returns success, timeout or failure; `digits` has what was keyed, which is also set as the variable."""
        channel = self.channel
        channel.set("read_result", None)
        channel.set(name, None)
        status = "success"
        if prompt and prompt.lower() != "silence":
            word, why = play(self.session, prompt)
            if why is Rest.GONE or word == "FILE NOT FOUND":
                status = "failure"
            elif why is Rest.KEY:
                self.digits = channel.take_key()
        if status == "success" and len(self.digits) < self.most:
            status = self._collect()
        if self.end:
            channel.variables["read_terminator_used"] = self.end
        if self.least and len(self.digits) < self.least:
            status = "failure"
        channel.variables["read_result"] = status
        if self.most == 1 and self.digits and self.digits in self.ends:
            self.digits = ""
        channel.set(name, self.digits)
        return status

    def _collect(self) -> str:
        if self.digits and self.digits in self.ends:
            self.digits, self.end = "", self.digits
            return "success"
        wait = self.between if self.digits else self.timeout
        while True:
            why = self.session.rest(wait)
            if why is Rest.BREAK:  # uuid_break does not shorten the waiting for keys
                self.channel.broken = False
                continue
            if why is Rest.GONE:
                return "failure"
            if why is Rest.TIME:
                return "timeout"
            wait = self.between
            while self.channel.keys:
                key = self.channel.take_key()
                if key in self.ends:
                    self.end = key
                    return "success"
                self.digits += key
                if len(self.digits) >= self.most:
                    return "success"


@application("play_and_get_digits")
def play_and_get_digits(session: Session, data: str) -> None:
    """min max tries timeout terminators file invalid_file var regexp [digit_timeout]. Split on single spaces."""
    words = data.split(" ")
    if len(words) < 8:
        return
    least, most, tries, timeout = (int(word) if word.isdigit() else 0 for word in words[:4])
    ends, prompt, invalid, name = words[4:8]
    pattern = words[8] if len(words) > 8 else ""
    between = int(words[9]) if len(words) > 9 and words[9].isdigit() else timeout
    channel = session.channel
    if pattern:
        channel.set(f"{name}_invalid", None)
    for _ in range(max(1, tries)):
        reading = _Reading(session, least, most, timeout / 1000, ends, between / 1000)
        status = reading.read(prompt, name)
        if status == "timeout" and len(reading.digits) >= least:
            status = "success"
        if not least and not reading.digits and channel.get("read_terminator_used"):
            return
        if status == "success" and reading.digits:
            if not pattern or re.search(pattern, reading.digits):
                return
            channel.set(name, None)
            channel.set(f"{name}_invalid", reading.digits)
        if not channel.ready:
            return
        play(session, invalid, keys=False)


@application("read")
def read(session: Session, data: str) -> None:
    """min max file var timeout terminators."""
    words = data.split(" ")
    if len(words) < 6:
        return
    least, most, timeout = int(words[0]), int(words[1]), int(words[4]) / 1000
    _Reading(session, least, most, timeout, words[5], timeout).read(words[2], words[3])
