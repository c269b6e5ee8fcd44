"""Phones, and what they do when they are rung.

    switch.phones["8001"] = Answers(after=3, talks=10)
    switch.phones["8002"] = Busy()
    switch.phones["8003"] = Script(Busy(), Answers(after=2))    # the first call, the second …

A phone that is not in `switch.phones` is not in the directory at all: SUBSCRIBER_ABSENT.
"""

from dataclasses import dataclass, field

__all__ = [
    "Answers", "Busy", "Dead", "DoNotDisturb", "Phone", "Refuses", "Rings", "Script", "Unregistered", "Voicemail",
]  # fmt: skip


@dataclass(frozen=True)
class Phone:
    """What a phone does: after `after` seconds of ringing it ends with `cause`, or answers and talks.

    `cause` None: it answers. `after` None: it rings for ever. `rings` False: it never reaches the phone. `transfers`:
    after talking it does not hang up, but transfers the caller to that number. `words`: the reason it gives, beside
    the number that belongs to the cause. `presses`: the key whoever lifts presses when asked whether
    they take the call; `talks` counts from then.
    """

    after: float | None = None
    cause: str | None = None
    talks: float | None = None
    rings: bool = True
    transfers: str | None = None
    words: str | None = None
    presses: str = "1"

    def next(self) -> "Phone":
        """What it does with this call."""
        return self


def Answers(after: float = 1.0, talks: float | None = None, transfers: str | None = None) -> Phone:
    """Answers after `after` seconds, hangs up (or transfers) after `talks` more; None: that is left to the caller."""
    return Phone(after=after, talks=talks, transfers=transfers)


def Voicemail(after: float = 1.0, talks: float | None = None) -> Phone:
    """Lifts after `after` seconds, and never presses a key; ends by itself after `talks` more."""
    return Phone(after=after, talks=talks, presses="")


def Busy() -> Phone:
    """486."""
    return Phone(after=0.0, cause="USER_BUSY")


def Refuses(after: float = 0.0) -> Phone:
    """603."""
    return Phone(after=after, cause="CALL_REJECTED")


def Rings() -> Phone:
    """Rings for ever."""
    return Phone()


def DoNotDisturb() -> Phone:
    """480: do-not-disturb has no cause of its own, only words."""
    return Phone(after=0.0, cause="NO_USER_RESPONSE", words="Do Not Disturb")


def Unregistered() -> Phone:
    """In the directory, but not registered."""
    return Phone(cause="USER_NOT_REGISTERED", rings=False)


def Dead() -> Phone:
    """Registered, but nothing is there any more."""
    return Phone(cause="NORMAL_TEMPORARY_FAILURE", rings=False)


@dataclass
class Script:
    """Another phone for each call; the last one stays."""

    phones: list[Phone] = field(default_factory=list)

    def __init__(self, *phones: Phone):
        self.phones = list(phones)

    def next(self) -> Phone:
        return self.phones.pop(0) if len(self.phones) > 1 else self.phones[0]
