"""`ivr messages`: what is printed, whole."""

import json
from datetime import timedelta
from functools import partial

import pytest

from ivr.cli.messages import messages as command
from ivr.store.database import Store
from ivr.store.messages import Messages
from tests.cli.printed import printed
from tests.house import HOUSE
from tests.sounds import hush, put, speech
from tests.store.conftest import AT, UUID, note

run = partial(printed, command)


@pytest.fixture
def data(tmp_path):
    """A house with a message, an empty one, and one being recorded."""
    (tmp_path / "spool").mkdir()
    store = Store.under(tmp_path)
    store.migrate()
    messages = Messages(store, tmp_path / "spool")
    for n, samples in enumerate((speech(75), hush(5), None)):
        name, at = f"{UUID}-{n}.wav", AT + timedelta(minutes=n)
        caller = "" if n == 1 else "13800138000"
        messages.begin(note(name, caller=caller, begun=at, callback=caller))
        if samples is not None:
            put(tmp_path / "spool" / name, samples)
            messages.finish(name, at, None, "key")
    store.close()
    return tmp_path


def test_list(data):
    assert (
        run(data, "list", "--timezone", "Asia/Shanghai")
        == """
 number   state       box             from          call back     taken (Asia/Shanghai)   length
 ───────────────────────────────────────────────────────────────────────────────────────────────
 874866   recording   message/sales   13800138000   13800138000   2026-11-20 09:02:00
 487433   empty       message/sales   withheld                    2026-11-20 09:01:00      5.0 s
 100000   new         message/sales   13800138000   13800138000   2026-11-20 09:00:00       1:15
"""
    )


def test_times_are_the_houses(data):
    (data / "routes.yaml").write_text(HOUSE)
    assert "taken (Asia/Shanghai)" in run(data, "list").splitlines()[1]
    assert "begun      2026-11-20 09:00:00 Asia/Shanghai" in run(data, "show", "100000").splitlines()


def test_list_of_one_state_as_json(data):
    assert json.loads(run(data, "list", "--state", "new", "--json")) == [
        {
            "reference": "100000", "state": "new", "box": "message/sales", "caller": "13800138000",
            "callback": "13800138000", "dialled": "9100", "language": "zh", "begun": "2026-11-20T01:00:00+00:00",
            "finished": "2026-11-20T01:00:00+00:00", "seconds": 75.0, "ended": "key", "call": UUID,
            "recording": f"{UUID}-0.wav",
        }
    ]  # fmt: skip
    assert run(data, "list", "--box", "message/other") == "no messages"


def test_show(data):
    assert (
        run(data, "show", "100000")
        == f"""\
number     100000
state      new
box        message/sales
from       13800138000
call back  13800138000
dialled    9100
language   zh
begun      2026-11-20 01:00:00 UTC
finished   2026-11-20 01:00:00 UTC
length     1:15
ended by   key
call       {UUID}
recording  {data}/spool/{UUID}-0.wav"""
    )


def test_show_what_is_not_there(data):
    assert run(data, "show", "1", code=1) == ("Error: there is no message 1; `ivr messages list` shows those there are")


def test_export(data, tmp_path):
    out = tmp_path / "out"
    assert run(data, "export", "--all", "--to", str(out)) == (
        f"{out}/100000-message-sales-20261120-010000.wav\n{out}/100000-message-sales-20261120-010000.json"
    )
    assert run(data, "export", "100000", "--to", str(out), code=1) == (
        f"Error: {out}/100000-message-sales-20261120-010000.wav is there already: "
        "export to another folder, or move it away first"
    )
    assert run(data, "export", "--to", str(out), code=2).splitlines()[-1] == (
        "Error: say which messages, by their numbers, or --all"
    )


def test_a_folder_in_which_nothing_was_kept(tmp_path):
    assert run(tmp_path, "list", code=1) == (
        f"Error: {tmp_path}/zongji.db does not exist: nothing was kept there yet. `ivr serve` makes it; "
        "--data or --database (IVR_DATA, IVR_DATABASE) say where it is"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_another_version(tmp_path):
    (tmp_path / "zongji.db").touch()
    assert run(tmp_path, "list", code=1) == (
        f"Error: {tmp_path}/zongji.db has the tables of version none, this program those of {Store.newest()}: "
        "start `ivr serve` of this version once, it brings them up to date"
    )


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "zongji.db").write_text("this is a letter to my aunt\n" * 100)
    assert run(tmp_path, "list", code=1) == f"Error: {tmp_path}/zongji.db: file is not a database"


def test_a_zone_that_is_none(data):
    assert run(data, "list", "--timezone", "Beijing", code=2).splitlines()[-1] == (
        "Error: Invalid value for '--timezone': 'Beijing' is no time zone; "
        "write one such as Asia/Shanghai, Europe/Berlin or UTC"
    )
