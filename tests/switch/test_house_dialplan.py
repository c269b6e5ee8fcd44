"""The dialplan of freeswitch-conf, unchanged, on the built-in switch: hand-overs, returns, and no line at all."""

import json
import wave
from pathlib import Path
from urllib.parse import unquote

import pytest

from ivr.errors import Deadline
from ivr.switch import Answers, Busy, Caller, Rings
from tests.switch.plain_line import bench

DIALPLAN = Path(__file__).parents[2] / "freeswitch-conf" / "dialplan"


@pytest.fixture
def data(tmp_path):
    """The folder line and switch share, with its static sounds."""
    (tmp_path / "spool").mkdir()
    names = ["beep", "hold", *(f"zh/fallback-{name}" for name in ("apology", "message", "thanks"))]
    for name in names:
        file = tmp_path / "static" / f"{name}.wav"
        file.parent.mkdir(parents=True, exist_ok=True)
        with wave.open(str(file), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(8000)
            sound.writeframes(b"\0\0" * (1600 if name == "beep" else 16000))
    return tmp_path


def hand_over(wire, part, turn, **variables):
    pairs = {f"ivr_{name}": value for name, value in variables.items()} | {"ivr_turn": turn, "ivr_next": part}
    wire.execute("multiset", "^^;" + ";".join(f"{name}={value}" for name, value in {"ivr_up": 1, **pairs}.items()))
    wire.leave()


def ring(wire, turn=1, dial="user/8001@house.example", seconds=20):
    ringback = "tone_stream://%(1000,4000,450);loops=-1"
    hand_over(wire, "ring", turn, dial=dial, ring_seconds=seconds, ringback=ringback)


def record(wire, turn):
    name = f"{wire.variables['uuid']}-{turn}.wav"
    hand_over(wire, "record", turn, record_file=name, record_limit=60, record_silence=4)


def test_a_new_call_brings_its_number_and_nothing_of_its_own(data):
    # Given a line that looks
    seen = {}

    def line(wire):
        seen.update(wire.variables)
        wire.begin("hangup")

    with bench(data, line, DIALPLAN) as bench_:
        # When a caller comes who sends variables of ours
        bench_.call(to="+862085550100", variables={"ivr_next": "record", "ivr_at": "menu/admin"})

    # Then
    ours = {name: value for name, value in seen.items() if name.startswith("ivr_")}
    assert ours == {
        "ivr_dialled": "862085550100", "ivr_domain": "house.example", "ivr_entry": "true", "ivr_forwards": "70",
    }  # fmt: skip


@pytest.mark.parametrize("number", ["../etc", "${system ls}", "12a", ""])
def test_a_number_that_is_not_clean_never_reaches_the_line(number, data):
    with bench(data, None, DIALPLAN) as bench_:
        call = bench_.call(to=number)
        assert bench_.wires == [] and call.cause == "UNALLOCATED_NUMBER" and bench_.switch.expansions == []


@pytest.mark.parametrize(
    ("phone", "disposition"), [(Answers(after=3, talks=30), "SUCCESS"), (Busy(), "USER_BUSY"), (Rings(), "NO_ANSWER")]
)
def test_ringing_is_handed_over_and_comes_back_once(phone, disposition, data):
    # Given a line that hands the caller over
    returns = []

    def line(wire):
        if "ivr_done" not in wire.variables:
            wire.execute("answer")
            ring(wire)
        else:
            returns.append(
                {name: wire.variables.get(name) for name in ("ivr_done", "ivr_next", "originate_disposition")}
            )
            wire.begin("hangup")

    with bench(data, line, DIALPLAN) as bench_:
        bench_.switch.phones["8001"] = phone
        call = bench_.call()

    # Then the result came back, once, and the caller never heard silence meanwhile
    assert returns == [{"ivr_done": "ring:1", "ivr_next": None, "originate_disposition": disposition}]
    assert call.heard.silences(0.2, since=call.heard[0].start) == []


def test_a_recording_is_handed_over_and_comes_back(data):
    returns = []

    def line(wire):
        if "ivr_done" not in wire.variables:
            wire.execute("answer")
            record(wire, 1)
        else:
            returns.append(wire.variables)
            wire.begin("hangup")

    with bench(data, line, DIALPLAN) as bench_:
        call = bench_.call(Caller().hears("beep").waits(0.5).says(5).presses("#"))

    # Then the file is there, with what was said
    [back] = returns
    assert back["ivr_done"] == "record:1" and back["playback_terminator_used"] == "#"
    [file] = (data / "spool").iterdir()
    assert file.name == f"{call.uuid}-1.wav" and 5000 < int(back["record_ms"]) < 5600


def test_the_line_dies_before_and_after_a_recording_and_both_messages_are_there(data):
    # Given a line that dies right after each return, once, and takes two messages
    died = set()

    def line(wire):
        done = wire.variables.get("ivr_done")
        if done and done not in died:
            died.add(done)
            wire.execute("set", "ivr_up=1")
            wire.die()
        elif done == "record:2":
            wire.begin("hangup")
        else:
            wire.execute("answer")
            record(wire, 2 if done else 1)

    with bench(data, line, DIALPLAN) as bench_:
        caller = Caller().hears("recording").says(4).presses("#").hears("recording").says(6).presses("#")
        call = bench_.call(caller)

    # Then each part ran once, into a file of its own
    sizes = {file.name: file.stat().st_size // 16000 for file in (data / "spool").iterdir()}
    assert sizes == {f"{call.uuid}-1.wav": 4, f"{call.uuid}-2.wav": 6}
    assert died == {"record:1", "record:2"}


def test_a_hundred_hand_overs_from_a_caller_with_max_forwards_5(data):
    # Given a line that hands over a hundred times
    def line(wire):
        turn = int(wire.variables.get("ivr_turn", "0"))
        if turn == 100:
            turns.append(turn)
            wire.begin("hangup", "USER_BUSY")
        else:
            wire.execute("answer")
            ring(wire, turn + 1)

    turns = []
    with bench(data, line, DIALPLAN) as bench_:
        bench_.switch.phones["8001"] = Busy()
        call = bench_.call(max_forwards=5)

    # Then he is still there, and nothing grew
    assert turns == [100] and call.cause == "USER_BUSY"
    assert call.variables["max_forwards"] == "5"  # what he came with: a call that goes in a circle comes to an end
    assert len(call.variables.get("transfer_history", "")) < 300


def test_nobody_listening_apology_operator_message(data):
    # Given no line, and an operator who is busy
    with bench(data, None, DIALPLAN, variables={"ivr_line_1": "127.0.0.1:1", "ivr_line_2": "127.0.0.1:1"}) as bench_:
        bench_.switch.phones["8000"] = Rings()
        call = bench_.call(Caller().hears("recording").says(6))

    # Then he heard all of it, and his message is in the spool
    assert [sound.what.rsplit("/", 1)[-1] for sound in call.heard] == [
        "fallback-apology.wav", "hold.wav", "fallback-message.wav", "beep.wav",
        f"recording fallback-{call.uuid}.wav", "fallback-thanks.wav",
    ]  # fmt: skip
    assert call.heard.silences(0.2) == []
    assert (data / "spool" / f"fallback-{call.uuid}.wav").stat().st_size > 16000 * 10


def test_an_emergency_number_reaches_the_gateway_without_a_line(data):
    with bench(data, None, DIALPLAN, variables={"ivr_line_1": "127.0.0.1:1", "ivr_line_2": "127.0.0.1:1"}) as bench_:
        bench_.switch.gateways["carrier"] = Answers(after=1, talks=30)
        call = bench_.call(to="119", max_forwards=1)
        assert bench_.switch.dialled == ["sofia/gateway/carrier/119"]
    assert [sound.what for sound in call.heard] == ["ringback", "bridged to 119"]


def test_a_caller_transferred_back_to_the_house_is_a_new_entry(data):
    # Given a colleague who transfers the caller back to the house's number
    entries = []

    def line(wire):
        entries.append({name: value for name, value in wire.variables.items() if name in ("ivr_at", "ivr_done")})
        if len(entries) == 1:
            wire.execute("answer")
            wire.execute("set", "ivr_at=department/sales")
            ring(wire)
        else:
            wire.begin("hangup")

    with bench(data, line, DIALPLAN) as bench_:
        bench_.switch.phones["8001"] = Answers(after=1, talks=5, transfers="9000")
        bench_.call()

    # Then the second entry knows nothing of the first
    assert entries == [{}, {}]


def test_a_caller_who_hangs_up_while_recording_is_in_the_call_record(data):
    def line(wire):
        wire.execute("answer")
        wire.execute("set", "ivr_at=message/sales")
        record(wire, 1)

    with bench(data, line, DIALPLAN) as bench_:
        call = bench_.call(Caller().hears("recording").says(5).hangs_up())

    # Then one record was posted, with everything the journal needs
    [body] = bench_.records
    variables = {name: unquote(value) for name, value in json.loads(body)["variables"].items()}
    assert variables["uuid"] == call.uuid and variables["ivr_at"] == "message/sales"
    assert variables["hangup_cause"] == "NORMAL_CLEARING" and 4900 < int(variables["record_ms"]) < 5200
    assert variables["ivr_record_file"] == f"{call.uuid}-1.wav" and "ivr_done" not in variables


def test_a_record_that_cannot_be_posted_is_kept_as_a_file(data):
    # Given a line that does not take records
    def refuse(body):
        raise Deadline("nobody there")

    def line(wire):
        wire.begin("hangup")

    with bench(data, line, DIALPLAN, records=refuse, records_folder=data / "records") as bench_:
        call = bench_.call()

    # Then
    record = json.loads((data / "records" / f"{call.uuid}.cdr.json").read_bytes())
    assert record["variables"]["uuid"] == call.uuid
    assert {"core-uuid", "channel_data", "variables", "app_log", "callflow"} <= record.keys()


def test_a_hostile_caller_runs_nothing(data):
    # Given a line that sends nothing back
    def line(wire):
        wire.execute("answer")
        wire.execute("play_and_get_digits", "1 1 1 1000 # silence_stream://500 silence_stream://1 v [1] 500")
        ring(wire) if "ivr_done" not in wire.variables else wire.begin("hangup")

    with bench(data, line, DIALPLAN) as bench_:
        bench_.switch.phones["8001"] = Busy()
        call = bench_.call(
            display="x%0A%0Aapi system touch /tmp/no%0A%0A",
            frm="138%0AReply-Text: no",
            headers={"X-Note": "%24%7Bsystem touch /tmp/no%7D"},
        )
        replies = [reply for wire in bench_.wires for reply in wire.replies]
        expansions = bench_.switch.expansions

    # Then the switch was asked to run nothing, and the name is what mod_sofia makes of it
    assert expansions == []
    assert call.channel.profile["caller_id_name"] == "x\n\napi system touch /tmp/no\n\n"
    assert call.variables["sip_h_X-Note"] == "%24%7Bsystem touch /tmp/no%7D"
    assert "Caller-Caller-ID-Name: x%0A%0Aapi%20system%20touch%20/tmp/no%0A%0A\n" in replies[0]
