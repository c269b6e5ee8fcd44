import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.call import Keys
from ivr.errors import Refused
from ivr.esl import commands

ID = "6f1c8a1e-0000-4000-8000-000000000001"
HOSTILE = [
    "a\nb", "a\r\nb", "a\0b", "a\n\napi shutdown", "${system(id)}", "$${domain}", "%{system id}", "a\\nb", "a'b", 'a"b',
    "a b", "a!b", "a;b=c", "a\u2028b", "..", "", "^^,a", "\x7f", "a`id`", "＃１",
]  # fmt: skip


def execute(app: str, argument: str) -> bytes:
    return (
        f"sendmsg\ncall-command: execute\nexecute-app-name: {app}\nexecute-app-arg: {argument}\n"
        f"event-lock: true\nEvent-UUID: {ID}\n\n"
    ).encode()


@pytest.mark.parametrize(
    ("made", "bytes_"),
    [
        (commands.CONNECT, b"connect\n\n"),
        (commands.LISTEN, b"myevents json\n\n"),
        (commands.EXIT, b"exit\n\n"),
        (commands.linger(5), b"linger 5\n\n"),
        (
            commands.answer(ID),
            execute("answer", "").replace(b"execute-app-arg: \n", b""),
        ),
        (commands.hangup("USER_BUSY", ID), execute("hangup", "USER_BUSY")),
        (
            commands.multiset({"ivr_at": "menu/main", "ivr_state": "phase~music&round~2", "ivr_done": ""}, ID),
            execute("multiset", "^^;ivr_at=menu/main;ivr_state=phase~music&round~2;ivr_done="),
        ),
        (commands.playback(["/srv/a.wav", "/srv/b.wav"], ID), execute("playback", "file_string:///srv/a.wav!/srv/b.wav")),
        (
            commands.play_and_get_digits(
                ["/srv/a.wav"], ID, most=4, timeout=5, variable="ivr_digits", pause=1.5,
                regex=commands.pattern(Keys(frozenset("12*"), (("8", (4,)),))),
            ),
            execute(
                "play_and_get_digits",
                "1 4 1 5000 # file_string:///srv/a.wav silence_stream://1 ivr_digits ^([*]|1|2|8[0-9]{3})$ 1500",
            ),
        ),
        (commands.uuid_recv_dtmf(ID, "#"), f"api uuid_recv_dtmf {ID} #\n\n".encode()),
        (commands.break_off(ID), f"api uuid_break {ID} all\n\n".encode()),
        (commands.line("status"), b"status\n\n"),
    ],
)  # fmt: skip
def test_bytes_of_each_command(made, bytes_):
    assert made == bytes_


def test_a_question_with_nothing_to_hear_has_all_its_arguments():
    # D13
    made = commands.play_and_get_digits([], ID, most=1, timeout=5, variable="ivr_x", pause=1.5, regex="^(1)$")
    assert made == execute("play_and_get_digits", "1 1 1 5000 # silence_stream://1 silence_stream://1 ivr_x ^(1)$ 1500")


PLACES = {
    "uuid": commands.uuid,
    "number": commands.number,
    "digits": commands.digits,
    "host": commands.host,
    "sound": commands.sound_path,
    "sound below a folder": lambda value: commands.sound_path(f"/srv/{value}/a.wav"),
    "ringback": commands.ringback,
    "extension": lambda value: commands.dial_string([[value]], "pbx.example", 25),
    "domain": lambda value: commands.dial_string([["8001"]], value, 25),
    "gateway": lambda value: commands.dial_string([[commands.Leg("+8613912345678", value or "\n")]], "pbx", 25),
    "outside number": lambda value: commands.dial_string([[commands.Leg(value, "trunk")]], "pbx", 25),
    "told": lambda value: commands.dial_string([[commands.Leg("8001", told=(value,))]], "pbx", 25),
    "variable": lambda value: commands.variables({value: "x"}),
    "value": lambda value: commands.variables({"ivr_at": value or "\n"}),
    "dial string": lambda value: commands.variables({"ivr_dial": value or "\n"}),
    "regex": lambda value: commands.play_and_get_digits(
        [], ID, most=1, timeout=5, variable="ivr_x", pause=1.5, regex=value
    ),
    "first digit": lambda value: commands.pattern(Keys(lengths=((value, (4,)),))),
    "key": lambda value: commands.pattern(Keys(frozenset([value]))),
    "hangup cause": lambda value: commands.hangup(value, ID),
    "keys": lambda value: commands.uuid_recv_dtmf(ID, value),
    "Event-UUID": commands.answer,
    "application": lambda value: commands.execute(value, "", ID),
}


@pytest.mark.parametrize("value", HOSTILE, ids=repr)
@pytest.mark.parametrize("place", PLACES)
def test_nothing_hostile_passes_anywhere(place, value):
    if (place, value) == ("value", ".."):
        return  # a word of ours, which means nothing in a variable
    with pytest.raises(Refused):
        PLACES[place](value)


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=30))
def test_whatever_a_value_is_a_command_stays_one_command(value):
    for place in PLACES.values():
        try:
            made = place(value)
        except Refused:
            continue
        text = made.decode() if isinstance(made, bytes) else made
        assert text.count("\n\n") == isinstance(made, bytes)
        assert "\r" not in text and "\0" not in text and "${" not in text and "%{" not in text


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: commands.execute("set", "ivr_x=${system(id)}", ID),
            "argument of set: 'ivr_x=${system(id)}' holds a control character, a quote, \\ or ${",
        ),
        (
            lambda: commands.execute("system", "id", ID),
            "application: 'system' is none the line uses (answer, bridge, hangup, multiset, park, play_and_get_digits, "
            "playback, ring_ready, say, set, sleep, unset)",
        ),
        (
            lambda: commands.dial_string([], "pbx", 25),
            "dial string: no extension to ring; a ring plan needs at least one",
        ),
        (
            lambda: commands.dial_string([["8001"]], "pbx", 0),
            "leg_timeout: 0 is not allowed there; a number from 1 to 600",
        ),
        (lambda: commands.pattern(Keys()), "keys: none of them means anything; name at least one"),
        (lambda: commands.file_string(["/a.wav"] * 101), "sounds: 101 in one command; 100 at most"),
        (
            lambda: commands.sound_path("/srv/a b.wav"),
            "sound: '/srv/a b.wav' is not allowed there; an absolute path of letters, digits and _ . + @ -, "
            "ending in .wav",
        ),
        (
            lambda: commands.dial_string([[commands.Leg("+8613912345678", "a,user/8001")]], "pbx", 25),
            "gateway: 'a,user/8001' is not allowed there; 1 to 40 letters, digits, . _ and -; no sign first",
        ),
        (
            lambda: commands.dial_string([[commands.Leg("8001", "trunk")]], "pbx", 25),
            "outside number: '8001' is not allowed there; + and 6 to 15 digits, such as +8613912345678",
        ),
        (
            lambda: commands.line("exit\n\napi shutdown"),
            "command: 'exit\\n\\napi shutdown' holds a control character; one line, and nothing else",
        ),
    ],
)
def test_a_refusal_says_what_and_where(make, message):
    with pytest.raises(Refused) as refused:
        make()
    assert str(refused.value) == message


def test_what_is_ours_passes():
    assert commands.ringback("tone_stream://%(1000,4000,450)") == "tone_stream://%(1000,4000,450)"
    assert commands.sound_path("/srv/数据/a-1.wav") == "/srv/数据/a-1.wav"
    dial = commands.dial_string([["8001", "8002"]], "pbx.example", 25)
    assert commands.variables({"ivr_dial": dial}) == (
        "^^;ivr_dial=[leg_timeout=25]user/8001@pbx.example,[leg_timeout=25]user/8002@pbx.example"
    )
    asked = commands.Leg("+8613912345678", "out.trunk-1", told=("/srv/a.wav", "/srv/b.wav"), accept=True)
    dial = commands.dial_string([[asked, commands.Leg("8001", told=("/srv/a.wav",))], ["8002"]], "pbx.example", 25)
    assert commands.variables({"ivr_dial": dial}) == (
        "^^;ivr_dial=[leg_timeout=25,group_confirm_key=1,group_confirm_file=file_string:///srv/a.wav!/srv/b.wav,"
        "group_confirm_timeout=20]sofia/gateway/out.trunk-1/+8613912345678,"
        "[leg_timeout=25,group_confirm_key=exec,group_confirm_file=playback file_string:///srv/a.wav,"
        "group_confirm_timeout=20]user/8001@pbx.example|[leg_timeout=25]user/8002@pbx.example"
    )
    unheard = commands.dial_string([[commands.Leg("8001", accept=True)]], "pbx.example", 25)
    assert commands.variables({"ivr_dial": unheard}).count("group_confirm_key=1") == 1
    assert commands.host("[2001:db8::1]") == "[2001:db8::1]"


def test_a_forked_process_gives_other_ids():
    program = """
import os
from ivr.esl.commands import new_uuid
pid = os.fork()
if pid:
    os.waitpid(pid, 0)
print(new_uuid(), flush=True)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    forked, first = done.stdout.split()
    assert forked != first and re.fullmatch(r"[0-9a-f-]{36}", forked)
