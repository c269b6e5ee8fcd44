"""The house of the bench, and its standard call: the same for every line.

A caller is greeted and hears the menu in one command, presses 1, is put through to Sales, where nobody answers, hears
so, leaves a message, hears that it was kept and goodbye. Three connections, because ringing and recording belong to
the switch. Every sound is a short tone, so that a bench is not spent listening.
"""

from pathlib import Path

import numpy

from ivr.settings import Settings
from ivr.share import shared
from ivr.speech import Voice
from ivr.steps import Table
from ivr.switch import Caller, Phone
from ivr.table import load

__all__ = ["KEY", "SPOKEN", "TABLE", "caller", "phones", "settings", "table", "voice"]

TABLE = """
house: {name: {zh: 总机测试, en: Bench}, timezone: Asia/Shanghai, languages: {zh: 中文, en: English}}
numbers: {"*": {to: menu/main}}
operator: {name: {zh: 总机, en: the operator}, ring: {phones: [8000]}}
menus: {main: {keys: {1: department/sales, 0: operator}}}
departments:
  sales: {name: {zh: 销售部, en: Sales}, ring: {phones: [8001], time: 5s}, ends: {otherwise: message/sales}}
extensions: {8000: , 8001: }
messages: {sales: {limit: 30s, silence: 5s, shortest: 0s}, operator: {limit: 30s, silence: 5s, shortest: 0s}}
"""
KEY = "1"
SPOKEN = 0.4
"""Seconds the caller speaks."""
RINGS = 0.2
"""Seconds until the switch gives up on Sales."""


class Tones:
    """An engine that speaks every text as a tone of `seconds`."""

    def __init__(self, seconds: float = 0.12):
        self.seconds, self.id = seconds, f"tones {seconds}"

    def voice(self, language: str) -> str:
        return language

    def speak(self, jobs, deadline):
        tone = 0.3 * numpy.sin(numpy.arange(int(8000 * self.seconds)) * 0.35)
        return [(tone.astype(numpy.float32), 8000) for _ in jobs]


def settings(data: Path, port: int = 0) -> Settings:
    """Both limits are out of the way, as they are for the other lines."""
    return Settings(
        data=data, listen=f"127.0.0.1:{port}", records_listen="127.0.0.1:0", soft_limit=5000, hard_limit=5000
    )


def table() -> Table:
    return load(TABLE)


def voice(data: Path, seconds: float = 0.12) -> Voice:
    """The prompts as they are shipped, each segment a tone."""
    return Voice([shared("prompts")], data / "speech", Tones(seconds))


def phones() -> dict[str, Phone]:
    """Nobody answers."""
    return {number: Phone(after=RINGS, cause="NO_ANSWER") for number in ("8000", "8001")}


def caller() -> Caller:
    return Caller().hears().waits(0.1).presses(KEY).hears("recording").says(SPOKEN).presses("#")
