"""The line leaves, dies, is not there: what becomes of the caller (freeswitch-facts, "When the line fails")."""

import wave

import pytest
from gevent.server import StreamServer

from ivr.switch import Answers, Caller, Rings
from tests.switch.plain_line import bench

RESUMED = """<include><context name="ivr-entry"><extension name="all"><condition>
<action application="set" data="socket_resume=true"/>
<action application="socket" data="$${line} async full"/>
<action application="set" data="round=x${round}"/>
<action application="socket" data="$${line} async full"/>
</condition></extension></context></include>"""


def test_commands_written_together_cost_one_tick(tmp_path):
    # Given a line that writes three executes at once
    def line(wire):
        wire.send("")
        for value in ("a=1", "b=2", "c=3"):
            last = wire.begin("set", value)
        wire.complete(last)
        wire.begin("hangup")

    with bench(tmp_path, line) as bench_:
        # When a call comes
        bench_.call()

        # Then all three ran 20 ms after the call, in order
        [wire] = bench_.wires
        executes = [
            (round(at - wire.times[0], 3), event["Application-Data"])
            for at, event in zip(wire.times, wire.events, strict=True)
            if event["Event-Name"] == "CHANNEL_EXECUTE" and event["Application"] == "set"
        ]
        assert executes == [(0.02, "a=1"), (0.02, "b=2"), (0.02, "c=3")]


def test_an_event_locked_command_waits_and_another_runs_nested(tmp_path):
    # Given a playback without event-lock, and a set behind it
    def line(wire):
        wire.execute("answer")
        playing = wire.begin("playback", "silence_stream://1000", lock=False)
        wire.complete(wire.begin("set", "nested=1", lock=False))
        wire.complete(playing)
        # and the same with it
        playing = wire.begin("playback", "silence_stream://1000")
        wire.complete(wire.begin("set", "behind=1"))
        wire.begin("hangup")

    with bench(tmp_path, line) as bench_:
        bench_.call()

        # Then the first is inside the playback, the second behind it
        names = [name for name in bench_.wires[0].names if "playback" in name or "set" in name]
        assert names == [
            "CHANNEL_EXECUTE playback", "CHANNEL_EXECUTE set", "CHANNEL_EXECUTE_COMPLETE set",
            "CHANNEL_EXECUTE_COMPLETE playback", "CHANNEL_EXECUTE playback", "CHANNEL_EXECUTE_COMPLETE playback",
            "CHANNEL_EXECUTE set", "CHANNEL_EXECUTE_COMPLETE set",
        ]  # fmt: skip


@pytest.mark.parametrize("app", ["playback", "play_and_get_digits"])
def test_a_line_that_dies_is_replaced_within_a_tick_and_variables_stay(app, tmp_path):
    # Given a line that dies one second into a prompt
    def line(wire):
        if wire.variables.get("ivr_at"):
            wire.begin("hangup", "USER_BUSY")
            return
        wire.execute("answer")
        wire.execute("set", "ivr_at=menu")
        wire.begin(
            app, "silence_stream://9000" if app == "playback" else "1 1 1 5000 # silence_stream://9000 x v [1] 9"
        )
        wire.clock.sleep(1)
        died.append(wire.clock.monotonic())
        wire.die()

    died = []
    with bench(tmp_path, line, RESUMED) as bench_:
        # When a call comes
        call = bench_.call()

        # Then the dialplan went on at once: the same call, still answered, with what the dead process had set
        assert call.cause == "USER_BUSY"
        first, second = bench_.wires
        assert second.variables["ivr_at"] == "menu" and second.variables["uuid"] == first.variables["uuid"]
        assert "Answer-State: answered" in second.replies[0]
        assert second.times[0] - died[0] <= 0.02


def test_killed_while_phones_ring_the_phones_stop(tmp_path):
    # Given a line that bridges over the socket and dies
    def line(wire):
        if wire.variables.get("round"):
            seen.append(wire.variables["originate_disposition"])
            wire.begin("hangup")
            return
        wire.execute("answer")
        wire.begin("bridge", "user/8001@house.example")
        wire.clock.sleep(2)
        wire.die()

    seen = []
    with bench(tmp_path, line, RESUMED) as bench_:
        bench_.switch.phones["8001"] = Rings()
        bench_.call()

    # Then
    assert seen == ["ORIGINATOR_CANCEL"]


def test_killed_while_recording_over_the_socket_clears_the_caller_and_keeps_the_file(tmp_path):
    # Given a line that records over the socket and dies after three seconds
    def line(wire):
        wire.execute("answer")
        wire.begin("record", f"{tmp_path}/r.wav 60 200 5")
        wire.clock.sleep(3)
        wire.die()

    with bench(tmp_path, line, RESUMED) as bench_:
        call = bench_.call(Caller().waits(0.5).says(30))

    # Then
    assert call.cause == "DESTINATION_OUT_OF_ORDER"
    with wave.open(f"{tmp_path}/r.wav") as file:
        assert 2.8 < file.getnframes() / 8000 < 3.2


def test_killed_while_bridged_the_two_are_torn_apart(tmp_path):
    def line(wire):
        if wire.variables.get("round"):
            wire.begin("hangup", "CALL_REJECTED")
            return
        wire.begin("bridge", "user/8001@house.example")
        wire.clock.sleep(5)
        wire.die()

    with bench(tmp_path, line, RESUMED) as bench_:
        bench_.switch.phones["8001"] = Answers(after=1)
        call = bench_.call()

    # Then the caller went on in the dialplan, after four seconds of talk
    assert call.cause == "CALL_REJECTED"
    [talk] = [sound for sound in call.heard if sound.what.startswith("bridged")]
    assert 3.8 < talk.end - talk.start < 4.1


def test_a_line_that_leaves_is_obeyed_before_what_is_queued(tmp_path):
    # Given a line that queues behind a prompt and leaves
    def line(wire):
        if wire.variables.get("round"):
            seen.append(wire.variables.get("queued"))
            wire.begin("hangup")
            return
        wire.execute("answer")
        wire.begin("playback", "silence_stream://5000")
        wire.begin("set", "queued=1")
        wire.leave()

    seen = []
    with bench(tmp_path, line, RESUMED) as bench_:
        bench_.call()

    # Then the queued command was lost
    assert seen == [None]


def test_nobody_listens_the_next_action_runs(tmp_path):
    # Given an address where nobody listens
    with bench(tmp_path, None, variables={"line": "127.0.0.1:1"}) as bench_:
        call = bench_.call()

    # Then
    assert call.cause == "NORMAL_TEMPORARY_FAILURE"
    assert call.channel.seconds() - call.heard.ended_at < 11


def test_accepted_and_closed_the_next_action_runs_in_the_same_tick(tmp_path):
    # Given a line that closes before it said connect (it is full)
    full = StreamServer(("127.0.0.1", 0), lambda connection, address: connection.close())
    full.start()
    with bench(tmp_path, None, variables={"line": f"127.0.0.1:{full.server_port}"}) as bench_:
        call = bench_.call()
    full.stop()

    # Then
    assert call.cause == "NORMAL_TEMPORARY_FAILURE"
    assert call.heard.ended_at <= 0.02


def test_accepted_and_closed_without_resume_the_caller_rings_for_ever(tmp_path):
    # Given the tape appdown: no socket_resume
    full = StreamServer(("127.0.0.1", 0), lambda connection, address: connection.close())
    full.start()
    dialplan = RESUMED.replace('<action application="set" data="socket_resume=true"/>', "")
    with bench(tmp_path, None, dialplan, variables={"line": f"127.0.0.1:{full.server_port}"}) as bench_:
        # When the caller gives up after a minute
        call = bench_.call(Caller().waits(60).hangs_up())
    full.stop()

    # Then he had rung that long
    assert call.heard.ended_at == 60.0 and not call.channel.answered


def test_an_unknown_application_clears_the_call(tmp_path):
    def line(wire):
        wire.begin("no_such_application")

    with bench(tmp_path, line) as bench_:
        call = bench_.call()
        assert call.cause == "DESTINATION_OUT_OF_ORDER"
        assert "CHANNEL_EXECUTE_COMPLETE no_such_application" not in bench_.wires[0].names


@pytest.mark.parametrize("event", range(1, 14))
def test_a_caller_who_hangs_up_at_any_event_leaves_nothing_open(event, tmp_path):
    # Given a line with a short dialogue that gives up when the switch closes
    def line(wire):
        try:
            wire.execute("answer")
            wire.execute("play_and_get_digits", "1 1 1 3000 # silence_stream://2000 silence_stream://1 v [1] 1000")
            wire.execute("playback", "silence_stream://1000")
            wire.begin("hangup")
        except AssertionError:
            pass  # closed

    with bench(tmp_path, line) as bench_:
        # When the caller hangs up at event number `event`
        call = bench_.call(Caller().waits(1).presses("1").hangs_up_at_event(event))

        # Then the call is over, and the last event of it came
        assert bench_.switch.sessions == {} and call.cause == "NORMAL_CLEARING"
        assert call.channel.listeners == []
        assert len(bench_.records) == 1
