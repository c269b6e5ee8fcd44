"""The same house, with the desk where call records arrive."""

import pytest

from ivr.records import CallRecords
from tests.store.conftest import clock, cluster, journal, messages, opened, spool, store, url  # noqa: F401


@pytest.fixture
def records(store, journal, messages, clock):  # noqa: F811
    return CallRecords(store, journal, messages, clock)
