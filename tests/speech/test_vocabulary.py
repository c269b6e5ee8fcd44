"""What nobody can know beforehand is ready all the same: no caller waits for speech because of a digit or the date."""

from datetime import UTC, datetime, timedelta

import pytest

from ivr.prompt import Prompt
from ivr.speech.templates import Templates
from ivr.speech.vocabulary import vocabulary
from ivr.steps import Department
from ivr.table import load
from tests.house import HOUSE
from tests.speech.test_wording import HERE

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
TEMPLATES = Templates([HERE])


@pytest.fixture(scope="module")
def table():
    return load(HOUSE)


def segments(prompts, table):
    return {part for prompt in prompts for language in table.languages for part in TEMPLATES.segments(prompt, language)}


@pytest.fixture(scope="module")
def ready(table):
    return segments(vocabulary(table, NOON), table)


@pytest.mark.parametrize("name", ["extension-unknown", "transfer-extension", "message-number-read-back"])
@pytest.mark.parametrize("number", ["8001", "1", "9999", "13812345678", "0*12", "02155886677", "#"])
def test_any_number_is_ready(ready, table, name, number):
    assert segments([Prompt(name, number=number)], table) <= ready


def test_any_reference_is_ready(ready, table):
    assert segments([Prompt("message-kept", reference="204711")], table) <= ready


def test_every_hour_of_the_coming_week_is_ready(ready, table):
    # Given the department with hours, at every half hour of a week
    step = next(step for step in table.steps.values() if isinstance(step, Department) and step.hours)
    moments = [NOON + timedelta(minutes=30 * n) for n in range(7 * 48)]
    # When it is closed or at lunch, and says when it opens (rule A7)
    away = [
        Prompt(step.hours.state(at), to=step.name, opens=step.hours.opening(at))
        for at in moments
        if step.hours.state(at) != "open"
    ]
    # Then nothing of it has still to be made
    assert len(away) > 100
    assert segments(away, table) <= ready
