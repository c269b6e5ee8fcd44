"""Keys: what play_and_get_digits makes of them (freeswitch-facts, "Digits")."""

import pytest

from ivr.switch import Caller
from tests.switch.plain_line import bench

PROMPT = "silence_stream://2000"
MENU = r"^(0|1|2|8\d{3})$"


def ask(tmp_path, caller, args, then=None):
    """One play_and_get_digits; the variables after it, how long it took, and the wire."""
    seen = {}

    def line(wire):
        wire.execute("answer")
        begun = wire.clock.monotonic()
        uuid = wire.begin("play_and_get_digits", args)
        if then:
            then(wire)
        event = wire.complete(uuid)
        seen["took"] = round(wire.clock.monotonic() - begun, 2)
        seen["digits"] = event.get("variable_v")
        seen["invalid"] = event.get("variable_v_invalid")
        seen["wire"] = wire
        wire.begin("hangup")

    with bench(tmp_path, line) as bench_:
        bench_.call(caller)
    return seen


@pytest.mark.parametrize(
    ("keys", "digits", "invalid", "seconds"),
    [
        ("1#", "1", None, 1.25),
        ("8001", "8001", None, 1.75),
        ("1", "1", None, 2.5),  # the time between keys must pass: an extension could follow
        ("13", None, "13", 2.77),
        ("9#", None, "9", 1.27),
        ("#", None, None, 1.02),
    ],
)
def test_a_menu_with_extensions_beside_single_keys(keys, digits, invalid, seconds, tmp_path):
    # Given a menu of single keys and extensions of four
    # When the caller keys during the prompt, one second after it began
    found = ask(
        tmp_path,
        Caller().hears("silence").waits(1.0).presses(keys),
        f"1 4 1 5000 # {PROMPT} silence_stream://1 v {MENU} 1500",
    )

    # Then
    assert (found["digits"], found["invalid"]) == (digits, invalid)
    assert abs(found["took"] - seconds) < 0.05


def test_silence_takes_the_prompt_and_the_timeout(tmp_path):
    found = ask(tmp_path, None, f"1 4 1 5000 # {PROMPT} silence_stream://1 v {MENU} 1500")

    assert (found["digits"], found["invalid"]) == (None, None)
    assert abs(found["took"] - 7.04) < 0.03


def test_an_injected_terminator_ends_it_a_tick_after_the_key(tmp_path):
    # Given a line that injects # on the key's event
    def inject(wire):
        wire.until(lambda: "DTMF" in wire.names)
        wire.send(f"api uuid_recv_dtmf {wire.events[0]['Unique-ID']} #\n\n")

    # When the caller keys 1 at 1.0 s
    found = ask(
        tmp_path,
        Caller().hears("silence").waits(1.0).presses("1"),
        f"1 4 1 5000 # {PROMPT} silence_stream://1 v {MENU} 1500",
        inject,
    )

    # Then the result is there within a tick, and the # came back as an event, from APP
    assert found["digits"] == "1" and found["took"] <= 1.05
    keys = [(event["DTMF-Digit"], event["DTMF-Source"]) for event in found["wire"].events if "DTMF-Digit" in event]
    assert keys == [("1", "RTP"), ("#", "APP")]


def test_break_all_discards_what_waits_and_does_not_shorten_the_waiting(tmp_path):
    # Given a reading with something queued behind it
    def broken(wire):
        wire.begin("set", "never=1")
        wire.clock.sleep(0.5)
        wire.send(f"api uuid_break {wire.events[0]['Unique-ID']} all\n\n")

    found = ask(tmp_path, None, f"1 1 1 3000 # {PROMPT} silence_stream://1 v [1] 1500", broken)

    # Then the prompt was cut after half a second, and the timeout ran from there
    assert abs(found["took"] - 3.56) < 0.05
    assert not any(event.get("Application-Data") == "never=1" for event in found["wire"].events)


def test_several_files_are_one_prompt(tmp_path):
    # Given three parts; the key comes in the second
    found = ask(
        tmp_path,
        Caller().hears("silence").hears("silence").waits(0.5).presses("1"),
        f"1 1 1 3000 # file_string://{'!'.join(['silence_stream://1000'] * 3)} silence_stream://1 v [1] 9",
    )

    assert found["digits"] == "1" and abs(found["took"] - 1.52) < 0.05
