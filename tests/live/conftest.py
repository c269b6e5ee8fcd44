"""Live tests run only where a FreeSWITCH is given: make live FREESWITCH=<folder with the program freeswitch>."""

import os

import pytest

from tests.live.freeswitch import FreeSwitch
from tests.live.line import Line

NOT_GIVEN = "live tests skipped, no FreeSWITCH given: make live FREESWITCH=<the folder with the program freeswitch>"


def live(items) -> list:
    return [item for item in items if "tests/live/" in item.path.as_posix()]


def pytest_collection_modifyitems(items):
    if not os.environ.get("FREESWITCH"):
        for item in live(items):
            item.add_marker(pytest.mark.skip(reason=NOT_GIVEN))


def pytest_terminal_summary(terminalreporter):
    if any(NOT_GIVEN in str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])):
        terminalreporter.line(NOT_GIVEN)


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    """One FreeSWITCH for the whole run: it takes five seconds to start."""
    switch = FreeSwitch(os.environ["FREESWITCH"], tmp_path_factory.mktemp("freeswitch"))
    try:
        switch.start()
        yield switch
    finally:
        switch.stop()


@pytest.fixture
def switch(running):
    """The FreeSWITCH, with an empty spool, and left without a channel by every test."""
    for folder in (running.spool, running.records):
        for file in folder.iterdir():
            file.unlink()
    yield running
    running.quiet()


@pytest.fixture
def line(switch):
    """A line with an empty house book."""
    for file in switch.data.glob("zongji.db*"):
        file.unlink()
    with Line(switch) as one:
        yield one
        switch.quiet()
