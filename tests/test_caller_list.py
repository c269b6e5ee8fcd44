"""Lists of callers: one number in whatever way it is written, beginnings, countries, and who hides his number."""

import pytest

from ivr.caller_list import CallerList, country_of, international


@pytest.mark.parametrize("caller", ["13800138000", "+8613800138000", "008613800138000"])
def test_a_number_is_the_same_however_it_is_written(caller):
    for written in ("+8613800138000", "13800138000"):
        assert CallerList("vip", numbers=(written,), home="CN").matches(caller)
    assert international(caller, "CN") == "+8613800138000"


def test_a_beginning_is_that_of_the_whole_number():
    berlin = CallerList("berlin", numbers=("+4930*",), home="DE")
    assert [berlin.matches(caller) for caller in ("03012345678", "+493012345678", "004930123456", "+4989123456")] == [
        True, True, True, False,
    ]  # fmt: skip
    # And written as dialled at home
    assert CallerList("berlin", numbers=("030*",), home="DE").matches("+493012345678")


def test_a_country_is_told_by_the_number_and_not_by_its_length():
    abroad = CallerList("abroad", countries=("US", "GB"), home="CN")
    assert [abroad.matches(caller) for caller in ("+12125550100", "00442071838750", "13800138000", "8001", "")] == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert [country_of(caller, "CN") for caller in ("+12125550100", "13800138000", "8001", "+999123456789")] == [
        "US", "CN", None, None,
    ]  # fmt: skip


def test_who_hides_his_number_is_on_a_list_that_says_so():
    assert CallerList("hidden", withheld=True).matches("")
    assert not CallerList("hidden", withheld=True).matches("13800138000")
    assert not CallerList("vip", numbers=("1*",)).matches("")


@pytest.mark.parametrize("caller", ["+", "0", "00", "+0", "9" * 40, "+86" + "1" * 30])
def test_a_number_that_is_none_is_on_no_list_of_countries(caller):
    assert not CallerList("vip", countries=("CN", "US"), home="CN").matches(caller)


def test_without_a_home_only_numbers_with_their_country_are_compared():
    assert CallerList("vip", numbers=("+8613800138000",)).matches("+8613800138000")
    assert not CallerList("vip", numbers=("+8613800138000",)).matches("13800138000")
