"""What all tests share."""

import logging

import pytest
import structlog

import tests.switched


@pytest.fixture(scope="session", autouse=True)
def hum_once(tmp_path_factory):
    """The hum of the test engine is made once for all tests."""
    tests.switched.SPEECH_CACHE = tmp_path_factory.mktemp("speech")


@pytest.fixture(autouse=True)
def log_as_before():
    """A command sets up the log of its process; the next test has its own."""
    handlers = logging.root.handlers[:]
    level = logging.root.level
    yield
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)
