"""A call in the terminal: you are the caller, the handlers are the real ones, the phones do what you say."""

from collections.abc import Callable

from ivr.call import (
    Answered,
    Busy,
    Digits,
    HandOver,
    Heard,
    Invalid,
    Keys,
    NoAnswer,
    Rang,
    Refused,
    Silence,
    Unreachable,
)
from ivr.errors import Hangup
from ivr.prompt import Prompt, Sound
from ivr.ring_plan import RingPlan
from ivr.scripted import ScriptedCall

__all__ = ["TerminalCall"]

PHONES: dict[str, Rang] = {
    "a": Answered(30.0),
    "b": Busy(),
    "n": NoAnswer(),
    "r": Refused(),
    "u": Unreachable(),
}


class TerminalCall(ScriptedCall):
    """`say(who, what)` shows a line; `read(question)` gives back what was typed, None when the caller hangs up."""

    def connect(self, say: Callable[[str, str], None], read: Callable[[str], str | None], words: Callable) -> None:
        """Give the call its eyes and its mouth. `words(prompt, language)` is a prompt's text."""
        self._say, self._read, self._words = say, read, words

    def ask(self, *heard: Prompt | Sound, keys: Keys, timeout: float = 5.0) -> Heard:
        self._verb()
        self._hear(heard)
        value = self._key(f"keys {' '.join(sorted(keys.single))}{' or an extension' if keys.lengths else ''}")
        if not value:
            self.clock.sleep(timeout)
            return Silence()
        return Digits(value) if keys.complete(value) else Invalid(value)

    def ask_number(self, *heard: Prompt | Sound, most: int, timeout: float = 5.0) -> Heard:
        self._verb()
        self._hear(heard)
        value = self._key(f"up to {most} digits")
        if not value:
            return Silence()
        return Digits(value) if value.isdigit() and len(value) <= most else Invalid(value)

    def ring(self, plan: RingPlan, music: Sound, cancel: str = "", whisper: Prompt | None = None) -> HandOver:
        if whisper is not None:
            self._say("they hear", self._words(whisper, self.table.languages[0]))
        return super().ring(plan, music, cancel, whisper)

    def record(self, name: str, limit: int, silence: int):
        typed = self._line("speak (Enter when done)")
        self.says.clear()
        self.says.append(max(1.0, len(typed) / 4) if typed else 0.0)
        return super().record(name, limit, silence)

    def note(self, event: str, **data) -> None:
        super().note(event, **data)
        if event in ("step", "failed", "message-refused"):
            self._say("line", f"{event} {data.get('address', '')} {data.get('error', '')}".rstrip())

    def _hear(self, heard) -> None:
        for one in heard:
            text = self._words(one, self.language) if isinstance(one, Prompt) else f"({one.name})"
            self._say("you hear", text)
        super()._hear(heard)

    def _phone(self, number: str) -> Rang:
        typed = self._line(f"{number} rings: (a)nswers, (b)usy, (n)o answer, (r)efuses, (u)nreachable")
        return PHONES.get(typed[:1].lower(), NoAnswer())

    def _key(self, question: str) -> str:
        return "".join(key for key in self._line(question) if key in "0123456789*#").rstrip("#")

    def _line(self, question: str) -> str:
        typed = self._read(question)
        if typed is None:
            self.over = True
            raise Hangup
        return typed.strip()
