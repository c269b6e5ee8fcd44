"""The switch's side of the wire: encoding, frames, commands however they are split."""

import pytest

from ivr.switch.wire import Commands, encode, event_frame, plain, reply
from tests.switch.tape_player import TAPES, read


def test_every_connect_reply_and_event_of_the_tapes_is_written_back_as_it_was():
    # Given every plain value FreeSWITCH ever wrote on the tapes
    values = 0
    for tape in TAPES.glob("*.jsonl"):
        for row in read(tape.stem):
            if row.get("from") != "switch" or "event-plain" not in row["text"]:
                continue
            for line in row["text"].split("\n"):
                name, colon, value = line.partition(": ")
                # When one is decoded and encoded again, unless it held a % that cannot be told apart
                if colon and name.startswith(("variable_", "Caller-")) and "%25" not in value:
                    decoded = bytes.fromhex("".join(_hex(value))).decode("utf-8", "surrogateescape")
                    # Then it is the same
                    assert encode(decoded) in (value, "")
                    values += 1
    assert values > 10_000


def _hex(value):
    at = 0
    while at < len(value):
        if value[at] == "%":
            yield value[at + 1 : at + 3]
            at += 3
        else:
            yield format(ord(value[at]), "02x")
            at += 1


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_commands_however_they_are_split(size):
    # Given three commands, one with a body, and an empty line too many
    data = (
        b"connect\n\n\n\nsendmsg\ncall-command: execute\nexecute-app-arg: a: b \nexecute-app-arg: second\n"
        b"content-length: 7\n\nline\n\n2getvar x\n\n"
    )
    reader, commands = Commands(), []

    # When they come in pieces
    for at in range(0, len(data), size):
        commands += reader.feed(data[at : at + size])

    # Then
    assert [command.line for command in commands] == ["connect", "sendmsg", "getvar x"]
    assert commands[1].get("execute-app-arg") == "a: b " and commands[1].body == "line\n\n2"


def test_bytes_that_are_not_utf_8_go_out_as_they_came_in():
    # Given a caller's name of two bytes that are no text
    name = b"\xff\xfe".decode("utf-8", "surrogateescape")

    # When it is written
    # Then neither form fails
    assert plain({"Caller-Caller-ID-Name": name}) == "Caller-Caller-ID-Name: %FF%FE\n\n"
    assert event_frame({"n": name}, "json").endswith(b'{"n":"\xff\xfe"}')
    assert reply(name).endswith(b"\xff\xfe\n\n")


def test_an_empty_value_is_undef():
    assert plain({"a": ""}) == "a: _undef_\n\n"
