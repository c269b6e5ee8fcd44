"""A PostgreSQL of our own, on a port of its own, for the store's tests: `make postgresql`.

It lies in a folder of its own below the system's temporary one, is asked for by the variable POSTGRESQL (the folder of
its programs, such as /usr/lib/postgresql/15/bin), and is gone with the tests.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

BIN = os.environ.get("POSTGRESQL", "")
NAMES = count(1)
SET = ("fsync=off", "full_page_writes=off", "max_connections=200", "listen_addresses=127.0.0.1")


class Cluster:
    """A running PostgreSQL. `fresh()`: the URL of an empty database of its own."""

    def __init__(self, port: int):
        self.port = port

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://zongji@127.0.0.1:{self.port}/{database}"

    def fresh(self) -> str:
        import psycopg

        name = f"house_{next(NAMES)}"
        with psycopg.connect(f"host=127.0.0.1 port={self.port} user=zongji dbname=postgres", autocommit=True) as at:
            at.execute(f"CREATE DATABASE {name}")
        return self.url(name)


@contextmanager
def running() -> Iterator[Cluster]:
    """From initdb to the end. PostgreSQL does not run as root: then it runs as nobody."""
    folder = Path(tempfile.mkdtemp(prefix="zongji-postgresql-"))
    who = "nobody" if os.geteuid() == 0 else None
    if who:
        shutil.chown(folder, who)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    quiet = {"stdout": subprocess.DEVNULL, "stdin": subprocess.DEVNULL, "user": who, "cwd": folder}
    initdb = [f"{BIN}/initdb", "-D", folder / "data", "-U", "zongji", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(initdb, check=True, timeout=120, **quiet)
    command = [
        f"{BIN}/postgres",
        "-D",
        folder / "data",
        "-p",
        str(port),
        "-k",
        folder,
        *(part for one in SET for part in ("-c", one)),
    ]
    with (folder / "log").open("wb") as said, subprocess.Popen(command, stderr=said, **quiet) as server:
        try:
            _wait(server, port, folder / "log")
            yield Cluster(port)
        finally:
            server.send_signal(signal.SIGINT)  # ends the connections that are left
            server.wait(30)
            shutil.rmtree(folder, ignore_errors=True)


def _wait(server: subprocess.Popen, port: int, log: Path) -> None:
    import psycopg

    end = time.monotonic() + 30
    while True:
        assert server.poll() is None, log.read_text()
        try:
            psycopg.connect(f"host=127.0.0.1 port={port} user=zongji dbname=postgres connect_timeout=2").close()
            return
        except psycopg.OperationalError:
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.05)
