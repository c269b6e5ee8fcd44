r"""Commands of the control connection: what is asked of a switch, and not of one call.

The same rule as in `ivr.esl.commands`: each place has a white list, and what does not pass is Refused. There is no
command here that a word of a caller's could get into, and none that takes an application or an API by name.

    >>> phone("8001", "pbx.example")
    'user/8001@pbx.example'
    >>> kill("6f1c8a1e-0000-4000-8000-000000000001").decode()
    'api uuid_kill 6f1c8a1e-0000-4000-8000-000000000001 MANAGER_REQUEST\n\n'
    >>> gateway("carrier", "13800138000,user/8001")
    Traceback (most recent call last):
    ivr.errors.Refused: number: '13800138000,user/8001' is not allowed there; digits, with a leading + or not
"""

import re
from collections.abc import Iterable

from ivr.errors import Refused
from ivr.esl import commands

__all__ = [
    "CHANNELS", "CORE", "COUNT", "EVENTS", "STATUS",
    "auth", "exists", "gateway", "kill", "lamp", "listen", "originate", "phone",
]  # fmt: skip

STATUS = b'api json {"command":"status","data":""}\n\n'
"""Without `data` FreeSWITCH 1.10.12 answers "non-existant command"."""
CHANNELS = b"api show channels as json\n\n"
COUNT = b"api show channels count as json\n\n"
CORE = b"api global_getvar core_uuid\n\n"
"""The id of this life of the switch: another after each start."""
EVENTS = ("BACKGROUND_JOB", "CHANNEL_HANGUP_COMPLETE", "HEARTBEAT", "SHUTDOWN")
"""What is subscribed to unless told otherwise; the first and the third are needed."""

CALLER = "0000"
"""Shown to a phone that is rung where nobody says which number calls."""
MOST_MESSAGES = 9999

_EVENT = re.compile(r"[A-Z][A-Z_]{1,40}|[a-z0-9_]{1,40}::[a-z0-9_:-]{1,60}")
_GATEWAY = re.compile(r"[A-Za-z0-9_-]{1,60}")
_CONTEXT = re.compile(r"[a-z][a-z0-9-]{0,40}")
_LEG = re.compile(r"user/[0-9]{1,32}@[A-Za-z0-9.:\[\]-]{1,255}|sofia/gateway/[A-Za-z0-9_-]{1,60}/\+?[0-9]{1,32}")


def auth(password: str) -> bytes:
    """The password. It is in no message of ours, not even in that of its refusal.

    >>> auth("a b\\n\\napi shutdown")
    Traceback (most recent call last):
    ivr.errors.Refused: control password: it is empty or holds a control character; choose another
    """
    if not password or re.search(r"[\x00-\x1f\x7f]", password) is not None:
        raise Refused("control password: it is empty or holds a control character; choose another")
    return b"auth %b\n\n" % password.encode()


def listen(events: Iterable[str]) -> bytes:
    """Subscribe, as JSON: a plain event's values cannot be decoded exactly, and cost more (D26).

    >>> listen(["HEARTBEAT", "sofia::register"])
    b'event json HEARTBEAT CUSTOM sofia::register\\n\\n'
    """
    names = [
        commands.checked("event", _EVENT, name, "a name such as HEARTBEAT, or a subclass::such") for name in events
    ]
    plain = [name for name in names if "::" not in name and name != "CUSTOM"]
    custom = [name for name in names if "::" in name]
    # All that follows the word CUSTOM is read as a subclass.
    words = " ".join([*plain, *(["CUSTOM", *custom] if custom else [])])
    if not words:
        raise Refused("events: none is named; name at least one")
    return f"event json {words}\n\n".encode()


def exists(channel: str) -> bytes:
    """Is the channel there? Answered by `true` or `false`."""
    return f"api uuid_exists {commands.uuid(channel)}\n\n".encode()


def kill(channel: str, cause: str = "MANAGER_REQUEST") -> bytes:
    """End a channel."""
    return f"api uuid_kill {commands.uuid(channel)} {commands.hangup_cause(cause)}\n\n".encode()


def phone(extension: str, domain: str) -> str:
    """The leg to a telephone of the house."""
    return f"user/{commands.digits(extension, 'extension')}@{commands.host(domain)}"


def gateway(name: str, number: str) -> str:
    """The leg to a number outside."""
    name = commands.checked("gateway", _GATEWAY, name, "letters, digits, _ and -")
    return f"sofia/gateway/{name}/{commands.number(number)}"


def originate(
    leg: str, to: str, *, job: str, channel: str, seconds: int, caller: str = "", context: str = "ivr-entry"
) -> bytes:
    """Ring `leg` (made by `phone` or `gateway`), and connect whoever answers with number `to` of the dialplan.

    In the background: `originate` would hold up the connection, heartbeat and all, until somebody answers. The
    channel's id is ours, so that the call can be found when the reply is lost.
    """
    leg = commands.checked("leg", _LEG, leg, "what `phone` or `gateway` makes")
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not 1 <= seconds <= 600:
        raise Refused(f"seconds: {seconds!r} is not allowed there; a whole number from 1 to 600")
    told = (
        f"origination_uuid={commands.uuid(channel)},originate_timeout={seconds},ignore_early_media=true,"
        f"origination_caller_id_number={commands.number(caller or CALLER, 'caller')}"
    )
    context = commands.checked("context", _CONTEXT, context, "small letters, digits and -")
    line = f"bgapi originate {{{told}}}{leg} {commands.digits(to, 'destination')} XML {context}"
    return f"{line}\nJob-UUID: {commands.uuid(job, 'Job-UUID')}\n\n".encode()


def lamp(extension: str, domain: str, new: int, old: int = 0) -> bytes:
    """A telephone's message lamp: lit while there are new messages (RFC 3842, by FreeSWITCH's MESSAGE_WAITING).

    >>> print(lamp("8001", "pbx.example", new=2).decode().strip())
    sendevent MESSAGE_WAITING
    MWI-Messages-Waiting: yes
    MWI-Message-Account: sip:8001@pbx.example
    MWI-Voice-Message: 2/0 (0/0)
    """
    for what, count in (("new", new), ("old", old)):
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            raise Refused(f"{what} messages: {count!r} is not allowed there; a number from 0")
    account = f"sip:{commands.digits(extension, 'extension')}@{commands.host(domain)}"
    counts = f"{min(new, MOST_MESSAGES)}/{min(old, MOST_MESSAGES)} (0/0)"
    return (
        f"sendevent MESSAGE_WAITING\nMWI-Messages-Waiting: {'yes' if new else 'no'}\n"
        f"MWI-Message-Account: {account}\nMWI-Voice-Message: {counts}\n\n"
    ).encode()
