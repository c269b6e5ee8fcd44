"""`ivr serve --workers` as it is run: SIGUSR2 replaces every worker and refuses nobody; SIGTERM ends it well."""

import signal
import socket
import time

from bench import house, unrest
from bench.chaos import line, ready, tones

LIMIT = 60.0


def greeted(port: int) -> bool:
    """Is who connects now taken by a worker, which says at once what a line says to a FreeSWITCH?"""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as switch:
        return switch.recv(8) == b"connect\n"


def test_an_upgrade_refuses_nobody_and_a_stop_ends_well(tmp_path):
    data = tmp_path / "data"
    data.mkdir(mode=0o2770)
    (tmp_path / "routes.yaml").write_text(house.TABLE)
    tones(tmp_path / "prompts")
    with line(tmp_path, data, 2) as (parent, port, health):
        _, before = unrest.family(parent.pid, data)
        # When the program is replaced
        parent.send_signal(signal.SIGUSR2)
        calls, end = 0, time.monotonic() + LIMIT
        while set(before) & set(unrest.family(parent.pid, data)[1]) or not ready(health, 2):
            # Then whoever comes meanwhile is taken
            assert greeted(port)
            calls += 1
            assert time.monotonic() < end, (tmp_path / "line.log").read_text()[-3000:]
        assert calls > 20
        # And a stop ends it, with all it had begun
        parent.terminate()
        assert parent.wait(LIMIT) == 0
        assert unrest.family(parent.pid, data) == ([], [])
