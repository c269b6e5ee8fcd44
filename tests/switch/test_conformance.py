"""The built-in switch against tapes of a real FreeSWITCH 1.10.12.

Each tape's app side is played to it, with that tape's caller and phones; events, order and the headers that matter
must be the same. Every exception is listed here with its reason.
"""

import json
import re
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest

from ivr.switch import Answers, Busy, Caller, Dead, Refuses, Rings, Switch, Unregistered, VirtualClock
from ivr.switch.dialplan import Dialplan
from tests.switch.tape_player import TAPES, App, make_sounds, read, told

CODEC_ONLY = {
    "sync_full": "sync mode, which the line never uses",
    "async_nofull": "async without full, which the line never uses",
    "greenswitch_header_injection": "a fault of greenswitch, not of the switch",
}
NO_FRAMES = {"appdown": "closed before connect: nothing on the wire; see test_socket.py"}
RESUMED = {
    "handover_ring_answered-02": "second connection of -01",
    "handover_ring_noanswer-02": "second connection of -01",
    "handover_record_hash-02": "second connection of -01",
}
"""Played as the second half of their first tape."""

PLAYED = sorted({tape.stem for tape in TAPES.glob("*.jsonl")} - set(CODEC_ONLY) - set(NO_FRAMES) - set(RESUMED))

DIALPLAN = """<include>
  <context name="default">
    <extension name="house"><condition field="destination_number" expression="^9000$">
      <action application="socket" data="127.0.0.1:PORT async full"/>
    </condition></extension>
    <extension name="ivr"><condition field="destination_number" expression="^9100$">
      <action application="set" data="socket_resume=true"/>
      <action application="socket" data="127.0.0.1:${port}|127.0.0.1:1 async full"/>
      <action application="set" data="port=AGAIN"/>
      <action application="execute_extension" data="ivr_${ivr_next} XML default"/>
      <action application="transfer" data="9100 XML default"/>
    </condition></extension>
    <extension name="ring"><condition field="destination_number" expression="^ivr_ring$">
      <action application="bridge" data="${ivr_dial}"/>
    </condition></extension>
    <extension name="rec"><condition field="destination_number" expression="^ivr_rec$">
      <action application="record" data="${ivr_file} 30 200 3"/>
    </condition></extension>
  </context>
</include>"""

LATE_KEYS = {"pagd_variants": {"#": [4.85]}}
"""A key whose event came later than the key: pressed while the invalid sound played, taken by the park after it."""

UNSEEN = {"handover_record_hash-01": [(4.1, "#")], "handover_record_hangup": [(6.08, "bye")]}
"""What callers did while the line had left the socket: the first connection's end shows when."""

RAW = {
    ("cid_dollar", "display"): "${system date}",
    ("cid_number", "user"): "138%0AX-Evil: yes${system date}",
    ("cid_percent", "display"): "100% off %E4%BD%A0 %0AReply-Text: -ERR injected",
    ("cid_percent", "X-Note"): "%0d%0a lower %0D%0A upper %4",
}
"""What the caller sent, where the tape cannot show it: dropped for its `${`, or `%0A` that looks like a line feed."""

DEAD_1004 = {"handover_ring_answered-01"}
"""The tape's heading says user/1004 answered; its second half shows NORMAL_TEMPORARY_FAILURE: the phone was gone."""

RACES = {"bridge_busy_defaults"}
"""The notice overtook HANGUP_COMPLETE by less than a millisecond: the last frames in any order."""

LOOPBACK = {"cid_newline_originate", "demo_loopback"}
"""Calls of `originate loopback/…`, not over SIP: without SIP's variables, keys from a source UNKNOWN."""

SILENT = {"demo_sipp-01"}
"""Callers that sent no RTP."""

TONE = (1.5, 4.0)
"""record_*: the caller was silent for 1.5 s, then a tone for 4 s (the tapes' first lines)."""


def ignored(one: dict) -> bool:
    """CHANNEL_PARK may or may not come: it races with `myevents`. PRIVATE_COMMAND and the like tell nothing new."""
    return one.get("Event-Name") in ("CHANNEL_PARK", "PRIVATE_COMMAND", "PLAYBACK_START", "PLAYBACK_STOP")


def phones(name: str) -> dict:
    """The telephones of the tapes."""
    return {
        "1001": Answers(after=1.0),
        "1002": Busy(),
        "1003": Rings(),
        "1004": Dead() if name in DEAD_1004 else Answers(after=1.0, talks=4.0),
        "1005": Refuses(),
        "1006": Unregistered(),
        "1007": Dead(),
    }  # fmt: skip


def caller(name: str, rows: list[dict]) -> Caller:
    """What that tape's caller did, from what the tape shows."""
    acts: list[tuple[float, str]] = list(UNSEEN.get(name, ()))
    for t, one in told(rows):
        if one.get("Event-Name") == "DTMF" and one["DTMF-Source"] != "APP":
            late = LATE_KEYS.get(name, {}).get(one["DTMF-Digit"])
            acts.append((late.pop(0) if late else t, one["DTMF-Digit"]))
        if one.get("Event-Name") == "CHANNEL_HANGUP" and "proto_specific_hangup_cause" in one["variables"]:
            acts.append((t, "bye"))
    script, now = Caller(sends_rtp=name not in SILENT), 0.0
    if name.startswith(("record_", "handover_record")):
        ends = min([t for t, _ in acts], default=sum(TONE))
        acts.append((TONE[0], f"tone {min(ends, sum(TONE)) - TONE[0]}"))
    for t, act in sorted(acts):
        script.waits(max(0.0, t - now))
        now = max(t, now)
        if act.startswith("tone"):
            script.says(float(act[5:]))
            now += float(act[5:])
        elif act == "bye":
            script.hangs_up()
        else:
            script.presses(act)
    return script


def play(name: str, tmp_path, second: str | None = None):
    """Play a tape; returns (what FreeSWITCH said, what the built-in switch said), for each connection."""
    rows = read(name)
    make_sounds(tmp_path / "freeswitch/sounds/test")
    for folder in ("ivrtest/rec", "ivr/rec"):
        (tmp_path / folder).mkdir(parents=True)
    connect = next(one for _, one in told(rows) if one["kind"] == "connect")
    raw = next(row["text"] for row in rows if row.get("from") == "switch")
    uuid = re.search(r"^Unique-ID: (\S+)", raw, re.M)[1]

    def swap(text: str) -> str:
        return text.replace("/srv/", f"{tmp_path}/")

    stamp = int(re.search(r"^Event-Date-Timestamp: (\d+)", raw, re.M)[1]) / 1e6
    with VirtualClock(datetime.fromtimestamp(stamp, UTC)) as clock:
        apps = [App(clock, rows, ignored, swap)]
        if second:
            apps.append(App(clock, read(second), ignored, swap))
        text = DIALPLAN.replace("PORT", str(apps[0].port)).replace("AGAIN", str(apps[-1].port))
        (tmp_path / "dialplan.xml").write_text(text)
        switch = Switch(
            clock,
            Dialplan.load(tmp_path / "dialplan.xml", {}),
            {"domain": "127.0.0.1"},
            api=lambda command, arguments: arguments.removeprefix("echo ") + ("\n" if command == "system" else ""),
        )
        switch.phones.update(phones(name))
        variables = connect["variables"]
        call = switch.call(
            to=connect["Caller-Destination-Number"],
            frm=RAW.get((name, "user")) or variables.get("sip_from_user") or connect["Caller-Caller-ID-Number"],
            display=RAW.get((name, "display")) or variables.get("sip_from_display") or connect["Caller-Caller-ID-Name"],
            headers={
                key[6:]: RAW.get((name, key[6:])) or value
                for key, value in variables.items()
                if key.startswith("sip_h_")
            },
            variables={"port": str(apps[0].port)},
            context="default",
            address=unquote(re.search(r"^Channel-Name: (?:.*%40)?(\S+)", raw, re.M)[1]),
            uuid=uuid,
            script=caller(name, rows),
        )
        if name in LOOPBACK:
            _make_loopback(call.channel, connect)
        call.wait_ended(120)
        for app in apps:
            timer = clock.call_later(60, app.done.set)
            app.done.wait()
            timer.cancel()
            app.server.stop()
        assert switch.errors == []
        return [
            ([pair for pair in told(read(tape)) if not ignored(pair[1])], app.frames)
            for tape, app in zip([name, second] if second else [name], apps, strict=True)
        ], tmp_path


def _make_loopback(channel, connect) -> None:
    """The call of a LOOPBACK tape: what SIP would have told is not there."""
    for variable in [one for one in channel.variables if one.startswith("sip_")]:
        del channel.variables[variable]
    del channel.variables["endpoint_disposition"]
    channel.variables.update({key: value for key, value in connect["variables"].items() if key == "scenario"})
    channel.name = "loopback/9000-b"
    press = channel.press
    channel.press = lambda digit, source="RTP": press(digit, "UNKNOWN")


def _clean(one: dict, tmp_path) -> dict:
    return json.loads(json.dumps(one).replace(f"{tmp_path}/", "/srv/"))


@pytest.mark.parametrize("name", PLAYED)
def test_it_says_what_freeswitch_said(name, tmp_path):
    # Given a tape, and the second one where the switch called again
    second = name[:-1] + "2" if name.endswith("-01") and name[:-1] + "2" in RESUMED else None

    # When its app side is played to the built-in switch
    sides, folder = play(name, tmp_path, second)

    # Then the same frames come, in the same order, at about the same times
    found = [difference for real, ours in sides for difference in differences(name, real, ours, folder)]
    assert not found, "\n".join(found)


def differences(name, real, ours, folder) -> list[str]:
    """What is not the same, frame by frame."""
    found = []
    if name in RACES:
        real, ours = (_sorted_end(side) for side in (real, ours))
    for number in range(max(len(real), len(ours))):
        if number >= len(ours):
            found.append(f"{number}: missing {brief(real[number][1])}")
            continue
        at, got = ours[number][0], _clean(ours[number][1], folder)
        if number >= len(real):
            found.append(f"{number}: too much {brief(got)}")
            continue
        t, expected = real[number]
        got, expected = _near(got, expected)
        if brief(got) != brief(expected):
            found.append(f"{number}: {brief(expected)} expected, {brief(got)} came")
            continue
        flat, flat_expected = _flat(got), _flat(expected)
        found += [
            f"{number}: {brief(got)}: {key} {flat_expected.get(key)!r} expected, {flat.get(key)!r} came"
            for key in sorted(flat.keys() | flat_expected.keys())
            if flat.get(key) != flat_expected.get(key)
        ]
        if abs(at - t) > (1.3 if "disconnect" in str(got.get("Content-Disposition")) else 0.15):
            found.append(f"{number}: {brief(got)} at {t:.2f} s expected, at {at:.2f} s came")
    return found


def _near(got: dict, expected: dict) -> tuple[dict, dict]:
    """Recorded lengths that differ by less than 200 ms (RTP begins a little later than the call) are the same."""
    ours, theirs = got.get("variables", {}), expected.get("variables", {})
    if "record_ms" in ours and "record_ms" in theirs and abs(int(ours["record_ms"]) - int(theirs["record_ms"])) < 200:
        got = {**got, "variables": {**ours, "record_ms": theirs["record_ms"]}}
    return got, expected


def _sorted_end(side: list) -> list:
    """The frames from the first sign of the end on, in one order for both."""
    last = ("event CHANNEL_HANGUP_COMPLETE", "text/disconnect-notice")
    start = next(at for at, (_, one) in enumerate(side) if brief(one) in last)
    return side[:start] + sorted(side[start:], key=lambda pair: str(pair[1]))


def brief(one: dict) -> str:
    """One frame in a few words."""
    words = [one.get(key) for key in ("kind", "Event-Name", "Application", "DTMF-Digit", "Reply-Text")]
    return " ".join(word for word in words if word and not word.isspace())


def _flat(one: dict) -> dict:
    rest = {key: value for key, value in one.items() if key not in ("variables", "uuid")}
    return rest | {"$" + key: value for key, value in one.get("variables", {}).items()}
