"""The Call over the event socket, against the built-in switch in virtual time, and against single bytes."""

import threading
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest

from ivr.call import Busy, Digits, Ended, Invalid, Keys, Silence
from ivr.clock import ManualClock
from ivr.errors import GoneAway, Hangup, Refused, WireError
from ivr.esl.call import EslCall
from ivr.esl.session import Session
from ivr.esl.sounds import MAKING, SPEAKING
from ivr.prompt import Prompt, Sound
from ivr.ring_plan import RingPlan
from ivr.switch.callers import Caller
from tests.esl.house import House, Notebook, StubVoice
from tests.esl.peer import UUID, Peer, settle
from tests.esl.test_session import told

MENU = Keys(frozenset("123"), (("8", (4,)),))


def sounds(call) -> list[str]:
    """What was heard, without folders, and without the millisecond of silence that stands for "nothing"."""
    names = [str(one).rpartition(" ")[2].rpartition("/")[2] for one in call.heard]
    return [name for name in names if name != "1"]


# A conversation -----------------------------------------------------------------------------------------------------


def two_menus(call):
    """Asks twice, and tells what it heard and when."""
    call.at("menu/main", round="1")
    first = call.ask(Prompt("greeting"), Prompt("menu"), keys=MENU)
    when = call.clock.monotonic()
    call.at("menu/second")
    second = call.ask(Prompt("second"), keys=MENU)
    call.hang_up()
    return first, second, when


@pytest.mark.parametrize("late", [0, 0.3])
@pytest.mark.parametrize(
    ("keys", "first", "second"),
    [
        ("1", Digits("1"), Silence()),
        ("1#", Digits("1"), Silence()),
        ("13", Digits("1"), Digits("3")),
        ("8001#", Digits("8001"), Silence()),
        ("18001", Digits("1"), Digits("8001")),
        ("9", Invalid("9"), Silence()),
        ("#", Invalid(""), Silence()),
        ("", Silence(), Silence()),
    ],
)
def test_what_a_caller_keys_is_what_he_meant(tmp_path, keys, first, second, late):
    with House(tmp_path, two_menus, late=late) as house:
        house.call(Caller().hears("greeting").waits(1).presses(keys))
        assert house.results[0][:2] == (first, second)


def test_an_unambiguous_key_acts_within_two_ticks(tmp_path):
    # Given a menu in which extensions may be keyed too
    with House(tmp_path, two_menus) as house:
        # When a caller keys 1, a second after the greeting has begun at 0.04
        house.call(Caller().hears("greeting").waits(1).presses("1"))
        when = house.results[0][2]
    # Then the line has his answer within two ticks
    assert when - 1.04 <= 0.0401


def test_greeting_and_menu_are_one_command_so_no_key_is_lost(tmp_path):
    with House(tmp_path, two_menus) as house:
        call = house.call(Caller().hears("menu.wav").waits(1).presses("2"))
        assert house.results[0][0] == Digits("2")
    assert sounds(call)[:2] == ["greeting.wav", "menu.wav"]


def test_a_number_is_collected(tmp_path):
    def script(call):
        return call.ask_number(Prompt("message-number"), most=15)

    with House(tmp_path, script) as house:
        house.call(Caller().hears("number").presses("13800138000#"))
        assert house.results == [Digits("13800138000")]


def test_what_is_played_is_played_to_the_end(tmp_path):
    def script(call):
        call.play(Prompt("one"), Prompt("two"))
        return call.clock.monotonic()

    with House(tmp_path, script) as house:
        call = house.call(Caller().hears("one").presses("1"))
        assert 4 <= house.results[0] <= 4.1
    assert sounds(call) == ["one.wav", "two.wav"]


def test_the_caller_hangs_up(tmp_path):
    with House(tmp_path, two_menus) as house:
        house.call(Caller().hears("menu.wav").hangs_up())
        settle()
        assert [type(one) for one in house.results] == [Hangup]
        assert house.server.sessions == set()


def test_the_line_hangs_up_with_a_cause(tmp_path):
    with House(tmp_path, lambda call: call.hang_up("NORMAL_TEMPORARY_FAILURE")) as house:
        call = house.call(Caller())
        assert house.results == [Ended("NORMAL_TEMPORARY_FAILURE")]
    assert call.cause == "NORMAL_TEMPORARY_FAILURE"


def test_a_prompt_without_sound_is_left_out_and_noted(tmp_path):
    def script(call):
        call.play(Prompt("missing"))
        call.play(Prompt("late-words"), Prompt("missing-too"))
        return call.ask(Prompt("missing"), keys=MENU, timeout=1)

    with House(tmp_path, script) as house:
        call = house.call(Caller())
        assert house.results == [Silence()]
        notes = house.books.notes
    assert sounds(call) == ["late-words.wav"]
    assert notes == [
        ("prompt-missing", {"prompt": name, "reason": f"no speech for {name}"})
        for name in ("missing", "missing-too", "missing")
    ]


# One connection, byte by byte ---------------------------------------------------------------------------------------


class Line:
    """A Call with a peer that a test holds in its hand."""

    def __init__(self, folder, **channel: str):
        self.peer = Peer({name.replace("__", "-"): value for name, value in channel.items()})
        self.clock = ManualClock(datetime(2026, 11, 20, tzinfo=UTC))
        self.session = Session(("127.0.0.1", 1), self.peer.line, self.clock)
        self.session.open()
        self.books = Notebook()
        self.call = EslCall(self.session, StubVoice(folder), self.clock, self.books)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.session.close()
        self.peer.__exit__()


def variables(**values: str) -> dict[str, str]:
    return {f"variable_{name}": value for name, value in values.items()}


def test_a_call_knows_what_the_connect_reply_says(tmp_path):
    channel = variables(ivr_at="menu/main", ivr_state="round~2&again~1", ivr_lang="en", ivr_table="0123456789ab")
    channel |= variables(ivr_dialled="1000", ivr_domain="pbx.example", ivr_carried="trail~main")
    channel |= variables(ivr_turn="3", ivr_done="ring:3", originate_disposition="USER_BUSY")
    with Line(tmp_path, Caller__Caller__ID__Number="+8613800138000", **channel) as line:
        call = line.call
        assert (call.uuid, call.caller, call.dialled, call.domain) == (UUID, "+8613800138000", "1000", "pbx.example")
        assert (call.entered_at, call.state, call.language) == ("menu/main", {"round": "2", "again": "1"}, "en")
        assert (call.carried, call.table_version, call.hand_overs) == ({"trail": "main"}, "0123456789ab", 3)
        assert call.back == Busy()
        # and the result is used up when the call moves on
        call.at("menu/main")
        assert call.back is None


def test_without_a_clean_domain_nobody_is_rung(tmp_path):
    with Line(tmp_path, **variables(ivr_domain="pbx.example ${system id}")) as line:
        with pytest.raises(Refused, match="domain: '' is not allowed there"):
            line.call.ring(RingPlan.together("8001"), Sound("hold"))


def test_where_the_call_is_goes_out_in_the_write_of_what_follows(tmp_path):
    with Line(tmp_path) as line:
        settle()
        before = len(line.peer.writes)
        line.call.language = "zh"
        line.call.at("menu/main", round="1")
        told(line.call.ask, Prompt("menu"), keys=MENU)
        # one write: the variables, then the question
        assert len(line.peer.writes) == before + 1
        menu = f"file_string://{tmp_path}/zh/menu.wav"
        assert line.peer.executed() == [
            (
                "multiset",
                "^^;ivr_lang=zh;ivr_at=menu/main;ivr_state=round~1;ivr_done=;ivr_digits=;ivr_digits_invalid=",
            ),
            (
                "play_and_get_digits",
                f"1 4 1 5000 # {menu} silence_stream://1 ivr_digits ^(1|2|3|8[0-9]{{3}})$ 1500",
            ),
        ]


def test_a_hand_over_that_was_not_written_is_none(tmp_path):
    # Given a switch that completes multiset and shows none of it
    with Line(tmp_path, **variables(ivr_domain="pbx.example")) as line:
        with pytest.raises(WireError) as error:
            line.call.ring(RingPlan.together("8001"), Sound("hold"))
        assert str(error.value) == (
            "FreeSWITCH did not take ivr_dial, ivr_ring_seconds, ivr_ringback, ivr_turn, ivr_next: "
            "nothing is handed over"
        )
        assert line.peer.commands[-1].line != "exit"


def test_a_hand_over_nobody_saw_written_is_taken_back_with_the_next_command(tmp_path):
    # Given a switch that writes what is asked of it, and does not say so
    with Line(tmp_path, **variables(ivr_domain="pbx.example")) as line:
        line.peer.completing = False
        ringing = told(line.call.ring, RingPlan.together("8001"), Sound("hold"))
        line.clock.advance(60)
        settle()
        assert str(ringing.value) == "no completion of multiset within 10 s"
        # When the caller is led elsewhere
        line.call.at("operator")
        told(line.call.play, Prompt("one"))
        # Then the dialplan would find nothing to do, were the line to die now
        assert line.peer.executed()[-2] == ("multiset", "^^;ivr_next=;ivr_at=operator;ivr_state=;ivr_done=")


def test_a_name_is_never_recorded_into_twice(tmp_path):
    with Line(tmp_path, **variables(ivr_turn="3")) as line:
        assert line.call.file_name() == f"{UUID}-4.wav"
        with pytest.raises(Refused, match=f"recording: '{UUID}-3.wav' is not '{UUID}-4.wav'"):
            line.call.record(f"{UUID}-3.wav", 120, 5)


def test_a_command_that_is_stuck_is_broken_off(tmp_path):
    with Line(tmp_path) as line:
        line.peer.completing = False
        waiting = told(line.call.play, Prompt("one"))
        line.clock.advance(60)
        settle()
        assert str(waiting.value) == "no completion of playback within 12.0027 s"
        assert line.peer.commands[-1].line == f"api uuid_break {UUID} all"


def test_an_engine_that_hangs_keeps_nobody_but_those_who_wait_for_it(tmp_path, monkeypatch):
    # Given an engine that never comes back, and more callers who wait for it than it has threads
    over = threading.Event()
    monkeypatch.setattr(StubVoice, "make", lambda *_: over.wait(20))
    with ExitStack() as lines:
        lines.callback(over.set)
        waiting = [lines.enter_context(Line(tmp_path)) for _ in range(SPEAKING.size + 2)]
        playing = [told(line.call.play, Prompt("late")) for line in waiting]
        # When another hears what was made before, then he hears it
        other = lines.enter_context(Line(tmp_path))
        told(other.call.play, Prompt("one"))
        assert [app for app, _ in other.peer.executed()] == ["playback"]
        # And the others go on without that sentence when their time is over, however many they are
        for line in waiting:
            line.clock.advance(MAKING)
        settle()
        assert [play.ready() for play in playing] == [True] * len(waiting)
        reason = {"prompt": "late", "reason": "no speech for late within 2 s"}
        assert [line.books.notes for line in waiting] == [[("prompt-missing", reason)]] * len(waiting)


def test_a_socket_that_closes_is_no_hang_up(tmp_path):
    with Line(tmp_path) as line:
        line.peer.completing = False
        waiting = told(line.call.ask, Prompt("one"), keys=MENU)
        line.peer.hang_up()
        settle()
        assert isinstance(waiting.value, GoneAway)


def test_a_journal_that_fails_costs_nobody_his_call(tmp_path):
    with Line(tmp_path) as line:
        line.books.note = lambda *args: 1 / 0
        line.call.note("something", x=1)


# What a caller carries ----------------------------------------------------------------------------------------------


def test_what_a_caller_carries_goes_out_in_the_write_of_what_follows(tmp_path):
    with Line(tmp_path, **variables(ivr_carried="trail~main&rescued~1")) as line:
        assert line.call.carried == {"trail": "main", "rescued": "1"}
        line.call.carry(trail="main/sales", rescued="")
        assert line.call.carried == {"trail": "main/sales"}
        line.call.at("menu/main")
        told(line.call.ask, Prompt("menu"), keys=MENU)
        multiset = "^^;ivr_carried=trail~main/sales;ivr_at=menu/main;ivr_state=;ivr_done="
        assert line.peer.executed()[0] == ("multiset", f"{multiset};ivr_digits=;ivr_digits_invalid=")


def test_what_is_carried_already_is_not_written_again(tmp_path):
    with Line(tmp_path, **variables(ivr_carried="trail~main")) as line:
        line.call.carry(trail="main", colour="")
        told(line.call.play, Prompt("one"))
        assert [app for app, _ in line.peer.executed()] == ["playback"]


def test_nothing_carried_any_more_unsets_the_variable(tmp_path):
    with Line(tmp_path, **variables(ivr_carried="trail~main")) as line:
        line.call.carry(trail="")
        told(line.call.play, Prompt("one"))
        assert line.peer.executed()[0] == ("multiset", "^^;ivr_carried=")


def test_what_cannot_be_carried_changes_nothing(tmp_path):
    with Line(tmp_path, **variables(ivr_carried="trail~main")) as line:
        with pytest.raises(Refused, match=r"carried: \{.*\} cannot be written; 8 at most, keys \[a-z\]\+"):
            line.call.carry(trail="${system id}")
        assert line.call.carried == {"trail": "main"}
        told(line.call.play, Prompt("one"))
        assert [app for app, _ in line.peer.executed()] == ["playback"]
