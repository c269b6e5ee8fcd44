"""One scenario, for greenswitch's class and for ours. The stock one must still fail, or the cure can be taken out."""

from datetime import UTC, datetime

import gevent

from ivr.clock import ManualClock
from tests.esl.peer import settle

__all__ = ["Bench", "decided", "end", "within"]


class Bench:
    """What a scenario needs of either class, and what it leaves behind. `ours`: is it our turn?"""

    def __init__(self, cls, *, ours: bool):
        self.cls, self.ours = cls, ours
        self.clock = ManualClock(datetime(2026, 11, 20, tzinfo=UTC))
        self.greenlets: list[gevent.Greenlet] = []

    def does(self, function, *args, **kwargs) -> gevent.Greenlet:
        """Run it until nothing moves any more. `.ready()`: it has ended; `.value`: what came of it, or the error."""

        def run():
            try:
                return function(*args, **kwargs)
            except (Exception, gevent.Timeout) as error:  # noqa: BLE001 (told to the test)
                return error

        greenlet = gevent.spawn(run)
        self.greenlets.append(greenlet)
        settle()
        return greenlet

    def time_passes(self, seconds: float) -> None:
        """Deadlines of ours fire; the stock class has none."""
        self.clock.advance(seconds)
        settle()

    def close(self) -> None:
        gevent.killall(self.greenlets)
        settle()


def decided(bench: Bench, well: bool) -> None:
    """All is well with ours, and is not with the stock class."""
    assert well is bench.ours


def end(stock) -> None:
    """What a session or a client of the stock class leaves running and open."""
    stock._run = False  # its bare `except:` swallows a kill (D22)
    for name in ("_receive_events_greenlet", "_process_events_greenlet"):
        if getattr(stock, name, None) is not None:
            getattr(stock, name).kill()
    for name in ("sock_file", "sock"):
        if getattr(stock, name, None) is not None:
            getattr(stock, name).close()


def within(condition, seconds: float = 5) -> bool:
    """Wait for what takes real time: the stock server polls every 100 ms."""
    with gevent.Timeout(seconds, False):
        while not condition():
            gevent.get_hub().loop.update_now()
            gevent.idle()
        return True
    return False
