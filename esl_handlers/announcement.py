"""An announcement: something spoken, then on (rule I1)."""

from datetime import datetime

from ivr.call import Call
from ivr.handlers import handles
from ivr.prompt import Prompt
from ivr.steps import Announcement, Table

__all__ = ["announcement"]


def announcement_words(step: Announcement) -> Prompt:
    return Prompt(step.prompt) if step.prompt else Prompt("announcement", text=step.text)


def spoken(step: Announcement, table: Table, at: datetime):
    yield announcement_words(step)


@handles("announcement", speaks=spoken)
def announcement(call: Call, step: Announcement):
    call.play(announcement_words(step))
    return step.then
