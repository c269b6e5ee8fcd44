"""What a caller keys, when, and when the line hears of it: freeswitch-facts, "Digits"."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.call import Digits, Invalid, Keys, Silence
from ivr.esl.digits import AGAIN, GRACE, Keying, settled

MENU = Keys(frozenset("123*"), (("8", (4,)),))
FLAT = Keys(frozenset("123"))
MIXED = Keys(frozenset("1"), (("8", (4,)), ("9", (3, 5))))
PAUSE = 1.5


@dataclass
class Channel:
    """FreeSWITCH's play_and_get_digits on a channel, in small, and a line that hears of everything `late` seconds
    later. Gives what a caller means by his keys, question by question. `parks`: between two commands the channel
    swallows keys, as a parked one does; else they wait for the next command."""

    typed: list[tuple[float, str]]
    late: float = 0.02
    parks: bool = True
    keying: Keying = field(default_factory=Keying)
    now: float = 0.0
    injected: int = 0
    asked: int = 0

    def __post_init__(self):
        self.queue = [(at, key, "RTP") for at, key in self.typed]
        self.events: list[tuple[float, str, str]] = []  # on their way to the line

    def ask(self, keys: Keys | None, most: int | None = None, timeout: float = 10.0):
        while True:
            self.asked += 1
            ahead = self.keying.begin(keys, self.now, most or 32)
            if not isinstance(ahead, str):
                return ahead
            meant = self._collect(keys, ahead, most or max(1, keys.longest), PAUSE if ahead else timeout)
            if meant is not AGAIN:
                return meant

    def _tell(self) -> None:
        """The line hears of the next event; what it injects comes after what was typed by then."""
        at, key, source = self.events.pop(0)
        if self.keying.begun() if key == "begun" else self.keying.key(key, source, at):
            self.injected += 1
            self.queue.append((at, "#", "APP"))
            self.queue.sort(key=lambda entry: entry[0])

    def _happens(self, key: str, source: str) -> None:
        self.events.append((self.now + self.late, key, source))

    def _park(self, until: float) -> None:
        while self.parks and self.queue and self.queue[0][0] <= until:
            at, key, source = self.queue.pop(0)
            self.events.append((at + self.late, key, source))

    def _collect(self, keys, ahead, most, timeout):
        self._park(self.now)
        self._happens("begun", "")
        collected, last = "", None
        while True:
            limit = (self.now + timeout) if last is None else last + PAUSE
            due = self.queue[0][0] if self.queue else float("inf")
            told = self.events[0][0] if self.events else float("inf")
            if told <= min(due, limit):
                self._tell()
                continue
            if due > limit:
                self.now = limit
                break
            at, key, source = self.queue.pop(0)
            self.now = last = max(self.now, at)
            self._happens(key, source)
            if key == "#":
                break
            collected += key
            if len(ahead + collected) >= most:
                break
        self.now += self.late
        while self.events and self.events[0][0] <= self.now:
            self._tell()
        self._park(self.now)
        if not collected:
            return self.keying.end("", "", self.now)
        fits = keys is None or keys.complete(ahead + collected)
        return self.keying.end(collected if fits else "", "" if fits else collected, self.now)


def put(keying: Keying, keys: Keys | None, now: float):
    """A question is put, and the switch begins with it at once."""
    ahead = keying.begin(keys, now)
    if isinstance(ahead, str):
        keying.begun()
    return ahead


def typing(keys: str, gap: float = 0.25, start: float = 1.0) -> list[tuple[float, str]]:
    return [(start + n * gap, key) for n, key in enumerate(keys)]


ON_TIME, LATE = 0.02, 0.3


@pytest.mark.parametrize("parks", [True, False], ids=["parks", "keeps"])
@pytest.mark.parametrize("late", [ON_TIME, LATE])
@pytest.mark.parametrize(
    ("keys", "first", "second"),
    [
        ("1", Digits("1"), Silence()),
        ("1#", Digits("1"), Silence()),
        ("13", Digits("1"), Digits("3")),
        ("13#", Digits("1"), Digits("3")),
        ("1#3#", Digits("1"), Digits("3")),
        ("*", Digits("*"), Silence()),
        ("8001", Digits("8001"), Silence()),
        ("8001#", Digits("8001"), Silence()),
        ("18001", Digits("1"), Digits("8001")),
        ("80012", Digits("8001"), Digits("2")),
        ("80#1", Invalid("80"), Digits("1")),
        ("80", Invalid("80"), Silence()),
        ("7", Invalid("7"), Silence()),
        ("#", Invalid(""), Silence()),
        ("", Silence(), Silence()),
    ],
)
def test_a_menu_in_which_extensions_may_be_keyed(parks, late, keys, first, second):
    # Given a caller who keys this in one go, and a line that hears of each key a little, or 300 ms, later
    channel = Channel(typing(keys), late, parks)
    # When two menus follow each other, the same keys in both
    heard = [channel.ask(MENU), channel.ask(MENU)]
    # Then each got what the caller meant
    assert heard == [first, second]


@pytest.mark.parametrize("gap", [0.04, 0.25, 0.6, 1.2])
@pytest.mark.parametrize("late", [0.0, 0.02, 0.1, 0.3])
@pytest.mark.parametrize("keys", ["1#", "13", "8001#"])
def test_how_fast_he_keys_makes_no_difference(keys, late, gap):
    channel = Channel(typing(keys, gap), late)
    first, second = channel.ask(MENU), channel.ask(MENU)
    assert first == Digits(keys.rstrip("#3") if keys != "8001#" else "8001")
    assert second == (Digits("3") if keys == "13" else Silence())


def test_an_unambiguous_key_does_not_wait_for_the_pause():
    channel = Channel(typing("1"))
    assert channel.ask(MENU) == Digits("1")
    assert channel.now == pytest.approx(1.0 + 3 * ON_TIME, abs=0.03)
    assert channel.injected == 1


def test_a_number_that_may_be_longer_waits_and_one_that_may_not_does_not():
    short = Channel(typing("900"))
    assert (short.ask(MIXED), short.injected) == (Digits("900"), 0)
    assert short.now > 1.5 + PAUSE
    full = Channel(typing("8001"))
    assert (full.ask(MIXED), full.injected) == (Digits("8001"), 1)
    assert full.now < 2.0


def test_nothing_is_injected_where_the_switch_ends_by_itself():
    channel = Channel(typing("1"))
    assert (channel.ask(FLAT), channel.injected) == (Digits("1"), 0)


def test_the_hash_after_a_single_key_of_a_flat_menu_does_not_end_the_next_question():
    channel = Channel(typing("1#"))
    assert (channel.ask(FLAT), channel.ask(FLAT)) == (Digits("1"), Silence())
    assert channel.asked == 3


def test_our_own_hash_is_never_answered_again():
    # Given a question that was ended by our own #
    keying = Keying()
    put(keying, MENU, 0.0)
    assert keying.key("1", "RTP", 1.0)
    # When it, and more of them, come back as events
    again = [keying.key("#", "APP", 1.02) for _ in range(3)]
    # Then nothing is injected for them
    assert again == [False, False, False]


def test_only_one_is_injected_for_a_question():
    keying = Keying()
    put(keying, MENU, 0.0)
    assert [keying.key(key, "RTP", 1.0) for key in "123"] == [True, False, False]


def test_a_hash_that_comes_too_late_is_for_this_question():
    keying = Keying()
    put(keying, FLAT, 0.0)
    keying.key("1", "RTP", 1.0)
    assert keying.end("1", "", 1.0) == Digits("1")
    put(keying, FLAT, 1.0)
    keying.key("#", "RTP", 1.0 + GRACE + 0.1)
    assert keying.end("", "", 3.2) == Invalid("")


def test_a_second_hash_is_for_this_question():
    channel = Channel(typing("1##"))
    assert (channel.ask(FLAT), channel.ask(FLAT)) == (Digits("1"), Invalid(""))


def test_a_hash_between_two_questions_is_nobodys():
    keying = Keying()
    put(keying, FLAT, 0.0)
    keying.key("1", "RTP", 1.0)
    keying.end("1", "", 1.0)
    # When the # is swallowed by something that is played to the end
    keying.key("#", "RTP", 1.3)
    put(keying, FLAT, 1.5)
    keying.key("#", "RTP", 1.8)
    # Then the next one counts
    assert keying.end("", "", 1.8) == Invalid("")


def test_the_hash_after_a_key_typed_ahead_does_not_end_the_next_question():
    # `1#`, out of habit: the 1 while nobody asked, the # when the next question is there already
    keying = Keying()
    keying.key("1", "RTP", now=0.9)
    assert keying.begin(MENU, now=1.0) == Digits("1")
    assert keying.begin(MENU, now=1.1) == ""
    keying.begun()
    keying.key("#", "RTP", now=1.2)
    assert keying.end("", "", now=1.2) is AGAIN


def test_keys_typed_ahead_are_lost_when_something_is_played_to_the_end():
    keying = Keying()
    put(keying, MENU, 0.0)
    assert keying.end("", "13", 1.0) == Digits("1")
    keying.lose()
    assert put(keying, MENU, 1.0) == ""


def test_keys_typed_ahead_that_need_more_are_the_beginning_of_the_answer():
    keying = Keying()
    put(keying, MENU, 0.0)
    assert keying.end("", "180", 1.0) == Digits("1")
    assert put(keying, MENU, 1.0) == "80"
    assert [keying.key(key, "RTP", 1.3) for key in "01"] == [False, False]
    assert keying.end("01", "", 1.4) == Digits("8001")


def test_a_number_takes_what_was_typed_ahead():
    keying = Keying()
    put(keying, MENU, 0.0)
    assert keying.end("", "1380", 1.0) == Digits("1")
    assert put(keying, None, 1.0) == "380"
    assert keying.end("01", "", 2.0) == Digits("38001")


def test_any_number():
    channel = Channel(typing("13800138000#"))
    assert channel.ask(None, most=15) == Digits("13800138000")
    assert Channel(typing("138")).ask(None, most=15) == Digits("138")
    assert Channel(typing("13800138000#2")).ask(None, most=11) == Digits("13800138000")


@settings(max_examples=300, deadline=None)
@given(
    st.text("0123456789*#ABCD", max_size=12),
    st.sampled_from([MENU, FLAT, MIXED]),
    st.floats(0, 0.5),
    st.floats(0.03, 2.5),
)
def test_whatever_is_keyed_every_question_comes_to_an_end(keys, menu, late, gap):
    # Given any caller, any line
    channel = Channel(typing(keys, gap), late)
    # When as many questions are put as keys were typed, and one more
    heard = [channel.ask(menu) for _ in range(len(keys) + 1)]
    # Then each ends, no answer is one that the menu does not have, and no question is put for ever
    assert all(menu.complete(one.value) for one in heard if isinstance(one, Digits))
    assert channel.asked <= 2 * len(heard)
    assert channel.injected <= channel.asked


@settings(max_examples=200, deadline=None)
@given(st.text("0123456789*", max_size=6), st.sampled_from([MENU, FLAT, MIXED]))
def test_settled_means_complete_and_nothing_longer(typed, menu):
    longer = any(menu.complete(typed + "0" * n) for n in range(1, 6))
    assert settled(menu, typed) == (menu.complete(typed) and not longer)
