"""`ivr calls`: what is printed, whole."""

import json
from datetime import timedelta
from functools import partial

import pytest

from ivr.cli.calls import calls as command
from ivr.journal import Closed, Noted, Opened
from ivr.store.database import Store
from ivr.store.journal import Journal
from tests.cli.printed import printed
from tests.store.conftest import AT, OTHER, UUID

run = partial(printed, command)


@pytest.fixture
def data(tmp_path):
    """A house with a call that is over, and one that is not."""
    store = Store.under(tmp_path)
    store.migrate()
    Journal(store).write(
        [
            Opened(UUID, AT, "13800138000", "9100", "0123456789ab", "zh"),
            Noted(UUID, AT + timedelta(seconds=2.5), "keyed", {"keys": "1", "to": "department/sales"}),
            Noted(UUID, AT + timedelta(seconds=9), "failed", {"error": "[red]\x1b[2J"}),
            Closed(UUID, AT + timedelta(seconds=95), "USER_BUSY"),
            Opened(OTHER, AT + timedelta(seconds=60), "", "9100", "0123456789ab", "en"),
        ]
    )
    store.close()
    return tmp_path


def test_list(data):
    assert (
        run(data, "list")
        == """
 arrived (UTC)         call                                   from          dialled   language   length   ended by
 ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────
 2026-11-20 01:01:00   0b1f7a52-5f4e-4c3a-9a55-1f9d6c0f3e11   withheld      9100      en                  still open
 2026-11-20 01:00:00   6a260ece-0ada-4bfb-b3f7-7b5a1771d19b   13800138000   9100      zh           1:35   USER_BUSY
"""
    )


def test_which_calls(data):
    def listed(*args):
        return [call["call"] for call in json.loads(run(data, "list", "--json", *args))]

    assert listed() == [OTHER, UUID]
    assert listed("--limit", "1") == [OTHER]
    assert listed("--open") == [OTHER]
    assert listed("--since", "2026-11-20 09:00:30", "--timezone", "Asia/Shanghai") == [OTHER]
    assert run(data, "list", "--since", "2030-01-01") == "no calls"


def test_show_by_the_first_characters_of_its_id(data):
    # What was kept does not steer the terminal
    assert (
        run(data, "show", "6A26", "--timezone", "Asia/Shanghai")
        == """\
call      6a260ece-0ada-4bfb-b3f7-7b5a1771d19b
from      13800138000
dialled   9100
language  zh
table     0123456789ab
arrived   2026-11-20 09:00:00 Asia/Shanghai
closed    2026-11-20 09:01:35 Asia/Shanghai
length    1:35
ended by  USER_BUSY

   after   what     with
 ──────────────────────────────────────────────
 +2.50 s   keyed    keys=1  to=department/sales
 +9.00 s   failed   error='[red]\\x1b[2J'
"""
    )


def test_show_as_json(data):
    found = json.loads(run(data, "show", UUID, "--json"))
    assert found["events"][0] == {
        "at": "2026-11-20T01:00:02.500+00:00",
        "event": "keyed",
        "data": {"keys": "1", "to": "department/sales"},
    }


def test_show_what_is_not_there(data):
    assert run(data, "show", "ffff", code=1) == (
        "Error: no call's id begins with 'ffff'; `ivr calls list` shows those there are"
    )


def test_show_what_is_not_one(data):
    store = Store.under(data)
    Journal(store).opened(OTHER[:-1] + "2", AT)
    store.close()
    assert run(data, "show", OTHER[:8], code=1) == (
        f"Error: several calls' ids begin with '{OTHER[:8]}', such as {OTHER} and {OTHER[:-1]}2: write more"
    )
