"""The switch's end of one event socket: reads the line's commands, writes replies and events."""

import contextlib
import math

import gevent
from gevent import socket as sockets

from ivr.switch.api import api
from ivr.switch.headers import headers
from ivr.switch.wire import GOODBYE, Command, Commands, api_response, event_frame, notice, plain, reply

__all__ = ["Listener", "connect"]

MYEVENTS = frozenset(
    "CHANNEL_PARK CHANNEL_UNPARK CHANNEL_EXECUTE CHANNEL_EXECUTE_COMPLETE CHANNEL_ANSWER CHANNEL_BRIDGE "
    "CHANNEL_UNBRIDGE CHANNEL_HANGUP CHANNEL_HANGUP_COMPLETE CHANNEL_STATE DTMF".split()
)


def connect(host: str, port: int) -> sockets.socket | None:
    """A connection to the line, or None if nobody listens."""
    connection = sockets.socket(sockets.AF_INET, sockets.SOCK_STREAM)
    try:
        connection.connect((host, port))
    except OSError:
        connection.close()
        return None
    connection.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_NODELAY, 1)
    return connection


class Listener:
    """One connection, in `async full`, or in `async` where linger, api and event are refused."""

    def __init__(self, session, connection, modes: list[str]):
        self.session, self.channel, self.clock = session, session.channel, session.clock
        self.connection = connection
        self.full = "full" in modes
        self.connected = self.finished = False
        self.wanted: frozenset[str] | None = frozenset()
        self.form = "plain"
        self.lingers: float | None = None
        self._down = False
        self.channel.listeners.append(self)
        self._reader = gevent.spawn(self._read)
        if self.channel.down:  # hung up while the socket was being connected
            self.channel_down()

    # events ----------------------------------------------------------------------------------------------------------

    def wants(self, name: str) -> bool:
        return self.wanted is None or name in self.wanted

    def deliver(self, event: dict[str, str]) -> None:
        self.write(event_frame(event, self.form))

    def channel_down(self) -> None:
        """The channel hung up: a millisecond later the line gets its notice; it is not the last frame."""
        self.clock.call_later(0.001, gevent.spawn, self._notice)

    def _notice(self) -> None:
        if self.finished or self._down:
            return
        self._down = True
        if self.lingers is None:
            self.close()
            return
        endless = self.lingers < 0
        seconds = -1 if endless else int(self.lingers)
        self.write(notice(self.channel.uuid, "linger", f"Channel-Name: {self.channel.name}\nLinger-Time: {seconds}\n"))
        if not endless:  # whole clock seconds: linger 5 lasted 5.0 to 5.9 s
            wall = self.clock.now().timestamp()
            self.clock.call_later(math.floor(wall) + self.lingers + 1 - wall, gevent.spawn, self.close)

    # the connection --------------------------------------------------------------------------------------------------

    def write(self, data: bytes) -> None:
        if self.finished:
            return
        try:
            self.connection.sendall(data)
        except OSError:
            self.close()

    def _read(self) -> None:
        commands = Commands()
        try:
            while data := self.connection.recv(65536):
                for command in commands.feed(data):
                    answer = self._answer(command)
                    if answer:
                        self.write(answer)
                    if command.line == "exit":
                        self.close()
                        return
                    if self.finished:
                        return
        except OSError:
            pass
        self.close()

    def close(self) -> None:
        """The line has left, died, or is put out: with `socket_resume` the running application is broken off."""
        if self.finished:
            return
        self.finished = True
        with contextlib.suppress(OSError):  # the line may be gone already
            self.connection.sendall(notice(self.channel.uuid, "disconnect", body=GOODBYE))
        channel = self.channel
        if self in channel.listeners:
            channel.listeners.remove(self)
        if not channel.down and not channel.transferred and channel.true("socket_resume"):
            channel.state = "CS_RESET"
        self.connection.close()
        channel.wake.set()
        if gevent.getcurrent() is not self._reader:
            self._reader.kill(block=False)

    # commands --------------------------------------------------------------------------------------------------------

    def _answer(self, command: Command) -> bytes:
        verb, _, rest = command.line.partition(" ")
        verb = verb.lower()
        if verb == "connect":
            return self._connect()
        if verb == "sendmsg":
            return self._sendmsg(command)
        if verb == "exit":
            return reply("+OK bye")
        if verb == "getvar":
            return reply(self.channel.get(rest.strip()) or "-ERR command not found")
        if verb == "resume":
            self.channel.variables["socket_resume"] = "true"
            return reply("+OK")
        if not self.full and verb in ("linger", "nolinger", "api", "bgapi", "event", "filter"):
            return reply("-ERR command not found")
        return self._full(verb, rest.strip())

    def _full(self, verb: str, rest: str) -> bytes:
        if verb == "myevents":
            self.wanted, self.form = MYEVENTS, "json" if rest.endswith("json") else "plain"
            return reply("+OK Events Enabled")
        if verb == "linger":
            self.lingers = float(rest) if rest.isdigit() else -1.0
            return reply(f"+OK will linger {rest} seconds" if rest.isdigit() else "+OK will linger")
        if verb == "nolinger":
            self.lingers = None
            return reply("+OK will not linger")
        if verb.startswith("event"):
            words = rest.split()
            if words and words[0] in ("plain", "json"):
                self.form = words.pop(0)
            named = {word.upper() for word in words if word.replace("_", "").isalpha()}
            if not named:
                return reply("-ERR no keywords supplied")
            self.wanted = None if "ALL" in named else (self.wanted or frozenset()) | named
            return reply(f"+OK event listener enabled {self.form}")
        if verb == "noevents":
            self.wanted = frozenset()
            return reply("+OK no longer listening for events")
        if verb == "filter":
            name, _, value = rest.partition(" ")
            return reply(f"+OK filter added. [{name}]=[{value}]")
        if verb == "api":
            name, _, arguments = rest.partition(" ")
            return api_response(api(self.session.switch, name, arguments))
        return reply("-ERR command not found")

    def _connect(self) -> bytes:
        channel = self.channel
        self.connected = True
        channel.wake.set()
        rows = headers(channel, "CHANNEL_DATA")
        tail = {"Content-Type": "command/reply", "Reply-Text": "+OK\n", "Socket-Mode": "async"}
        tail["Control"] = "full" if self.full else "single-channel"
        data = plain(rows | tail)
        # these stand as they are; only the reply's text is encoded
        return data.replace("\nContent-Type: command%2Freply\n", "\nContent-Type: command/reply\n").encode()

    def _sendmsg(self, command: Command) -> bytes:
        """+OK at once, even for nonsense. A CR anywhere, and nothing is executed (tape sendmsg_newlines)."""
        if "\r" not in command.text and not self.channel.down:
            self.session.queue(command)
        return reply("+OK")
