"""Every flow of a first call, as a script for a caller, the phones and the time of day. Recorded by `record_calls`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from ivr.switch import Answers, Busy, Caller, DoNotDisturb, Phone, Refuses, Rings, Unregistered
from tests.house import HOUSE, LUNCH, MORNING, NIGHT

__all__ = ["FLOWS", "Flow"]

TABLE = HOUSE.replace("sales: {shortest: 1s}", "sales: {shortest: 1s, ask_number: yes}")


@dataclass(frozen=True)
class Flow:
    """`what`: what a reader of the tape is told; `more`: settings of the line."""

    what: str
    caller: Callable[[], Caller]
    phones: dict[str, Phone] = field(default_factory=dict)
    to: str = "1000"
    number: str = "13800138000"
    at: datetime = MORNING
    table: str = TABLE
    rang: float = 0.0
    """Seconds the caller had rung before."""
    dies: float | None = None
    """The line dies so many seconds into the call; another one takes it."""
    more: dict = field(default_factory=dict)


def dials(keys: str) -> Caller:
    return Caller().hears().waits(1).presses(keys)


def listens(seconds: float) -> Callable[[], Caller]:
    return lambda: Caller().hears().waits(seconds).hangs_up()


def message(then: Callable[[Caller], Caller]) -> Callable[[], Caller]:
    """Somebody keys an extension that is busy, hears the beep, and then …"""
    return lambda: then(dials("8002").hears("beep").waits(0.5))


BUSY = {"8002": Busy()}
SALES_BUSY = {"8001": Busy(), "8002": Busy()}


def unhappy(what: str, phone: Phone | None) -> Flow:
    """Extension 8002 comes to nothing, and the caller goes when he is asked for a message."""
    return Flow(
        f"an extension: {what}; the caller does not want to leave a message",
        lambda: dials("8002").hears_end().hears("beep").hangs_up(),
        {"8002": phone} if phone else {},
    )


FLOWS = {
    "greeting-open": Flow("the house is open; the caller listens and hangs up", listens(4)),
    "greeting-lunch": Flow("at lunch", listens(4), at=LUNCH),
    "greeting-closed": Flow("at night", listens(4), at=NIGHT),
    "greeting-late": Flow("he had rung for 20 s and hears an apology", listens(4), rang=20),
    "greeting-busy": Flow("the line is past its soft limit: he hears busy", lambda: Caller(), more={"soft_limit": 0}),
    "language-key": Flow("key 9: English", lambda: dials("9").waits(6).hangs_up()),
    "menu-key": Flow("key 3: an announcement, and the menu again", lambda: dials("3").waits(12).hangs_up()),
    "direct-dial": Flow("8002, who answers", lambda: dials("8002"), {"8002": Answers(after=3, talks=20)}),
    "direct-dial-hash": Flow("8002#, out of habit", lambda: dials("8002#"), {"8002": Answers(after=3, talks=20)}),
    "extension-unknown": Flow("8999, whom nobody knows", lambda: dials("8999").waits(8).hangs_up()),
    "silence": Flow("no key at all: the operator", lambda: Caller(), {"8001": Answers(after=2, talks=5)}),
    "wrong-keys": Flow(
        "wrong keys only: the operator",
        lambda: dials("7").waits(4).presses("6").waits(4).presses("5"),
        {"8001": Answers(after=2, talks=5)},
    ),
    "transfer-answered": Flow(
        "key 1: sales answers", lambda: dials("1"), {"8001": Answers(after=4, talks=15), "8002": Rings()}
    ),
    "transfer-in-turn": Flow(
        "key 2: of two in turn one is not to be disturbed, says the table; the other answers",
        lambda: dials("2"),
        {"8003": Answers(after=3, talks=5)},
    ),
    "transfer-no-answer": Flow(
        "key 1: nobody; a message",
        lambda: dials("1").hears("beep").waits(0.5).says(3).presses("#"),
        {"8001": Rings(), "8002": Rings()},
    ),
    "transfer-hang-up": Flow(
        "key 1: he hangs up while it rings", lambda: dials("1").waits(8).hangs_up(), {"8001": Rings(), "8002": Rings()}
    ),
    "extension-busy": unhappy("busy", Busy()),
    "extension-no-answer": unhappy("nobody answers", Rings()),
    "extension-refused": unhappy("refused by hand", Refuses()),
    "extension-unregistered": unhappy("no phone registered", Unregistered()),
    "extension-do-not-disturb": unhappy("480 Do Not Disturb", DoNotDisturb()),
    "table-do-not-disturb": Flow(
        "8004, who is not to be disturbed says the table", lambda: dials("8004").hears("beep").hangs_up()
    ),
    "hold-check-in": Flow(
        "sales is busy; he waits, is asked, keys 1, goes on waiting, and hangs up",
        lambda: dials("1").waits(45).presses("1").waits(25).hangs_up(),
        SALES_BUSY,
    ),
    "hold-key-2": Flow(
        "sales is busy; he waits a little, keys 2 and leaves a message",
        lambda: dials("1").waits(15).presses("2").hears("beep").waits(0.5).says(4),
        SALES_BUSY,
    ),
    "message-silence": Flow("a message ended by silence", message(lambda caller: caller.says(4)), BUSY),
    "message-hash": Flow("a message ended by #", message(lambda caller: caller.says(3).presses("#")), BUSY),
    "message-limit": Flow(
        "a message as long as it may be, ten seconds",
        message(lambda caller: caller.says(14)),
        BUSY,
        table=TABLE.replace("messages:\n", "messages:\n  8002: {limit: 10s}\n"),
    ),
    "message-hang-up": Flow("a message ended by hanging up", message(lambda caller: caller.says(3).hangs_up()), BUSY),
    "message-empty": Flow("nothing said, twice", message(lambda caller: caller), BUSY),
    "message-number": Flow(
        "a caller without a number keys one to be called back, and leaves a message",
        lambda: dials("1").waits(36).presses("02085550100#").waits(8).presses("1").hears("beep").waits(0.5).says(3),
        {"8001": Rings(), "8002": Rings()},
        number="anonymous",
    ),
    "killed-in-menu": Flow(
        "the line dies in the menu; another one takes the call there",
        lambda: Caller().hears().waits(12).presses("3").waits(4).hangs_up(),
        dies=4,
    ),
    "killed-while-ringing": Flow(
        "the line dies while phones ring; another one goes on",
        lambda: dials("8002").hears("beep").hangs_up(),
        {"8002": Rings()},
        dies=8,
    ),
    "announcement": Flow("key 3, and he hangs up in the middle of it", lambda: dials("3").waits(1).hangs_up()),
    "english-number": Flow("2000: sales, in English", lambda: Caller(), {"8001": Answers(after=1, talks=3)}, to="2000"),
}
