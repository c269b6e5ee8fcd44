"""What one call does: the dialplan's actions in order, and the line's commands in between.

FreeSWITCH gives each call a thread; here it is a greenlet. An application that takes time waits in `rest`, and there
the line's commands are obeyed: at the next 20 ms tick, those written together in one tick, nested in the running
application unless that one was sent with `event-lock` (freeswitch-facts, "Flow").
"""

import math
from collections import deque
from collections.abc import Callable
from enum import Enum
from uuid import uuid4

from ivr.switch.channel import Channel
from ivr.switch.expand import expand
from ivr.switch.sounds import TICK
from ivr.switch.wire import Command

__all__ = ["APPLICATIONS", "Rest", "Session", "application"]

APPLICATIONS: dict[str, Callable[["Session", str], None]] = {}
STACKS = 16
"""SWITCH_MAX_STACKS: deeper than this nothing nested is executed."""


def application(*names: str) -> Callable:
    """Make a function `(session, data)` an application of the switch."""

    def register(function: Callable) -> Callable:
        APPLICATIONS.update(dict.fromkeys(names, function))
        return function

    return register


class Rest(Enum):
    """Why `rest` came back."""

    TIME = "the time is over"
    KEY = "a key waits"
    BREAK = "uuid_break"
    GONE = "hung up, reset or transferred"
    DONE = "what was waited for has happened"


class Session:
    """One call being executed."""

    def __init__(self, switch, channel: Channel):
        self.switch, self.channel, self.clock = switch, channel, switch.clock
        self.commands: deque[Command] = deque()
        self.locked = False
        self.depth = 0
        self.log: list[tuple[str, str, int]] = []
        self.flow: list[dict] = []
        self._tick_set = False

    # the state machine -----------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Route, execute, route again after a transfer; at the end hang up and account."""
        channel = self.channel
        try:
            while not channel.down:
                channel.state = "CS_ROUTING"
                actions = self.hunt(channel.profile)
                if not actions:
                    channel.hang_up("NO_ROUTE_DESTINATION")
                    break
                channel.state, channel.transferred = "CS_EXECUTE", False
                self._note_flow(actions)
                for name, data in actions:
                    self.execute(name, data)
                    if channel.state != "CS_EXECUTE":
                        break
                if channel.ready:
                    channel.hang_up("NORMAL_CLEARING")
        except Exception as error:  # noqa: BLE001 - a fault of ours must not hang the test that finds it
            channel.hang_up("NORMAL_TEMPORARY_FAILURE")
            self.switch.failed(channel.uuid, error)
        finally:
            self._report()

    def _report(self) -> None:
        channel = self.channel
        channel.heard.ends(channel.seconds())
        channel.fire("CHANNEL_STATE")
        channel.callstate = "HANGUP"
        channel.fire("CHANNEL_CALLSTATE", (("Original-Channel-Call-State", "ACTIVE"),))
        channel.state = "CS_REPORTING"
        channel.account()
        self.switch.report(self)
        channel.fire("CHANNEL_STATE")
        channel.fire("CHANNEL_HANGUP_COMPLETE")
        channel.over.set()

    def _note_flow(self, actions: list[tuple[str, str]]) -> None:
        profile = self.channel.profile
        self.flow.insert(0, {"profile": dict(profile), "actions": actions, "times": dict(self.channel.times)})

    # the dialplan ----------------------------------------------------------------------------------------------------

    def hunt(self, profile: dict) -> list[tuple[str, str]]:
        """The dialplan's actions for a caller profile."""
        return self.switch.dialplan.hunt(
            profile["context"],
            lambda name: self.channel.variables.get(name) or profile.get(name) or "",
            self.expand,
            self.execute,
        )

    def execute_extension(self, number: str, context: str | None = None) -> None:
        """Run another extension's actions in between; it comes back here."""
        if self.depth >= STACKS:
            return
        profile = {**self.channel.profile, "destination_number": number}
        if context:
            profile["context"] = context
        self.depth += 1
        try:
            for name, data in self.hunt(profile):
                if not self.channel.ready:
                    return
                self.execute(name, data)
        finally:
            self.depth -= 1

    def expand(self, text: str) -> str:
        return expand(text, self.channel.get, self.switch.variables, self.switch.api_in_text)

    # applications ----------------------------------------------------------------------------------------------------

    def execute(self, name: str, data: str = "", uuid: str | None = None) -> None:
        """Run one application, with its two events. An unknown one clears the call, without an event."""
        channel = self.channel
        function = APPLICATIONS.get(name)
        if function is None:
            channel.hang_up("DESTINATION_OUT_OF_ORDER")
            return
        if data and not channel.true("app_disable_expand_variables"):
            data = self.expand(data)
        uuid = uuid or str(uuid4())
        self.log.append((name, data, round(self.clock.now().timestamp() * 1_000_000)))
        channel.set("current_application", name)
        channel.set("current_application_data", data, check=False)
        channel.set("current_application_response", None)
        rows = (("Application", name), *((("Application-Data", data),) if data else ()), ("Application-UUID", uuid))
        channel.fire("CHANNEL_EXECUTE", rows)
        channel.broken = False
        function(self, data)
        response = channel.get("current_application_response") or "_none_"
        channel.fire("CHANNEL_EXECUTE_COMPLETE", (*rows[:-1], ("Application-Response", response), rows[-1]))

    def obey(self) -> None:
        """Carry out the line's commands that wait, unless an event-locked one is running."""
        while self.commands and not self.locked and self.depth < STACKS:
            command = self.commands.popleft()
            action = command.get("call-command").lower()
            if action == "hangup":
                self.channel.hang_up(command.get("hangup-cause") or "NORMAL_CLEARING")
            elif action == "execute" and command.get("execute-app-name"):
                self._obey_execute(command)

    def _obey_execute(self, command: Command) -> None:
        channel = self.channel
        if channel.down or channel.state == "CS_RESET":
            return
        lock = command.get("event-lock").lower() == "true"
        self.locked = self.locked or lock
        self.depth += 1
        try:
            channel.variables["current_loop"] = channel.variables["total_loops"] = "1"
            argument = command.get("execute-app-arg")
            if not argument and command.get("content-type") == "text/plain":
                argument = command.body
            self.execute(command.get("execute-app-name"), argument, command.get("event-uuid") or None)
        finally:
            self.depth -= 1
            if lock:
                self.locked = False
            channel.variables.pop("current_loop", None)
            channel.variables.pop("total_loops", None)

    def queue(self, command: Command) -> None:
        """The line sent a command: it is looked at with the next frame."""
        self.commands.append(command)
        if not self._tick_set:
            self._tick_set = True
            self.clock.call_later(self.to_tick(0.0, strictly=True), self._tick)

    def _tick(self) -> None:
        self._tick_set = False
        self.channel.wake.set()

    # waiting ---------------------------------------------------------------------------------------------------------

    def to_tick(self, seconds: float, strictly: bool = False) -> float:
        """`seconds` from now, made longer so that it ends with one of this call's frames."""
        now = self.clock.monotonic() - self.channel.born
        frames = (now + seconds) / TICK
        last = math.floor(frames + 1e-6) + 1 if strictly else math.ceil(frames - 1e-6)
        return max(0.0, last * TICK - now)

    def rest(self, seconds: float | None, keys: bool = True, until: Callable[[], bool] | None = None) -> Rest:
        """Wait inside an application, obeying the line meanwhile. What runs nested stops the watch."""
        channel, wake = self.channel, self.channel.wake
        due = None if seconds is None or seconds == math.inf else self.clock.monotonic() + self.to_tick(seconds)
        while True:
            wake.clear()
            before = self.clock.monotonic()
            if not self._tick_set:
                self.obey()
            if due is not None:
                due += self.clock.monotonic() - before
            if not channel.ready:
                return Rest.GONE
            if until is not None and until():
                return Rest.DONE
            if channel.broken:
                return Rest.BREAK
            if keys and channel.keys:
                return Rest.KEY
            left = None if due is None else due - self.clock.monotonic()
            if left is not None and left <= 1e-7:
                return Rest.TIME
            if wake.is_set():
                continue
            timer = None if left is None else self.clock.call_later(left, wake.set)
            wake.wait()
            if timer is not None:
                timer.cancel()

    def pause(self, seconds: float = 0.0) -> None:
        """Let frames pass in which nothing is obeyed: at least one."""
        self.clock.sleep(self.to_tick(max(seconds, TICK / 2)))
