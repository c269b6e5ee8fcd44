"""greenswitch's verbs, on our engine: same names and arguments; deadlines, and completions by Event-UUID.

The line itself speaks by `Session.open`, `run` and `issue`; these are for scripts written for greenswitch.
"""

from greenswitch.esl import OutboundSession

from ivr.errors import Hangup, Refused, WireError
from ivr.esl import commands

__all__ = ["Verbs"]

COMPLETION = 30.0
"""Seconds a blocking verb waits for its completion where the caller of the verb says nothing (D7)."""


class Verbs(OutboundSession):
    """What greenswitch's OutboundSession can do. `ask`, `run`, `issue` and `leave` are the session's."""

    def send(self, data: str):
        """One command of one line; gives the reply. Anything with a line feed is Refused (D1)."""
        return self.ask(commands.line(data))

    def connect(self):
        """Send `connect`, once; gives the channel's data."""
        if self.channel is None:
            self._introduced(self.ask(commands.CONNECT))
        return self.session_data

    def myevents(self):
        self.ask(commands.LISTEN)

    def linger(self, timeout=None):
        self.ask(commands.linger(5 if timeout is None else timeout))

    def call_command(self, app_name, app_args=None, block=False, response_timeout=None):
        """Run an application; with `block` wait until it, and no other of its name, has completed (D11)."""
        event_uuid = commands.new_uuid()
        command = commands.execute(app_name, app_args or "", event_uuid)
        if not block:
            return self.ask(command)
        return self.run([command], last=event_uuid, seconds=response_timeout or COMPLETION, what=app_name)

    def answer(self):
        return self.call_command("answer").data

    def playback(self, path, block=True, response_timeout=None):
        return self.call_command("playback", path, block, response_timeout)

    def play_and_get_digits(
        self, min_digits=None, max_digits=None, max_attempts=None, timeout=None, terminators=None, prompt_file=None,
        error_file=None, variable=None, digits_regex=None, digit_timeout=None, transfer_on_fail=None, block=True,
        response_timeout=30,
    ):  # fmt: skip
        """Collect keys. All arguments always: what is left out gets a value, never the word None (D13)."""
        if not prompt_file or not variable or not digits_regex:
            raise Refused("play_and_get_digits: prompt_file, variable and digits_regex must be given")
        chosen = [
            min_digits or 1, max_digits or 1, max_attempts or 1, timeout or 5000, terminators or "#", prompt_file,
            error_file or commands.NO_SOUND, variable, digits_regex, digit_timeout or timeout or 5000,
        ]  # fmt: skip
        if transfer_on_fail:
            chosen.append(transfer_on_fail)
        if any(" " in str(one) for one in chosen):
            raise Refused(f"play_and_get_digits: a space in an argument shifts all that follow: {chosen!r}")
        event = self.call_command("play_and_get_digits", " ".join(map(str, chosen)), block, response_timeout)
        return event.get(f"variable_{variable}") if block else None

    def say(self, module_name="en", lang=None, say_type="NUMBER", say_method="pronounced", gender="FEMININE", text=None,
            block=True, response_timeout=30):  # fmt: skip
        module = f"{module_name}:{lang}" if lang else module_name
        return self.call_command("say", f"{module} {say_type} {say_method} {gender} {text}", block, response_timeout)

    def hangup(self, cause="NORMAL_CLEARING"):
        self.ask(commands.hangup(cause, commands.new_uuid()))

    def uuid_break(self):
        self.ask(commands.break_off(self.uuid))

    def raise_if_disconnected(self):
        """Raises Hangup or GoneAway if the call is over."""
        if not self.alive:
            raise self._ended()

    def stop(self):
        """Leave and close, a second at most; may be called from a handler of the session itself (D10)."""
        try:
            self.leave()
        except (WireError, Hangup):
            self.close()
