"""What a call asks of the books, in whole lines: overrides, and whose turn it is."""

from contextlib import closing
from datetime import timedelta

import pytest

from ivr.call import Recorded
from ivr.errors import StoreError
from ivr.overrides import Override
from ivr.store import Languages, Overrides, Store, Turns
from ivr.switch import Busy, Caller
from ivr.switch.sounds import write_voice
from ivr.tapes.reading import read
from ivr.tapes.replay import TapeBooks
from tests.switched import FRIDAY, switched

NUMBER = "13800138000"
UNTIL = FRIDAY + timedelta(minutes=5)


@pytest.fixture
def house(tmp_path):
    with switched(tmp_path / "data", tapes=str(tmp_path / "tapes"), look=1.0) as house:
        yield house


@pytest.fixture
def in_calls(house):
    """`in_calls(does)` has each new call do it, before its first step; what it gave is kept."""

    def set_up(does):
        gave, receive = [], house.line.reception.receive

        def first(call):
            if call.entered_at is None:
                gave.append(does(call))
            return receive(call)

        house.line.reception.receive = first
        return gave

    return set_up


def one_call(house):
    return house.call(Caller().hears().hangs_up())


def test_an_override_set_by_a_command_is_seen_by_every_line_within_two_seconds(house):
    # Given a command on the same machine
    with closing(Store(house.settings.database_url)) as store:
        Overrides(store).set("office", Override("closed", UNTIL, "root"), house.clock.now())
    house.clock.sleep(2)
    lines = (house.line, house.second)
    assert [line.books.overridden(None, "office") for line in lines] == [Override("closed", UNTIL, "root")] * 2
    # And a line that starts now knows it before its first call
    third = house.new_line()
    third.start()
    assert third.books.overridden(None, "office").state == "closed"
    third.stop(0)
    # And after its time nobody knows it any more
    house.clock.sleep(300)
    assert [line.books.overridden(None, "office") for line in lines] == [None, None]


def test_a_caller_overrides_hours_and_gives_them_back(house, in_calls):
    gave = in_calls(
        lambda call: (
            call.override("office", "closed", UNTIL), call.overridden("office"),
            call.override("office", None), call.overridden("office"),
        )
    )  # fmt: skip
    call = one_call(house)
    assert gave == [(True, Override("closed", UNTIL, f"caller {NUMBER}"), True, None)]
    told = [event.data for event in house.journal(call.uuid).events if event.event == "override"]
    assert told == [
        {"hours": "office", "state": "closed", "until": UNTIL.isoformat()},
        {"hours": "office", "state": "table", "until": None},
    ]


def test_with_the_store_away_a_caller_hears_so_and_the_first_phone_rings(house, in_calls, monkeypatch):
    def asks(call):
        return call.override("office", "closed", UNTIL), call.turn("department/sales"), call.recall_language()

    gave = in_calls(asks)
    monkeypatch.setattr(house.line.books.off_hub, "run", off := Away(house.line.books.off_hub.run))
    one_call(house)
    assert gave == [(False, 0, "")]
    assert off.deadlines == [3.0, 0.3, 0.3]


class Away:
    """An OffHub whose jobs for calls are never done in time."""

    def __init__(self, run):
        self.run, self.deadlines = run, []

    def __call__(self, function, *args, deadline, **more):
        if function.__self__.__class__ not in (Languages, Overrides, Turns) or function.__name__ == "look":
            return self.run(function, *args, deadline=deadline, **more)
        self.deadlines.append(deadline)
        raise StoreError("not done in time")


def test_calls_take_turns_whatever_line_they_come_to(house, in_calls):
    gave = in_calls(lambda call: call.turn("department/sales"))
    one_call(house)
    house.second.books.turn(None, "department/sales")
    one_call(house)
    assert gave == [0, 2]


def test_a_tape_answers_as_the_books_did(house, in_calls, tmp_path):
    def asks(call):
        return (
            call.turn("department/sales"), call.overridden("office"), call.override("office", "open", None),
            call.overridden("office"), call.overridden("warehouse"), call.recall_language(),
        )  # fmt: skip

    Languages(house.line.store).keep(f"+86{NUMBER}", "en", house.clock.now())
    gave = in_calls(asks)
    call = one_call(house)
    house.line.recorder.shelf.flush()
    tape = read(tmp_path / "tapes" / f"{call.uuid}-01.jsonl")
    books = TapeBooks(tape, None)
    said = Override("open", None, f"caller {NUMBER}")
    assert gave == [(0, None, True, said, None, "en")]
    assert books.turn(None, "department/sales") == 0
    assert books.overridden(None, "office") is None
    assert books.override(None, "office", "open", None) is True
    assert books.overridden(None, "office") == said
    assert books.overridden(None, "warehouse") is None
    assert books.recall_language(None) == "en"


@pytest.mark.parametrize("slow_at", [{"finish"}, {"begin", "finish"}])
def test_a_store_that_is_slow_holds_no_caller_up_and_he_hears_his_number(house, monkeypatch, slow_at):
    # Given a store that does not answer in time when a message is written down, or finished
    run = house.line.off_hub.run
    late = []

    def slow(function, *args, **how):
        if function.__name__ in slow_at:
            late.append(function.__name__)
            raise StoreError("not done within 0.3 s")
        return run(function, *args, **how)

    for line in (house.line, house.second):
        monkeypatch.setattr(line.off_hub, "run", slow)
    told = []
    keep = house.line.books.keep
    monkeypatch.setattr(house.line.books, "keep", lambda *how: told.append(keep(*how)) or told[-1])
    # When a caller leaves a message
    house.switch.phones["8002"] = Busy()
    script = Caller().hears().waits(1).presses("8002").hears("recording").waits(0.5).says(5).presses("#")
    call = house.call(script)
    # Then he hears its number all the same, and it is in the database soon after, not only after the next sweep
    (message,) = house.line.messages.list(uuid=call.uuid)
    assert (set(late), message.state, message.ended, [message.reference]) == (slow_at, "new", "key", told)


def test_who_said_nothing_is_asked_again_though_the_store_is_slow(house):
    books, name = house.line.books, "6a260ece-0ada-4bfb-b3f7-7b5a1771d19b-2.wav"
    house.line.off_hub.close()
    house.line.off_hub.run = lambda *_, **__: 1 / 0
    write_voice(str(house.settings.spool / name), 0.0, 5.0, [])
    assert books.keep(None, Recorded(name, 5000, "silence"), 1.0) is None
    # But of a recording that is not there the switch's word is taken
    assert books.keep(None, Recorded(name.replace("-2", "-3"), 5000, "key"), 1.0) == ""
