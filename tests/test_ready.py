"""Which words will be needed: at every instant at which they may change, of every step."""

from ivr.ready import all_hours
from ivr.share import shared
from ivr.table import load


def test_all_hours_are_those_of_places_of_switches_and_of_quiet_phones():
    table = load(shared("examples") / "hotel.yaml")
    assert {hours.name for hours in all_hours(table)} == {"reservations", "restaurant", "bar", "offices", "night"}
