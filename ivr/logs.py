"""The log: one line an event on stderr, for people in a terminal, as JSON elsewhere. Numbers of callers are masked."""

import logging
import queue
import re
import sys
import threading
from typing import TextIO

import structlog

__all__ = ["Scroll", "masked", "set_up"]

NUMBER = re.compile(r"(?<![0-9a-f-])\+?[0-9]{6,}(?![0-9a-f-])")
IDS = frozenset({"call", "version", "timestamp", "listen", "records"})
"""Values that are no numbers of callers though they may look like one."""


def masked(text: str) -> str:
    """A text with telephone numbers cut down to their last two digits.

    >>> masked("13800138000 dialled 02085550100")
    '…00 dialled …00'
    """
    return NUMBER.sub(lambda found: "…" + found.group()[-2:], text)


def mask(_logger, _name: str, event: dict) -> dict:
    """The processor: every text value but ids. A number may stand in an error, or in the words a caller was to hear."""
    return {key: masked(value) if isinstance(value, str) and key not in IDS else value for key, value in event.items()}


class Scroll:
    """A stream that never makes its writer wait: a thread of its own writes, and what is too much is dropped, counted.

    A log written to a pipe that nobody reads would stop every call otherwise (measured).
    """

    def __init__(self, stream: TextIO, most: int = 10_000):
        self._stream, self._lines = stream, queue.Queue(most)
        self.dropped = 0
        threading.Thread(target=self._write, name="log", daemon=True).start()

    def write(self, text: str) -> None:
        try:
            self._lines.put_nowait(text)
        except queue.Full:
            self.dropped += 1

    def flush(self) -> None:
        """Nothing waits for a log; `drain` does, at the end."""

    def drain(self, seconds: float = 1.0) -> None:
        """Wait until all is written, so long at most."""
        written = threading.Event()
        try:
            self._lines.put(written, timeout=seconds)
        except queue.Full:
            return
        written.wait(seconds)

    def _write(self) -> None:
        while True:
            line = self._lines.get()
            if isinstance(line, threading.Event):
                line.set()
                continue
            try:
                self._stream.write(line)
                self._stream.flush()
            except (OSError, ValueError):
                self.dropped += 1


def set_up(level: str = "info", stream: TextIO | None = None) -> None:
    """Configure the log of a command. `stream`: where to, if not stderr as it is at the moment of writing."""
    threshold = getattr(logging, level.upper())
    people = sys.stderr.isatty()
    shown = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if people
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([] if people else [structlog.processors.format_exc_info]),
            mask,
            shown,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=lambda *_: structlog.PrintLogger(stream or sys.stderr),
    )
    logging.basicConfig(
        level=max(threshold, logging.WARNING), stream=stream or sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )
