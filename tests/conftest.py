"""What all tests share."""

import pytest

import tests.switched


@pytest.fixture(scope="session", autouse=True)
def hum_once(tmp_path_factory):
    """The hum of the test engine is made once for all tests."""
    tests.switched.SPEECH_CACHE = tmp_path_factory.mktemp("speech")
