"""The rules of messages."""

from itertools import islice
from math import gcd

from hypothesis import given
from hypothesis import strategies as st

from ivr.messages import _BLOCKS, STATES, TRANSITIONS, may_become, named, reference


def test_no_reference_number_is_given_twice_and_all_can_be_spoken():
    # Given the blocks numbers come from
    ends = [(first, first + many) for first, many, _ in _BLOCKS]

    # Then they do not overlap, keep clear of the numbers given without a database, and are walked through whole
    assert all(before[1] <= after[0] for before, after in zip(ends, islice(ends, 1, None), strict=False))
    assert ends[-1][1] == 90_000_000
    assert all(gcd(many, step) == 1 for _, many, step in _BLOCKS)
    # And the first ones are six digits, none of them twice
    first = [reference(n) for n in range(20_000)]
    assert len(set(first)) == len(first)
    assert all(len(number) == 6 and number.isdecimal() and number[0] != "0" for number in first)


@given(st.integers(0, 200_000_000), st.integers(0, 200_000_000))
def test_two_messages_have_two_numbers(one, other):
    assert (reference(one) == reference(other)) == (one == other)
    assert not reference(one).startswith("9") or len(reference(one)) != 8


def test_neighbours_are_not_confused():
    # Two messages taken one after the other differ in at least three digits of six
    for n in range(1000):
        assert sum(a != b for a, b in zip(reference(n), reference(n + 1), strict=True)) >= 3


@given(st.text(max_size=80))
def test_a_name_that_is_ours_has_no_way_out_of_the_folder(text):
    if named(text) is not None:
        assert "/" not in text and ".." not in text and text.isascii()


def test_names():
    uuid = "6a260ece-0ada-4bfb-b3f7-7b5a1771d19b"
    assert named(f"{uuid}-12.wav").turn == 12
    assert named(f"fallback-{uuid}.wav").fallback
    for bad in (
        f"{uuid}.wav", f"fallback-{uuid}-1.wav", f"{uuid}-1.mp3", f"{uuid.upper()}-1.wav", f"{uuid}-1.wav\n",
        f"../{uuid}-1.wav", f"{uuid}-١.wav", "", "-" * 36 + "-1.wav", f".{uuid}-1.wav.aa.part",
    ):  # fmt: skip
        assert named(bad) is None, bad


def test_states_lead_somewhere_and_only_forward():
    assert set().union(*TRANSITIONS.values()) <= set(STATES)
    assert [state for state in STATES if may_become("new", state)] == ["new", "delivered", "heard", "answered"]
    assert not any(may_become(state, "recording") for state in STATES if state != "recording")
