"""Work off the hub: waited for with a deadline, or posted and never waited for."""

import threading
from contextlib import contextmanager

import gevent
import pytest

from ivr.clock import ManualClock
from ivr.errors import StoreError
from ivr.gevent_clock import SystemClock
from ivr.journal import Noted, Opened
from ivr.store.off_hub import OffHub
from ivr.store.scribe import Scribe
from ivr.switch import VirtualClock
from tests.store.conftest import AT, UUID


class Gate:
    """A job that is held until it is let go; `begun` tells the hub that it is in the thread."""

    def __init__(self):
        self.begun, self.let_go = threading.Event(), threading.Event()

    def __call__(self, value=None):
        self.begun.set()
        assert self.let_go.wait(20)
        return value

    def wait_begun(self):
        gevent.get_hub().threadpool.apply(self.begun.wait, (20,))


@pytest.fixture
def manual():
    return ManualClock(AT)


@pytest.fixture
def off_hub(manual):
    off_hub = OffHub(manual)
    yield off_hub
    off_hub.close()


@pytest.fixture(autouse=True)
def deadline():
    with gevent.Timeout(30):
        yield


def test_it_gives_back_what_the_function_gave_and_raises_what_it_raised(off_hub):
    assert off_hub.run(divmod, 7, 2) == (3, 1)
    assert off_hub.run(dict, a=1) == {"a": 1}
    with pytest.raises(ZeroDivisionError):
        off_hub.run(divmod, 7, 0)


def test_it_runs_in_another_thread_and_others_go_on(off_hub):
    # Given a job that takes long
    gate = Gate()
    waiting = gevent.spawn(off_hub.run, gate, "done")
    gate.wait_begun()

    # Then other greenlets run meanwhile
    assert gevent.spawn(lambda: "ran").get(timeout=5) == "ran"
    gate.let_go.set()
    assert waiting.get() == "done"
    assert off_hub.run(threading.get_ident) != threading.get_ident()


def test_the_deadline_is_the_clocks(off_hub, manual):
    # Given a job in the thread, and one behind it
    gate, done = Gate(), []
    first = gevent.spawn(off_hub.run, gate, deadline=2)
    second = gevent.spawn(off_hub.run, done.append, "never", deadline=3)
    gate.wait_begun()

    # When three seconds pass on the clock
    manual.advance(3)

    # Then both who waited are told; the one that had not begun never begins; the next one is served
    for greenlet in (first, second):
        with pytest.raises(StoreError, match="not done within"):
            greenlet.get()
    gate.let_go.set()
    assert off_hub.run(lambda: "served") == "served"
    assert done == []


def test_a_caller_who_hangs_up_while_waiting_leaves_nothing_behind(off_hub, manual):
    gate, done = Gate(), []
    gevent.spawn(off_hub.run, gate)
    gate.wait_begun()
    gone = gevent.spawn(off_hub.run, done.append, 1)
    gevent.idle()
    gone.kill()
    gate.let_go.set()
    assert off_hub.run(lambda: "served") == "served"
    assert (done, off_hub._waiting, manual.next_due) == ([], type(off_hub._waiting)(), None)


def test_too_many_waiting_is_an_error_at_once(manual):
    off_hub = OffHub(manual, most_waiting=2)
    gate = Gate()
    waiting = [gevent.spawn(off_hub.run, gate) for _ in range(3)]
    gate.wait_begun()
    gevent.idle()
    with pytest.raises(StoreError, match="2 others are waiting for the store already"):
        off_hub.run(int)
    gate.let_go.set()
    gevent.joinall(waiting, raise_error=True)
    off_hub.close()


def test_posted_jobs_are_done_in_order_and_never_raise(off_hub):
    done = []
    for n in range(1000):
        off_hub.post(done.append, n)
        if n % 100 == 50:
            off_hub.post(int, "this is a fault of a programmer")
    assert off_hub.flush()
    assert done == list(range(1000))
    assert off_hub.dropped == 10


def test_callers_go_before_posted_jobs(off_hub):
    # Given a thread at work, and many posted jobs
    gate, order = Gate(), []
    off_hub.post(gate)
    gate.wait_begun()
    for n in range(500):
        off_hub.post(order.append, n)
    caller = gevent.spawn(off_hub.run, order.append, "caller")
    gevent.idle()

    gate.let_go.set()
    caller.get()

    # Then the caller was served first
    assert order[0] == "caller"
    assert off_hub.flush()
    assert order[1:] == list(range(500))


def test_a_locked_database_keeps_posted_jobs_waiting_in_order(off_hub, manual):
    # Given a database that refuses twice
    refusals, done = [1, 2], []

    def write(n):
        if refusals:
            refusals.pop()
            raise StoreError("database is locked")
        done.append(n)

    for n in range(5):
        off_hub.post(write, n)

    # When time passes
    assert not off_hub.run(lambda: done)
    for _ in range(2):
        while manual.next_due is None:
            gevent.sleep(0)
        manual.advance(1)

    # Then all of it is written, once, in order
    assert off_hub.flush()
    assert (done, off_hub.dropped) == ([0, 1, 2, 3, 4], 0)


def test_more_posted_jobs_than_the_most_are_dropped_and_counted(manual):
    off_hub = OffHub(manual, most_posted=3)
    gate, done = Gate(), []
    off_hub.post(gate)
    for n in range(10):
        off_hub.post(done.append, n)
    gate.let_go.set()
    assert off_hub.flush()
    assert (done, off_hub.dropped) == ([0, 1], 8)
    off_hub.close()


def test_who_waits_when_it_is_closed_is_told_at_once_and_the_clock_goes_on():
    with VirtualClock(AT) as clock:
        off_hub, gate, gave = OffHub(clock), Gate(), []

        def wait_for(job):
            try:
                gave.append(off_hub.run(job, deadline=3600))
            except StoreError as error:
                gave.append(str(error))

        both = [gevent.spawn(wait_for, gate), gevent.spawn(wait_for, dict)]
        gate.wait_begun()
        off_hub.post(list)
        gevent.get_hub().threadpool.spawn(gate.let_go.set)
        off_hub.close()
        gevent.joinall(both, raise_error=True)
        assert [said.partition(":")[2] for said in gave] == [" not done, the line stops"] * 2
        clock.sleep(60)  # comes back: nobody is busy any more
        # And who asks all the same, as a chore of a line that dies may, is not left waiting
        assert off_hub.run(dict) == {}
        off_hub.close()


def test_flush_has_a_deadline(off_hub, manual):
    gate = Gate()
    off_hub.post(gate)
    flushing = gevent.spawn(off_hub.flush, 5)
    gate.wait_begun()
    manual.advance(5)
    assert flushing.get() is False
    gate.let_go.set()
    assert off_hub.flush() is True
    assert off_hub.flush() is True


def test_a_virtual_clock_is_told_while_a_job_is_out():
    class Virtual(ManualClock):
        out, most = 0, 0

        @contextmanager
        def busy(self):
            self.out += 1
            self.most = max(self.most, self.out)
            yield
            self.out -= 1

    clock = Virtual(AT)
    off_hub = OffHub(clock)
    gate = Gate()
    waiting = gevent.spawn(off_hub.run, gate, deadline=1)
    gate.wait_begun()
    off_hub.post(int)
    assert clock.out == 2
    gate.let_go.set()
    waiting.get()
    assert off_hub.flush()
    assert (clock.out, clock.most) == (0, 2)
    # And it is not held up while a refused job waits for its second
    off_hub.post(_refuse)
    while clock.next_due is None:
        gevent.sleep(0)
    assert clock.out == 0
    off_hub.close()


def _refuse():
    raise StoreError("database is locked")


def test_the_scribe_writes_everything_in_order_in_few_transactions(store, journal):
    # Given a scribe, and the thread busy for a moment
    off_hub = OffHub(SystemClock())
    visits = []
    journal_write = journal.write
    journal.write = lambda entries: (visits.append(len(entries)), journal_write(entries))
    scribe = Scribe(journal, off_hub)
    gate = Gate()
    off_hub.post(gate)

    # When much is written of a call
    scribe.write(Opened(UUID, AT))
    for n in range(1199):
        scribe.write(Noted(UUID, AT, "key", {"n": n}))
    gate.let_go.set()

    # Then all of it is there
    assert scribe.flush(10)
    assert [event.data["n"] for event in journal.call(UUID).events] == list(range(1199))
    assert visits == [500, 500, 200]
    off_hub.close()


def test_the_scribe_loses_nothing_while_it_writes_and_others_write(store, journal):
    off_hub = OffHub(SystemClock())
    scribe = Scribe(journal, off_hub)
    journal.opened(UUID, AT)

    def call(k):
        for n in range(100):
            scribe.write(Noted(UUID, AT, "key", {"call": k, "n": n}))
            gevent.sleep(0)

    gevent.joinall([gevent.spawn(call, k) for k in range(20)], raise_error=True)
    assert scribe.flush(20)
    found = [(event.data["call"], event.data["n"]) for event in journal.call(UUID).events]
    assert len(found) == 2000
    assert all([n for call, n in found if call == k] == list(range(100)) for k in range(20))
    assert scribe.dropped == 0
    off_hub.close()


def test_the_scribe_keeps_so_much_and_no_more(journal, manual):
    off_hub = OffHub(manual)
    journal.write = lambda entries: _refuse()
    scribe = Scribe(journal, off_hub, most=10)
    for n in range(12):
        scribe.write(Noted(UUID, AT, "key", {"n": n}))
    assert scribe.dropped == 2
    off_hub.close()


def test_what_the_scribe_has_put_down_makes_room_for_more(journal):
    # Given a line that runs for months: ten entries may wait, and fifty are written
    off_hub = OffHub(SystemClock())
    scribe = Scribe(journal, off_hub, most=10)
    journal.opened(UUID, AT)
    for day in range(5):
        for n in range(10):
            scribe.write(Noted(UUID, AT, "key", {"day": day, "n": n}))
        assert scribe.flush(10)
    # Then its journal has no end
    assert len(journal.call(UUID).events) == 50
    off_hub.close()
