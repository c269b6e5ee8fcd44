"""A call as it was lived through, told line by line: what `ivr test` shows of a script that failed."""

from collections.abc import Callable, Iterable, Iterator

from ivr.rehearsal.caller import listed
from ivr.rehearsal.ear import Moment

__all__ = ["story"]

OUTCOMES = {
    "Answered": "they have talked", "Busy": "busy", "NoAnswer": "nobody answers", "Refused": "refused",
    "Unreachable": "cannot be reached", "DoNotDisturb": "does not want to be disturbed",
}  # fmt: skip

TOLD: dict[str, tuple[str, Callable[[Moment], str]]] = {
    "hears": ("house", lambda moment: f"[{moment.data['language']}/{moment.what}] {moment.text}"),
    "music": ("house", lambda _: "♪ music"),
    "house-hangs-up": ("house", lambda _: "hangs up"),
    "presses": ("caller", lambda moment: f"presses {moment.what}"),
    "says": ("caller", lambda moment: f"speaks for {moment.what}"),
    "hangs_up": ("caller", lambda _: "hangs up"),
    "step": ("line", lambda moment: f"step {moment.what}"),
    "closed-place": ("line", lambda moment: f"{moment.what} is {_state(moment)}"),
    "silence": ("line", lambda _: "no key was pressed"),
    "invalid": ("line", lambda moment: f"{moment.data['keys'] or '#'} means nothing here"),
    "failed": ("line", lambda moment: f"{moment.what} failed: {moment.data.get('error', '')}"),
    "ring": ("switch", lambda moment: f"rings {listed(moment.data['targets'])}"),
    "rang": ("switch", lambda moment: OUTCOMES.get(moment.data["outcome"], moment.data["outcome"])),
    "talks_to": ("switch", lambda moment: f"{moment.what} answers"),
    "records": ("switch", lambda _: "beeps, and records"),
    "ended": ("switch", lambda moment: f"the call is over: {moment.what}"),
}
"""Kind of moment → who does it, and what. What is not here is not told."""


def story(moments: Iterable[Moment]) -> Iterator[str]:
    """Line by line, with minutes and seconds."""
    for moment in moments:
        if moment.kind in TOLD:
            who, what = TOLD[moment.kind]
            minutes, seconds = divmod(int(moment.at), 60)
            yield f"{minutes:>3}:{seconds:02d}  {who:<7} {what(moment)}"


def _state(moment: Moment) -> str:
    state, opens = moment.data.get("state", ""), moment.data.get("opens", "")
    return ("at lunch" if state == "lunch" else state) + (f" until {opens}" if opens else "")
