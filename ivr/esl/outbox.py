"""Bytes out: at once as far as the socket takes them, the rest when it does, within a deadline. Never waits.

outbox = Outbox(fd, clock, seconds=5.0)
outbox.write(b"connect\n\n", failed=print)
outbox.close()
"""

import os
from collections.abc import Callable

import gevent

from ivr.clock import Clock

__all__ = ["Outbox"]

MOST_UNSENT = 256 * 1024
"""Bytes held for a peer that does not read; past them it is given up."""


class Outbox:
    """What goes out by one socket that never blocks. `seconds`: how long the peer may leave unread what it was sent
    (D7)."""

    __slots__ = ("_stuck", "_unsent", "_writing", "clock", "fd", "seconds")

    def __init__(self, fd: int, clock: Clock, seconds: float):
        self.fd, self.clock, self.seconds = fd, clock, seconds
        self._unsent = b""
        self._writing = self._stuck = None

    def write(self, data: bytes, failed: Callable[[str], None]) -> None:
        """`failed`: called once with the reason, now or later, when nothing can go out any more."""
        if not self._unsent:
            try:
                data = data[os.write(self.fd, data) :]
            except (BlockingIOError, InterruptedError):
                pass
            except OSError as error:
                self._fail(failed, f"the socket failed: {error.strerror}")
                return
            if not data:
                return
            # The rest goes when the socket takes it: one write may take a part (D6).
            self._writing = gevent.get_hub().loop.io(self.fd, 2)
            self._writing.start(self._writable, failed)
            late = f"it did not read for {self.seconds:g} s"
            self._stuck = self.clock.call_later(self.seconds, self._fail, failed, late)
        self._unsent += data
        if len(self._unsent) > MOST_UNSENT:
            self._fail(failed, f"it left more than {MOST_UNSENT} bytes unread")

    def _writable(self, failed: Callable[[str], None]) -> None:
        """Runs in the event loop."""
        try:
            self._unsent = self._unsent[os.write(self.fd, self._unsent) :]
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._fail(failed, f"the socket failed: {error.strerror}")
            return
        if not self._unsent:
            self.close()

    def _fail(self, failed: Callable[[str], None], reason: str) -> None:
        self.close()
        failed(reason)

    def close(self) -> None:
        """Nothing is watched any more, and what is unsent is forgotten."""
        self._unsent = b""
        if self._stuck is not None:
            self._stuck.cancel()
            self._writing.stop()
            self._writing.close()
            self._writing = self._stuck = None
