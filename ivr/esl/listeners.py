"""Who registered for an event hears of it, each in a greenlet of its own; who is slow loses the oldest, and it counts.

    >>> heard = []
    >>> listeners = Listeners(most=1000)
    >>> listeners.register("HEARTBEAT", heard.append)

The policy (D26): each handler has a queue of `most` events. When it is full the oldest is dropped: of what concerns the
whole switch the newest is worth most, and what was dropped is found by the next look at the channels. Nobody else is
kept waiting, and the reader least of all. One handler's events come in their order, one at a time.
"""

from collections import deque
from collections.abc import Callable

import gevent
import structlog

__all__ = ["Listeners"]

log = structlog.get_logger(__name__)

MOST = 1000
"""Events that wait for one handler: 10 MB of CHANNEL_HANGUP_COMPLETE."""


class _Listener:
    """One handler, its queue, and a greenlet while there is something in it."""

    __slots__ = ("busy", "dropped", "handler", "most", "queue")

    def __init__(self, handler: Callable, most: int):
        self.handler, self.most = handler, most
        self.queue: deque = deque()
        self.busy: gevent.Greenlet | None = None
        self.dropped = 0

    def put(self, event) -> None:
        if len(self.queue) >= self.most:
            self.queue.popleft()
            self.dropped += 1
            if self.dropped & (self.dropped - 1) == 0:
                log.warning("a handler is too slow: the oldest events are dropped", handler=repr(self.handler),
                            dropped=self.dropped, kept=self.most)  # fmt: skip
        self.queue.append(event)
        if self.busy is None:
            # A greenlet for each handler: one that blocks, or waits for another event, stops none but itself (D24).
            self.busy = gevent.spawn(self._work_off)

    def _work_off(self) -> None:
        try:
            while self.queue:
                event = self.queue.popleft()
                try:
                    self.handler(event)
                except Exception:  # not bare: who is killed goes (D22); and repr, for not everything has a name (D22)
                    log.exception("an event handler failed", handler=repr(self.handler), event_name=event.name)
        finally:
            self.busy = None


class Listeners:
    """Handlers by event name, by a CUSTOM event's subclass, or by "*" for what has no handler of its own."""

    def __init__(self, most: int = MOST):
        self.most = most
        self._by_name: dict[str, list[_Listener]] = {}
        self._all: list[_Listener] = []

    def register(self, name: str, handler: Callable) -> None:
        """Call `handler(event)` for each event of this name. Twice the same is once."""
        found = self._by_name.setdefault(name, [])
        if any(one.handler == handler for one in found):
            return
        # One handler has one queue, however many names it listens to: so its events keep their order.
        listener = next((one for one in self._all if one.handler == handler), None)
        if listener is None:
            listener = _Listener(handler, self.most)
            self._all.append(listener)
        found.append(listener)

    def unregister(self, name: str, handler: Callable) -> None:
        """ValueError if it was not registered for that name."""
        found = self._by_name.get(name, [])
        left = [one for one in found if one.handler != handler]
        if len(left) == len(found):
            raise ValueError(f"No handlers found for event: {name}")
        self._by_name[name] = left
        if not left:
            del self._by_name[name]
        kept = {id(one) for names in self._by_name.values() for one in names}
        self._all = [one for one in self._all if id(one) in kept]

    def tell(self, event) -> None:
        """Never waits."""
        found = self._by_name.get(event.name)
        if event.name == "CUSTOM":  # by its subclass, or by its name (D15)
            found = self._by_name.get(event.get("Event-Subclass", "")) or found
        for listener in found or self._by_name.get("*") or ():
            listener.put(event)

    @property
    def dropped(self) -> int:
        """Events that a handler was too slow for."""
        return sum(one.dropped for one in self._all)

    @property
    def waiting(self) -> int:
        """Events that wait for a handler."""
        return sum(len(one.queue) for one in self._all)

    def close(self) -> None:
        """Forget what waits, and end the handlers that run."""
        for listener in self._all:
            listener.queue.clear()
            if listener.busy is not None and listener.busy is not gevent.getcurrent():
                listener.busy.kill(block=False)
