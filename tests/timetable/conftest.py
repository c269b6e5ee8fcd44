"""The house whose timetable is told."""

import pytest

from ivr.table import load
from tests.timetable.house import CLOSURES, TABLE


@pytest.fixture(scope="session")
def table():
    return load(TABLE, name="routes.yaml", files={"closures.ics": CLOSURES})
