"""Whose turn it is."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import update

from ivr.store.tables import turns as table
from ivr.store.turns import Turns


def test_each_call_has_its_turn_and_each_place_its_own(store):
    turns = Turns(store)
    asked = ["department/sales", "department/sales", "hold/sales", "department/sales"]
    assert [turns.next(place) for place in asked] == [0, 1, 0, 2]


def test_no_two_lines_get_the_same(opened):
    stores = [opened(busy=10) for _ in range(4)]
    stores[0].migrate()

    def asks(store):
        return [Turns(store).next("department/sales") for _ in range(25)]

    with ThreadPoolExecutor(4) as pool:
        given = [turn for several in pool.map(asks, stores) for turn in several]
    assert sorted(given) == list(range(100))


def test_after_a_thousand_million_calls_it_begins_again(store):
    turns = Turns(store)
    turns.next("department/sales")
    with store.writing() as connection:
        connection.execute(update(table).values(value=999_999_999))
    assert [turns.next("department/sales") for _ in range(3)] == [999_999_999, 0, 1]
