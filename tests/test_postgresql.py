"""Two lines of a house that share a PostgreSQL: a call from end to end, and its message (`make postgresql`)."""

import socket
import time
from contextlib import closing

import pytest

from ivr.errors import StoreError
from ivr.store import Store
from ivr.switch import Caller, Rings
from tests.store import postgres
from tests.switched import switched

pytestmark = pytest.mark.skipif(
    not postgres.BIN, reason="no PostgreSQL was named: apt install postgresql, then make postgresql"
)


@pytest.fixture(scope="module")
def cluster():
    with postgres.running() as cluster:
        yield cluster


def test_a_message_by_a_line_that_dies_is_finished_by_the_other(cluster, tmp_path):
    with switched(tmp_path, database=cluster.fresh()) as house:
        house.switch.phones["8002"] = Rings()
        call = house.switch.call(to="1000", script=Caller().hears().presses("8002").hears("beep").waits(0.5).says(6))
        # Given a line that dies while the phone rings
        house.clock.sleep(12)
        house.kill()
        call.wait_ended(600)
        # Then the other one has all of the call and of the message
        assert house.path(call.uuid) == ["greeting/1000", "menu/main", "extension/8002", "message/8002", "goodbye"]
        assert [message.state for message in house.second.messages.list()] == ["new"]
        assert house.second.journal.call(call.uuid).closed is not None


def test_one_of_them_sweeps_for_both(cluster, tmp_path):
    with switched(tmp_path, database=cluster.fresh()) as house:
        house.clock.sleep(90)
        assert [house.line.leads, house.second.leads] == [True, True]  # one process: one holder, by its number
        with house.line.store.reading() as connection:
            assert len(connection.exec_driver_sql("SELECT * FROM leases").all()) == 1


def test_a_machine_that_says_nothing_is_given_up():
    # Given a machine that takes the connection, and hangs
    with (
        socket.create_server(("127.0.0.1", 0)) as hung,
        closing(Store(f"postgresql+psycopg://zongji@127.0.0.1:{hung.getsockname()[1]}/house")) as store,
    ):
        began = time.monotonic()
        with pytest.raises(StoreError, match="timeout"):
            store.version()
        assert time.monotonic() - began < 10
