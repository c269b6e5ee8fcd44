"""The applications of the switch, by what they are for; importing a module registers what is in it."""

from ivr.switch.apps import bridge, digits, plain, playback, record, socket

__all__ = ["bridge", "digits", "plain", "playback", "record", "socket"]
