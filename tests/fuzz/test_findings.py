"""What fuzzing ever found, played to the targets; and a few inputs of each kind, so that a target that cannot run is
noticed in CI."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.fuzz.targets import TARGETS

FINDINGS = sorted((Path(__file__).parent / "findings").glob("*/*"))


@pytest.mark.parametrize("path", FINDINGS, ids=lambda path: f"{path.parent.name}/{path.name[:20]}")
def test_what_was_found_is_mended(path):
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("target", sorted(TARGETS))
@settings(max_examples=60, deadline=None)
@given(data=some.binary(max_size=400))
def test_any_bytes(target, data):
    TARGETS[target](data)


@pytest.mark.parametrize("target", sorted(TARGETS))
@settings(max_examples=40, deadline=None)
@given(data=some.text(alphabet="Content-Type: json\n{}[]0123456789%_abc\"'&*!-", max_size=300))
def test_text_that_looks_like_it(target, data):
    TARGETS[target](data.encode())
