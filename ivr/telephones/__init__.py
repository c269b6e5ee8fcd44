"""SIP telephones in software: callers of the house and phones of the house, for tests on a real FreeSWITCH.

    switch = ("127.0.0.1", 5060)
    with Phone(switch, "8001", "answers", after=3, talks=20), Caller(switch, "4000") as caller:
        caller.answered().press("1")

Each has threads of its own and waits as threads do: under gevent, what waits is called in the hub's thread pool.
"""

from ivr.telephones.caller import Caller
from ivr.telephones.media import Media
from ivr.telephones.phone import Phone

__all__ = ["Caller", "Media", "Phone"]
