"""What is handed to the dialplan: whom it rings, and what whoever lifts hears; into which file it records."""

import textwrap

import pytest

from ivr.call import HandOver
from ivr.errors import SpeechError
from ivr.prompt import Names, Prompt, Sound
from ivr.ring_plan import RingPlan
from ivr.switch.callers import Caller
from ivr.table import load
from tests.esl.house import House, StubVoice


def handed(tmp_path, script):
    """The variables a hand-over leaves to the dialplan, and what the line gave back."""
    with House(tmp_path, script, then=("sleep", "1000")) as house:
        call = house.call(Caller())
        wanted = ("ivr_dial=", "ivr_ring", "ivr_record", "ivr_turn", "ivr_next", "ivr_at", "ivr_state", "ivr_lang")
        left = {name: value for name, value in call.variables.items() if f"{name}=".startswith(wanted)}
        return left, house.results[0]


def test_ringing_is_handed_to_the_dialplan(tmp_path):
    def script(call):
        call.at("hold/sales", phase="ring", round="2")
        return call.ring(RingPlan.in_turn("8001", "8002"), Sound("hold", part=3))

    left, outcome = handed(tmp_path, script)
    assert outcome == HandOver("ring", 1)
    assert left == {
        "ivr_lang": "zh",
        "ivr_at": "hold/sales",
        "ivr_state": "phase~ring&round~2",
        "ivr_dial": "[leg_timeout=25]user/8001@pbx.example|[leg_timeout=25]user/8002@pbx.example",
        "ivr_ring_seconds": "52",
        "ivr_ringback": f"{tmp_path}/sounds/hold-3.wav",
        "ivr_turn": "1",
        "ivr_next": "ring",
    }


def rung(tmp_path, plan, whisper=None, cancel=""):
    """What is rung for a plan, of a house whose 8651 is a mobile that asks, and whose 8652 is one that does not."""
    house = textwrap.dedent("""
        house:
          {name: House, timezone: UTC, languages: {en: English, zh: Chinese}, gateway: trunk, toll: {countries: [CN]}}
        numbers: {"*": {to: operator}}
        operator: {name: the operator, ring: {phones: [8001]}}
        extensions:
          8001:
          8651: {outside: "+8613912345678"}
          8652: {outside: "+8613912345679", accept: no}
    """)

    def script(call):
        call.table = load(house)
        return call.ring(plan, Sound("hold"), cancel, whisper)

    left, outcome = handed(tmp_path, script)
    assert outcome == HandOver("ring", 1)
    return left["ivr_dial"].replace(str(tmp_path), ""), left["ivr_ring_seconds"]


def test_a_voicemail_is_not_over_before_the_plan_is_where_a_key_cancels(tmp_path):
    # A result that comes sooner than the plan says is the caller's key
    dial, total = rung(tmp_path, RingPlan.together("8651", seconds=50), cancel="2")
    assert "group_confirm_timeout=50]" in dial and total == "102"


WHISPER = Prompt("whisper", to=Names(en="Sales"), caller="13800138000", tried=None)


def test_a_number_outside_is_rung_by_the_gateway_and_whoever_lifts_must_take_the_call_by_key(tmp_path):
    # When a desk and two mobiles ring together, of which one may have a voicemail
    plan = RingPlan.together("8001", "8651", "8652")

    # Then only that one is asked, in the house's first language, and there is time for the key
    assert rung(tmp_path, plan, WHISPER) == (
        "[leg_timeout=25]user/8001@pbx.example,"
        "[leg_timeout=25,group_confirm_key=1,group_confirm_file=file_string:///en/whisper.wav!/en/accept.wav,"
        "group_confirm_timeout=20]sofia/gateway/trunk/+8613912345678,"
        "[leg_timeout=25]sofia/gateway/trunk/+8613912345679",
        "47",
    )


def test_whoever_lifts_is_told_first_where_the_plan_says_so(tmp_path):
    plan = RingPlan((("8001",), ("8651",)), 10, announce=True)
    assert rung(tmp_path, plan, WHISPER) == (
        "[leg_timeout=10,group_confirm_key=exec,group_confirm_file=playback file_string:///en/whisper.wav,"
        "group_confirm_timeout=20]user/8001@pbx.example|"
        "[leg_timeout=10,group_confirm_key=1,group_confirm_file=file_string:///en/whisper.wav!/en/accept.wav,"
        "group_confirm_timeout=20]sofia/gateway/trunk/+8613912345678",
        "62",
    )


def test_without_speech_nobody_is_told_and_who_must_take_the_call_hears_a_tone(tmp_path, monkeypatch):
    # Given a voice that can say nothing
    monkeypatch.setattr(StubVoice, "files", lambda self, prompt, language: None)
    monkeypatch.setattr(StubVoice, "make", missing)

    # Then a desk phone rings as ever, and a mobile still asks
    assert rung(tmp_path, RingPlan((("8001",), ("8651",)), 10, announce=True), WHISPER) == (
        "[leg_timeout=10]user/8001@pbx.example|"
        "[leg_timeout=10,group_confirm_key=1,group_confirm_file=file_string:///sounds/beep-0.wav,"
        "group_confirm_timeout=20]sofia/gateway/trunk/+8613912345678",
        "62",
    )


def missing(self, prompt, language):
    raise SpeechError(f"no speech for {prompt.name}")


def test_recording_is_handed_to_the_dialplan(tmp_path):
    def script(call):
        call.at("message/sales")
        return call.record(call.file_name(), limit=120, silence=5), call.uuid

    left, (outcome, uuid) = handed(tmp_path, script)
    assert outcome == HandOver("record", 1)
    assert left == {
        "ivr_lang": "zh",
        "ivr_at": "message/sales",
        "ivr_record_file": f"{uuid}-1.wav",
        "ivr_record_limit": "120",
        "ivr_record_silence": "5",
        "ivr_turn": "1",
        "ivr_next": "record",
    }


@pytest.mark.parametrize(
    ("sound", "heard"), [("hold", "{folder}/sounds/hold-0.wav"), ("missing", "tone_stream://%(1000,4000,450)")]
)
def test_the_ringing_tone_is_heard_only_where_there_is_no_music(tmp_path, sound, heard):
    def script(call):
        return call.ring(RingPlan.together("8001"), Sound(sound))

    left, _ = handed(tmp_path, script)
    assert left["ivr_ringback"] == heard.format(folder=tmp_path)
