r"""The one place where commands to the switch are made.

FreeSWITCH expands `${…}` in every argument of an application, and runs what it finds there as a shell command; a line
feed makes a new header, two make a new command (D1). So each place has a white list, and what does not pass is
Refused, with the place and the value named. Nothing a caller sent goes out but as a number of digits.

    >>> answer("6f1c8a1e-0000-4000-8000-000000000001").decode().splitlines()[1:3]
    ['call-command: execute', 'execute-app-name: answer']
    >>> hangup("X", "6f1c8a1e-0000-4000-8000-000000000001")
    Traceback (most recent call last):
    ivr.errors.Refused: hangup cause: 'X' is not allowed there; capitals and _ such as NORMAL_CLEARING
"""

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import PurePath
from uuid import uuid4

from ivr.call import Keys
from ivr.errors import Refused

__all__ = [  # noqa: RUF022 (constants, white lists, commands)
    "CONNECT", "EXIT", "LISTEN", "NO_SOUND", "Leg",
    "checked", "digits", "dial_string", "file_string", "hangup_cause", "host", "number", "number_pattern", "pattern",
    "ringback", "sound_path", "uuid", "variables",
    "answer", "break_off", "execute", "hangup", "line", "linger", "multiset", "new_uuid", "play_and_get_digits",
    "playback", "ring_ready", "sleep", "uuid_recv_dtmf",
]  # fmt: skip

CONNECT = b"connect\n\n"
LISTEN = b"myevents json\n\n"
EXIT = b"exit\n\n"

APPS = frozenset(
    "answer bridge hangup multiset park play_and_get_digits playback ring_ready say set sleep unset".split()
)
"""The applications of the line and of greenswitch's verbs. An unknown name would clear the whole call
(DESTINATION_OUT_OF_ORDER)."""

NO_SOUND = "silence_stream://1"
"""What is played after wrong keys: nothing. The words for it are the handler's."""
MOST_FILES = 100
"""Files in one file_string: FreeSWITCH splits it into 128 at most."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NUMBER = re.compile(r"\+?[0-9]{1,32}")
_DIGITS = re.compile(r"[0-9]{1,32}")
_KEYS = re.compile(r"[0-9*#]{1,32}")
_TOKEN = re.compile(r"[A-Za-z0-9_/~&:.+-]{0,2000}")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\[[0-9a-fA-F:.]{2,45}\]")
_VARIABLE = re.compile(r"ivr_[a-z0-9_]{1,60}")
_CAUSE = re.compile(r"[A-Z][A-Z_]{2,40}")
# Of a path: no space (arguments are split at it), no ! (file_string), nothing FreeSWITCH or a quote could read.
_PATH = re.compile(r"(/[\w.+@-]+)+\.(wav|r8|r16)")
_TONE = re.compile(r"tone_stream://%\([0-9]{1,5}(,[0-9]{1,5}){2,4}\)")
_PATTERN = re.compile(r"\^\((?:[0-9*|]|\[[0-9*-]+\]|\{[0-9]+(?:,[0-9]+)?\})+\)\$")
_E164 = re.compile(r"\+[1-9][0-9]{5,14}")
_GATEWAY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_FILES = rf"(file_string://{_PATH.pattern}(!{_PATH.pattern})*|{NO_SOUND})"
_CONFIRM = rf",group_confirm_key=(1|exec),group_confirm_file=(playback )?{_FILES},group_confirm_timeout=[0-9]{{1,3}}"
_ENDPOINT = rf"(user/[0-9]{{1,32}}@[A-Za-z0-9.:\[\]-]+|sofia/gateway/{_GATEWAY.pattern}/{_E164.pattern})"
_DIAL = re.compile(rf"(\[leg_timeout=[0-9]{{1,4}}({_CONFIRM})?\]{_ENDPOINT}[,|]?)+")
_FORBIDDEN = ("\\", "`", "'", '"', "${", "%{", "$$")


def checked(what: str, pattern: re.Pattern, value: str, wanted: str) -> str:
    """A value that passes its place's white list; Refused, naming the place and what is `wanted` there, if not."""
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise Refused(f"{what}: {value!r:.200} is not allowed there; {wanted}")
    return value


# White lists ----------------------------------------------------------------------------------------------------------


def uuid(value: str, what: str = "uuid") -> str:
    """A channel's or a command's id."""
    return checked(what, _UUID, value, "36 characters of 0-9, a-f and -")


def number(value: str, what: str = "number") -> str:
    """A telephone number: digits, with a + before them or not."""
    return checked(what, _NUMBER, value, "digits, with a leading + or not")


def digits(value: str, what: str = "digits") -> str:
    """Digits and nothing else."""
    return checked(what, _DIGITS, value, "1 to 32 digits")


def hangup_cause(value: str) -> str:
    """A cause of Q.850, or one of FreeSWITCH's own, by its name."""
    return checked("hangup cause", _CAUSE, value, "capitals and _ such as NORMAL_CLEARING")


def host(value: str, what: str = "domain") -> str:
    """A host name or address."""
    return checked(what, _HOST, value, "a host name or an address")


def sound_path(value: str | PurePath, what: str = "sound") -> str:
    """The absolute path of a sound of our own.

    >>> sound_path("/srv/ivr/speech/../../etc/x.wav")
    Traceback (most recent call last):
    ivr.errors.Refused: sound: '/srv/ivr/speech/../../etc/x.wav' leads out of its folder by ..; give the path itself
    """
    path = checked(what, _PATH, str(value), "an absolute path of letters, digits and _ . + @ -, ending in .wav")
    if "/../" in path or "/./" in path:
        raise Refused(f"{what}: {path!r:.200} leads out of its folder by ..; give the path itself")
    return path


def ringback(value: str | PurePath) -> str:
    """What is heard while phones ring: a sound's path, or tone_stream://%(on,off,hertz)."""
    value = str(value)
    if value.startswith("tone_stream:"):
        return checked("ringback", _TONE, value, "tone_stream://%(on ms,off ms,hertz[,hertz])")
    return sound_path(value, "ringback")


@dataclass(frozen=True, slots=True)
class Leg:
    """Who is rung: an extension's `number`, or, with a `gateway`, a number of the world outside (E.164).

    `told`: sounds that whoever lifts hears before they are connected. `accept`: who lifts must press 1 besides; then
    neither silence nor a voicemail takes the call (rule B3), and who is `told` nothing can't know that.
    """

    number: str
    gateway: str = ""
    told: tuple[str | PurePath, ...] = ()
    accept: bool = False


ACCEPTING = 20
"""Seconds from lifting to the key that takes the call; whatever is told is heard to its end in any case."""


def dial_string(groups: Iterable[Iterable[str | Leg]], domain: str, seconds: int, accepting: int = ACCEPTING) -> str:
    """Which phones ring, as FreeSWITCH's bridge takes it: groups in turn, each together; each leg with its own time
    (`leg_timeout`), and `accepting` seconds more once it is lifted and something is asked or told there.

    >>> dial_string([["8001"], ["8002"]], "pbx.example", 25)
    '[leg_timeout=25]user/8001@pbx.example|[leg_timeout=25]user/8002@pbx.example'
    >>> dial_string([[Leg("+8613912345678", "trunk")]], "pbx.example", 25)
    '[leg_timeout=25]sofia/gateway/trunk/+8613912345678'
    """
    domain, time = host(domain), f"leg_timeout={_whole('leg_timeout', seconds, 1, 600)}"

    def leg(rung: Leg) -> str:
        asked = ""
        if rung.accept or rung.told:
            what = ("1", "") if rung.accept else ("exec", "playback ")
            asked = (
                f",group_confirm_key={what[0]},group_confirm_file={what[1]}{file_string(rung.told)}"
                f",group_confirm_timeout={_whole('group_confirm_timeout', accepting, 1, 600)}"
            )
        if not rung.gateway:
            return f"[{time}{asked}]user/{digits(rung.number, 'extension')}@{domain}"
        gateway = checked("gateway", _GATEWAY, rung.gateway, "1 to 40 letters, digits, . _ and -; no sign first")
        number = checked("outside number", _E164, rung.number, "+ and 6 to 15 digits, such as +8613912345678")
        return f"[{time}{asked}]sofia/gateway/{gateway}/{number}"

    legs = [[leg(Leg(one) if isinstance(one, str) else one) for one in group] for group in groups]
    if not legs or not all(legs):
        raise Refused("dial string: no extension to ring; a ring plan needs at least one")
    return "|".join(",".join(group) for group in legs)


def pattern(keys: Keys, after: str = "") -> str:
    """The regular expression of everything complete, without a backslash: FreeSWITCH reads those itself.
    `after`: what was keyed before, and is not collected again.

    >>> pattern(Keys(frozenset("1*"), (("8", (4,)),)))
    '^([*]|1|8[0-9]{3})$'
    >>> pattern(Keys(frozenset("1*"), (("8", (4,)),)), after="80")
    '^([0-9]{2})$'
    """
    found = [] if after else ["[*]" if key == "*" else checked("key", _KEYS, key, "0-9 or *") for key in keys.single]
    for first, lengths in keys.lengths:
        digits(first, "first digit")
        rest = [n - max(1, len(after)) for n in lengths if not after or (after[0] == first and n > len(after))]
        found += [("" if after else first) + (f"[0-9]{{{n}}}" if n else "") for n in rest]
    if not found:
        raise Refused("keys: none of them means anything; name at least one")
    return "^(" + "|".join(sorted(found, key=lambda one: (not one.startswith("[*"), one))) + ")$"


def number_pattern(most: int) -> str:
    """The regular expression of 1 to `most` digits.

    >>> number_pattern(15)
    '^([0-9]{1,15})$'
    """
    return f"^([0-9]{{1,{_whole('most digits', most, 1, 32)}}})$"


def _whole(what: str, value: int | float, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise Refused(f"{what}: {value!r} is not allowed there; a number from {least} to {most}")
    return int(value)


def line(text: str) -> bytes:
    r"""A command of one line, as greenswitch's `send` takes it.

    >>> line("linger\n\napi shutdown")
    Traceback (most recent call last):
    ivr.errors.Refused: command: 'linger\n\napi shutdown' holds a control character; one line, and nothing else
    """
    if re.search(r"[\x00-\x1f\x7f]", text) is not None or not text:
        raise Refused(f"command: {text!r:.200} holds a control character; one line, and nothing else")
    return text.encode() + b"\n\n"


_OURS, _COUNT = str(uuid4())[:24], count(1)


def _another_process() -> None:
    """Two workers of one nursery give no two commands the same id: the second may have the first one's caller."""
    global _OURS
    _OURS = str(uuid4())[:24]


os.register_at_fork(after_in_child=_another_process)


def new_uuid() -> str:
    """An id for a command, by which its completion is known again (D11): this process's beginning, and a number."""
    return f"{_OURS}{next(_COUNT):012x}"


# Commands -------------------------------------------------------------------------------------------------------------


def linger(seconds: int) -> bytes:
    """Keep the socket open for a while after the caller has hung up."""
    return b"linger %d\n\n" % _whole("linger", seconds, 1, 60)


def execute(app: str, argument: str, event_uuid: str) -> bytes:
    """Run an application on the channel, after those before it (event-lock). The argument is checked by the makers
    below; here, once more, for what no argument may ever hold (D1)."""
    if app not in APPS:
        raise Refused(f"application: {app!r} is none the line uses ({', '.join(sorted(APPS))})")
    if not argument.isprintable() or any(map(argument.__contains__, _FORBIDDEN)):
        raise Refused(f"argument of {app}: {argument!r:.200} holds a control character, a quote, \\ or ${{")
    line = f"\nexecute-app-arg: {argument}" if argument else ""
    return (
        f"sendmsg\ncall-command: execute\nexecute-app-name: {app}{line}\nevent-lock: true\n"
        f"Event-UUID: {uuid(event_uuid, 'Event-UUID')}\n\n"
    ).encode()


def answer(event_uuid: str) -> bytes:
    return execute("answer", "", event_uuid)


def ring_ready(event_uuid: str) -> bytes:
    """The caller hears his telephone ring."""
    return execute("ring_ready", "", event_uuid)


def sleep(seconds: float, event_uuid: str) -> bytes:
    """Let time pass on the channel."""
    return execute("sleep", str(_whole("sleep", seconds * 1000, 1, 600_000)), event_uuid)


def hangup(cause: str, event_uuid: str) -> bytes:
    return execute("hangup", hangup_cause(cause), event_uuid)


_VALUES = {"ivr_dial": _DIAL, "ivr_ringback": re.compile(f"{_PATH.pattern}|{_TONE.pattern}")}
"""The two variables whose values are more than a word of ours; they are made by `dial_string` and `ringback`."""


def variables(values: Mapping[str, str]) -> str:
    """The argument of multiset: several variables in one command; an empty value unsets.

    >>> variables({"ivr_at": "menu/main", "ivr_done": ""})
    '^^;ivr_at=menu/main;ivr_done='
    """
    pairs = []
    for name, value in values.items():
        checked("variable", _VARIABLE, name, "ivr_ and small letters, digits, _")
        allowed = _VALUES.get(name, _TOKEN) if value else _TOKEN
        pairs.append(f"{name}={checked(name, allowed, value, 'letters, digits and _ / ~ & : . + -')}")
    return "^^;" + ";".join(pairs)


def multiset(values: Mapping[str, str], event_uuid: str) -> bytes:
    return execute("multiset", variables(values), event_uuid)


def file_string(sounds: Iterable[str | PurePath]) -> str:
    """Several sounds as one file: what is played by one command, so that no key between them is lost.

    >>> file_string(["/srv/a.wav", "/srv/b.wav"])
    'file_string:///srv/a.wav!/srv/b.wav'
    """
    paths = [sound_path(sound) for sound in sounds]
    if not paths:
        return NO_SOUND
    if len(paths) > MOST_FILES:
        raise Refused(f"sounds: {len(paths)} in one command; {MOST_FILES} at most")
    return "file_string://" + "!".join(paths)


def playback(sounds: Iterable[str | PurePath], event_uuid: str) -> bytes:
    return execute("playback", file_string(sounds), event_uuid)


def play_and_get_digits(
    sounds: Iterable[str | PurePath],
    event_uuid: str,
    *,
    most: int,
    timeout: float,
    variable: str,
    regex: str,
    pause: float,
) -> bytes:
    """Play, and collect 1 to `most` keys into `variable`; `timeout` and `pause` (between two keys) in seconds.

    All arguments always: one that is left out would go out as a word and make every key invalid (D13).
    """
    checked("regex", _PATTERN, regex, "what `pattern` makes")
    arguments = (
        1,
        _whole("most keys", most, 1, 32),
        1,  # one try: trying again is the handler's business
        _whole("timeout", timeout * 1000, 1, 600_000),
        "#",
        file_string(sounds),
        NO_SOUND,
        checked("variable", _VARIABLE, variable, "ivr_ and small letters, digits, _"),
        regex,
        _whole("pause", pause * 1000, 1, 60_000),
    )
    return execute("play_and_get_digits", " ".join(map(str, arguments)), event_uuid)


def uuid_recv_dtmf(channel: str, keys: str) -> bytes:
    """Keys, as if the caller had typed them; they come back as DTMF events with DTMF-Source: APP."""
    return f"api uuid_recv_dtmf {uuid(channel)} {checked('keys', _KEYS, keys, '0-9, * and #')}\n\n".encode()


def break_off(channel: str) -> bytes:
    """End what is played, and throw away what is queued: those executes never complete."""
    return f"api uuid_break {uuid(channel)} all\n\n".encode()
