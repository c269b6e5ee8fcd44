"""What differs, in the words of callers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import takewhile

from ivr.difference.renamed import Renamed
from ivr.difference.scene import Phones, Scene
from ivr.prompt import Names, Prompt, Sound
from ivr.steps import Extension, MessageBox, Table
from ivr.ways import Act, Choice

__all__ = ["Words"]

NOTHING = "nothing"
LONG, AROUND = 60, 20
"""Characters of a sentence that are told; those before the first that differs."""
ANSWERS = {
    "wrong": "wrong keys", "says": "leaves a message", "quiet": "is silent", "number": "keys a number",
    "pin": "keys the PIN", "any": "an extension",
}  # fmt: skip
SILENCE = {"menu": "no key", "hold": "waits"}
RANG = {"no answer": "nobody answers", "answered": "has talked"}


class Words:
    """`sentence(prompt, language)`: the words of a prompt. `languages`: in which is told what has several; in the first
    if that shows the difference. `alike`: extension → how many more are like it. `renamed`: what has another name."""

    def __init__(
        self,
        sentence: Callable[[Prompt, str], str],
        languages: Sequence[str],
        renamed: Renamed,
        alike: Mapping[str, int],
    ):
        self.sentence, self.languages, self.renamed, self.alike = sentence, languages, renamed, alike

    def path(self, path: Iterable[tuple[str, tuple[Choice, ...]]]) -> str:
        """key 2, busy, waits, no answer"""
        told = (dict.fromkeys(self.choice(choice, kind) for choice in choices) for kind, choices in path)
        return ", ".join(word for words in told for word in words)

    def choice(self, choice: Choice, kind: str) -> str:
        match choice.kind:
            case "key":
                return SILENCE["hold"] if (kind, choice.what) == ("hold", "1") else f"key {choice.what}"
            case "dials":
                others = self.alike.get(choice.what)
                return f"extension {choice.what}{f' and {others} more like it' if others else ''}"
            case "silence":
                return SILENCE.get(kind, "keys nothing")
            case "rang":
                return RANG.get(choice.what, choice.what)
        return ANSWERS[choice.kind]

    def scene(self, scene: Scene, table: Table, rename: Callable[[Names], Names] = lambda name: name) -> str:
        """What a caller comes to."""
        if scene.asks is None:
            says_goodbye = any(getattr(act.what, "name", "") == "goodbye" for act in scene.acts)
            return "goodbye" if says_goodbye else "the end of the call"
        step = table.step(scene.at.address)
        name = self.name(rename(step.name)) if hasattr(step, "name") else scene.at.address
        match scene.kind:
            case "rings":
                phones = self.phones(Phones.of(scene.asks.what, table))
                if isinstance(step, Extension):
                    return f"extension {step.number}" + (f" on {phones}" if phones != step.number else "")
                return f"{name} on {phones}"
            case "records" | "message":
                return f"message box {name}"
            case "menu":
                return f"the menu “{name}”"
            case "hold":
                return f"waiting for {name}"
        return f"{scene.kind} {name}"

    def phones(self, phones: Phones) -> str:
        """8001, 8002 in turn"""
        groups = [" + ".join(self._phone(*phone) for phone in group) for group in phones.groups]
        if len(groups) == 1:
            return groups[0].replace(" + ", ", ")
        return f"{', '.join(groups)} {'by rotation' if phones.rotate else 'in turn'}"

    def rhythm(self, phones: Phones) -> str:
        """8001, 8002 for 25 s: where how they ring is the difference, and not whom."""
        told = f"{self.phones(phones)} for {phones.seconds} s{' each' if len(phones.groups) > 1 else ''}"
        return f"{told}, told who calls" if phones.announce else told

    def _phone(self, number: str, outside: str | None, accept: bool) -> str:
        more = ", ".join([*([outside] if outside else []), *(["to be accepted by key"] if accept else [])])
        return f"{number} ({more})" if more else number

    def boxes(self, old: MessageBox, new: MessageBox) -> tuple[str, str]:
        """Two message boxes, each with what it differs in from the other."""
        names = self.name(self.renamed.name(old.name)), self.name(new.name)
        told = ["", ""]
        for index, (name, box) in enumerate(zip(names, (old, new), strict=True)):
            told[index] = f"message box {name}"
            if old.limit != new.limit:
                told[index] += f", at most {box.limit} s"
            if old.silence != new.silence:
                told[index] += f", ended by {box.silence} s of silence"
            if old.shortest != new.shortest:
                told[index] += f", empty under {box.shortest:g} s"
        return told[0], told[1]

    def name(self, names: Names) -> str:
        return names[self.languages[0]]

    def named(self, old: Names, new: Names) -> tuple[str, str]:
        """Two names of a thing as quoted, in a language in which they are not the same."""
        language = next((language for language in self.languages if old[language] != new[language]), self.languages[0])
        return f"“{old[language]}”", f"“{new[language]}”"

    def heard(self, old: Sequence[Act], new: Sequence[Act]) -> tuple[str, str]:
        """What is said, in a language in which it is not the same."""
        for language in self.languages:
            told = self.apart(self._said(old, language), self._said(new, language))
            if told[0] != told[1]:
                break
        return told

    def _said(self, acts: Sequence[Act], language: str) -> str:
        """Sentence by sentence, and what is no words."""
        said = [act.what for act in acts]
        return " ".join(self.sentence(one, language) if isinstance(one, Prompt) else _sound(one) for one in said)

    def apart(self, one: str, other: str) -> tuple[str, str]:
        """Two texts as quoted, long ones cut down to where they differ."""
        if max(len(one), len(other)) > LONG:
            same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
            cut = one.rfind(" ", 0, same - AROUND) + 1 if same > 2 * AROUND else 0
            one, other = (f"…{text[cut:]}" if cut and text else text for text in (one, other))
        return tuple(f"“{self._short(text)}”" if text else NOTHING for text in (one, other))

    def _short(self, text: str) -> str:
        return text if len(text) <= LONG else text[:LONG].rstrip() + "…"


def _sound(sound: Sound) -> str:
    """Music is music, whichever slice of it.

    >>> _sound(Sound("ringing", 5.0)), _sound(Sound("hold", 20.0)), _sound(Sound("beep"))
    ('(ringing, 5 s)', '(music, 20 s)', '(beep)')
    """
    name = "music" if sound.name == "hold" else sound.name
    return f"({name}, {sound.seconds:g} s)" if sound.seconds else f"({name})"
