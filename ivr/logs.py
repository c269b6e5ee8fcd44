"""The log: one line an event on stderr, for people in a terminal, as JSON elsewhere. Numbers of callers are masked."""

import logging
import re
import sys

import structlog

__all__ = ["masked", "set_up"]

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


def set_up(level: str = "info") -> None:
    """Configure the log of a command."""
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
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    logging.basicConfig(
        level=max(threshold, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )
