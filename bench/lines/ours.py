"""Our line. With `books`: store, journal and messages as `ivr serve` has them; without: the wire and the handlers."""

import sys
from pathlib import Path

import structlog

from bench import house
from bench.lines.process import gevent_line
from ivr.call import Recorded
from ivr.esl.call import EslCall
from ivr.esl.server import Server
from ivr.gevent_clock import SystemClock
from ivr.handlers import installed
from ivr.heap import settle
from ivr.line import Line
from ivr.ready import instants, needed
from ivr.reception import Reception
from ivr.speaking import BIG
from ivr.table.kept import from_kept


class NoBooks:
    """Nothing is written down."""

    def note(self, call, event, data) -> None:
        pass

    def write_down(self, call, name, box, callback) -> None:
        pass

    def keep(self, call, recorded: Recorded, shortest: float) -> str:
        return ""

    def place(self, call, hold) -> None:
        return None

    def step_out(self, call) -> None:
        pass

    def turn(self, call, address) -> int:
        return 0

    def remember_language(self, call, language) -> None:
        pass

    def recall_language(self, call) -> str:
        return ""

    def overridden(self, call, hours) -> None:
        return None


class Wire:
    """Line without what it writes down."""

    def __init__(self, data: Path, port: int, seconds: float):
        self.table, self.clock, self.books = house.table(), SystemClock(), NoBooks()
        self.voice = house.voice(data, seconds)
        handlers = installed()
        self.reception = Reception(handlers)
        self.voice.build(needed(self.table, handlers, instants(self.table, self.clock.now())), self.table.languages)
        self.server = Server(("127.0.0.1", port), self.take, clock=self.clock, soft=5000, hard=5000)

    def take(self, session) -> None:
        call = EslCall(session, self.voice, self.clock, self.books)
        call.table = self.table
        self.reception.receive(call)

    def start(self) -> None:
        self.server.start()


def build(given):
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(30), logger_factory=structlog.PrintLoggerFactory(sys.stderr)
    )
    data = Path(given.data)
    if not given.books:
        return Wire(data, given.port, given.seconds)
    table = from_kept(Path(given.table).read_bytes()) if given.table else house.table()
    return Silent(house.settings(data, given.port), table, voice=house.voice(data, given.seconds))


class Silent(Line):
    """The words of a big table are made when a caller needs them: all of them would take longer than the bench, and are
    another process's work."""

    def speak(self) -> None:
        if len(self.tables.current.steps) < BIG:
            super().speak()


class Settled:
    """A line that is started as `ivr serve` does it."""

    def __init__(self, line):
        self.line = line

    def start(self) -> None:
        self.line.start()
        settle()


if __name__ == "__main__":
    gevent_line(lambda given: Settled(build(given)))
