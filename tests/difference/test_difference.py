"""What one edit of a table changes for callers, in words: the test house lived through twice."""

import pytest

from tests.difference.told import MAIN, MONDAY, NOT_OPEN, OPEN, changes, edited, report, told
from tests.house import HOUSE

SALES, BOX = "Sales on 8001, 8002", "message box Sales"


def test_nothing_is_different_of_the_same():
    assert told(HOUSE, HOUSE) == ["No difference for callers in the 28 days from 2026-11-23."]


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("#", "# a comment\n#"),
        ('{mon-fri: "09:00-12:00, 13:30-18:00"}', '{mon-fri: "09:00-12:00, 13:30-18:00", sat-sun: closed}'),
        ("holds:\n  sales: {for: department/sales, rounds: 3}", "holds:\n  sales: {ring: {phones: [8001, 8002], "
         "time: 25s}, name: {zh: 销售部, en: Sales}, leave: message/sales, rounds: 3}"),
        ("{how: in-turn", "{how: in-turn"),
        ("how: in-turn, time: 20s", "how: rotate, time: 20s"),  # the other phone does not want to be disturbed
    ],
    ids=["comment", "closed days written", "hold written out", "nothing", "rotation of one"],
)  # fmt: skip
def test_nothing_is_different_where_it_is_only_written_otherwise(was, now):
    old = HOUSE + "#" if was == "#" else HOUSE
    assert changes(old, old.replace(was, now)) == []


HOURS = '"09:00-12:00, 13:30-18:00"'
EVENING, SUNDAY = "every Monday–Friday 17:00–18:00", "every Sunday 09:00–12:00"


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        (HOURS, '"09:00-12:00, 13:30-17:00"', [
            f"{EVENING}, {MAIN}: greeted as closed instead of open",
            f"{EVENING}, {MAIN}, key 1: {BOX} instead of {SALES}",
            f"{EVENING}, number 2000: {BOX} instead of {SALES}",
        ]),
        (HOURS, f"{HOURS}, sun: 09:00-12:00", [
            f"{SUNDAY}, {MAIN}: greeted as open instead of closed",
            f"{SUNDAY}, {MAIN}, key 1: {SALES} instead of {BOX}",
            f"{SUNDAY}, number 2000: {SALES} instead of {BOX}",
        ]),
        (HOURS, f"{HOURS}, except: {{2026-12-02: closed}}", [
            f"on 2026-12-02 09:00–12:00, 13:30–18:00, {MAIN}: greeted as closed instead of open",
            f"on 2026-12-02 09:00–12:00, 13:30–18:00, {MAIN}, key 1: {BOX} instead of {SALES}",
            f"on 2026-12-02 09:00–12:00, 13:30–18:00, number 2000: {BOX} instead of {SALES}",
            f"on 2026-12-02 12:00–13:30, {MAIN}: greeted as closed instead of lunch",
            "on 2026-12-02 12:00–13:30, number 1000 and every other number, key 1: hears “We are sorry, Sales is not "
            "available at this hour, and will…” instead of “We are sorry, Sales is at lunch at the moment, and will "
            "be b…”",
            "on 2026-12-02 12:00–13:30, number 2000: hears “We are sorry, Sales is not available at this hour, and "
            "will…” instead of “We are sorry, Sales is at lunch at the moment, and will be b…”",
        ]),
    ],
    ids=["earlier", "a day more", "one date"],
)  # fmt: skip
def test_hours(was, now, said):
    assert changes(HOUSE, edited((was, now))) == said


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("      2: department/support\n", "", [f"always, {MAIN}, key 2: nothing instead of Support on 8003"]),
        ("      0: operator\n", "      0: operator\n      4: message/sales\n",
         [f"always, {MAIN}, key 4: {BOX} instead of nothing"]),
        ("1: department/sales", "1: department/support", [
            f"{NOT_OPEN}, {MAIN}, key 1: Support on 8003 instead of {BOX}",
            f"{OPEN}, {MAIN}, key 1: Support on 8003 instead of {SALES}",
        ]),
        ("direct_dial: yes", "direct_dial: no",
         [f"always, {MAIN}, an extension: cannot be dialled instead of can be dialled"]),
        ("direct_dial: yes", "direct_dial: yes\n    tries: 2", [
            f"always, {MAIN}, no key: hears “We are sorry, we did not receive your choice.” once instead of twice",
            f"always, {MAIN}, wrong keys: hears “We are sorry, that is not one of the choices. Please try aga…” once "
            "instead of twice",
            f"always, {MAIN}, key 9, key 9: hears “Thank you. We will continue in English.” once instead of twice",
        ]),
        ("direct_dial: yes", "direct_dial: yes\n    silence: message/sales",
         [f"always, {MAIN}, no key: {BOX} instead of the operator on 8001"]),
        ("direct_dial: yes", "direct_dial: yes\n    timeout: 10s",
         [f"always, {MAIN}: waits 10 s for a key instead of 5 s for a key"]),
        ("then: menu/main", "then: operator",
         [f"always, {MAIN}, key 3: the operator on 8001 instead of the menu “main menu”"]),
        ("en: We are at 1 Tianhe Road.", "en: We are at 2 Tianhe Road.",
         [f"always, {MAIN}, key 3: hears “We are at 2 Tianhe Road.” instead of “We are at 1 Tianhe Road.”"]),
        ("zh: 我们在天河路一号。", "zh: 我们在天河路二号。",
         [f"always, {MAIN}, key 3: hears “我们在天河路二号。” instead of “我们在天河路一号。”"]),
    ],
    ids=["key gone", "key new", "key elsewhere", "no direct dialling", "tries", "silence", "time", "announcement leads",
         "announcement says", "announcement says in Chinese"],
)  # fmt: skip
def test_menus_and_announcements(was, now, said):
    assert changes(HOUSE, edited((was, now))) == said


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("phones: [8001, 8002], how: together", "phones: [8001], how: together",
         [f"{OPEN}, {MAIN}, key 1: 8001 instead of 8001, 8002", f"{OPEN}, number 2000: 8001 instead of 8001, 8002"]),
        ("how: together", "how: in-turn", [
            f"{OPEN}, {MAIN}, key 1: 8001, 8002 in turn instead of 8001, 8002",
            f"{OPEN}, number 2000: 8001, 8002 in turn instead of 8001, 8002",
        ]),
        ("time: 25s", "time: 40s", [
            f"{OPEN}, {MAIN}, key 1: 8001, 8002 for 40 s instead of 8001, 8002 for 25 s",
            f"{OPEN}, number 2000: 8001, 8002 for 40 s instead of 8001, 8002 for 25 s",
        ]),
        (", do_not_disturb: yes", "", [
            f"always, {MAIN}, key 2: 8003, 8004 in turn instead of 8003",
            f"always, {MAIN}, extension 8004: extension 8004 instead of message box Zhao Liu",
        ]),
        ("busy: hold/sales, otherwise: message/sales", "busy: hold/sales, otherwise: operator", [
            f"{OPEN}, {MAIN}, key 1, nobody answers; or key 1, refused; or key 1, not reachable; or key 1, do not "
            f"disturb: the operator on 8001 instead of {BOX}",
            f"{OPEN}, number 2000, nobody answers; or refused; or not reachable; or do not disturb: "
            f"the operator on 8001 instead of {BOX}",
        ]),
        ("rounds: 3", "rounds: 5", [
            f"{OPEN}, {MAIN}, key 1, busy, waits, busy: hears “Thank you for waiting. We have not been able to "
            "connect you…” 5 times instead of 3 times",
            f"{OPEN}, number 2000, busy, waits, busy: hears “Thank you for waiting. We have not been able to "
            "connect you…” 5 times instead of 3 times",
        ]),
        ("  8004: ", "  8005:\n  8004: ", [f"always, {MAIN}, extension 8005: extension 8005 instead of nothing"]),
        ("phones: [8001]}", "phones: [8002]}", [f"always, {MAIN}, key 0: 8002 instead of 8001"]),
        ("en: Wang Wu}", "en: Wang Wu}, accept: yes",
         [f"always, {MAIN}, key 2; or extension 8003: 8003 (to be accepted by key) instead of 8003"]),
    ],
    ids=["phones", "how", "time", "do not disturb", "ends", "hold", "extension", "operator", "accept"],
)  # fmt: skip
def test_phones(was, now, said):
    assert changes(HOUSE, edited((was, now))) == said


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("language: en}", "language: zh}", ["always, number 2000: in zh instead of en"]),
        ('  "2000": {to: department/sales, language: en}\n', "", [
            f"{NOT_OPEN}, number 2000: the menu “main menu” instead of {BOX}",
            f"{OPEN}, number 2000: the menu “main menu” instead of {SALES}",
        ]),
        ('  "2000": {to: department/sales, language: en}\n',
         '  "2000": {to: department/sales, language: en}\n  "3000": {to: operator}\n',
         ["always, number 3000: the operator on 8001 instead of the menu “main menu”"]),
        ("sales: {shortest: 1s}", "sales: {shortest: 1s, limit: 60s}", [
            f"{NOT_OPEN}, {MAIN}, key 1: {BOX}, at most 60 s instead of {BOX}, at most 180 s",
            f"{NOT_OPEN}, number 2000: {BOX}, at most 60 s instead of {BOX}, at most 180 s",
            f"{OPEN}, {MAIN}, key 1, nobody answers: {BOX}, at most 60 s instead of {BOX}, at most 180 s",
            f"{OPEN}, number 2000, nobody answers: {BOX}, at most 60 s instead of {BOX}, at most 180 s",
        ]),
        ("sales, language: en}", "sales, language: en, rings: 2}", [
            f"{NOT_OPEN}, number 2000: hears “(ringing, 10 s)” instead of nothing",
            f"{OPEN}, number 2000: hears “(ringing, 10 s)” instead of nothing",
        ]),
        ("sales: {shortest: 1s}", "sales: {shortest: 3s}", [
            f"{when}, {way}: {BOX}, empty under 3 s instead of {BOX}, empty under 1 s" for when, way in (
                (NOT_OPEN, f"{MAIN}, key 1"), (NOT_OPEN, "number 2000"),
                (OPEN, f"{MAIN}, key 1, nobody answers"), (OPEN, "number 2000, nobody answers"),
            )
        ]),
        ("country: CN", "country: CN\n  remember_language: yes",
         ["always, who has chosen a language before: greeted in it instead of greeted as others are"]),
    ],
    ids=["language", "number gone", "number new", "message", "rings", "empty", "remembered"],
)  # fmt: skip
def test_numbers_and_messages(was, now, said):
    assert changes(HOUSE, edited((was, now))) == said


def test_a_name_that_changed_is_one_difference_however_many_sentences_say_it():
    assert changes(HOUSE, edited(("en: Sales}", "en: Sales and Orders}"))) == [
        "always: called “Sales and Orders” instead of “Sales”"
    ]
    assert changes(HOUSE, edited(("zh: 销售部", "zh: 销售处"))) == ["always: called “销售处” instead of “销售部”"]


def test_a_department_of_another_name_is_the_same_to_callers():
    renamed = HOUSE.replace("/sales", "/orders").replace("\n  sales:", "\n  orders:")
    assert renamed != HOUSE
    assert changes(HOUSE, renamed) == []


LISTS = """callers:
  friends: {numbers: ["+4930*"], to: operator}
  abroad: {countries: [FR], language: en}
  hidden: {withheld: yes, to: message/sales}
"""


def test_callers_on_lists_are_told_by_their_list():
    friends, hidden = "callers on callers.friends", "callers on callers.hidden"
    closed = "while hours.office is closed (every Monday–Friday 00:00–09:00, 18:00–24:00; every Saturday, Sunday)"
    assert changes(HOUSE, HOUSE + LISTS) == [
        f"always, {MAIN}, {friends}: the operator on 8001 instead of the menu “main menu”",
        f"always, {MAIN}, callers on callers.abroad: in en instead of zh",
        f"always, {MAIN}, {hidden}: {BOX} instead of the menu “main menu”",
        f"{NOT_OPEN}, number 2000, {friends}: the operator on 8001 instead of {BOX}",
        f"{closed}, number 2000, {hidden}: hears nothing instead of “We are sorry, Sales is not available at this "
        "hour, and will…”",
        f"{OPEN}, number 2000, {friends}: the operator on 8001 instead of {SALES}",
        f"{OPEN}, number 2000, {hidden}: {BOX} instead of {SALES}",
        f"while hours.office is at lunch (every Monday–Friday 12:00–13:30), number 2000, {hidden}: hears nothing "
        "instead of “We are sorry, Sales is at lunch at the moment, and will be b…”",
    ]


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ('"+4930*"', '"+4930*", "+4940*"', [
            f"{when}, callers on callers.friends (+4940*): the operator on 8001 instead of {was}" for when, was in (
                (f"always, {MAIN}", "the menu “main menu”"), (f"{NOT_OPEN}, number 2000", BOX),
                (f"{OPEN}, number 2000", SALES),
            )
        ]),
        ("[FR]", "[FR, DE, AT, GB, US]",
         [f"always, {MAIN}, callers on callers.abroad (DE, AT, GB and 1 more): in en instead of zh"]),
        ('["+4930*"]', '["+4930*"], withheld: yes',
         [f"always, every number, callers on callers.friends (withheld): the operator on 8001 instead of {BOX}"]),
    ],
    ids=["a number", "countries", "no number"],
)  # fmt: skip
def test_who_is_newly_on_a_list_is_told_by_what_is_written_of_him(was, now, said):
    assert changes(HOUSE + LISTS, edited((was, now), text=HOUSE + LISTS)) == said


def test_what_only_those_meet_who_show_no_number():
    asked = f"{BOX}, asked for a number instead of {BOX}"
    hidden = "callers who show no number"
    assert changes(HOUSE, edited(("sales: {shortest: 1s}", "sales: {shortest: 1s, ask_number: yes}"))) == [
        f"{NOT_OPEN}, {MAIN}, {hidden}, key 1: {asked}",
        f"{NOT_OPEN}, number 2000, {hidden}: {asked}",
        f"{OPEN}, {MAIN}, {hidden}, key 1, nobody answers: {asked}",
        f"{OPEN}, number 2000, {hidden}, nobody answers: {asked}",
    ]


SWITCH = """switches:
  night: {name: {zh: 夜, en: night}, hours: [office], pin: "471194"}
"""


def test_another_pin_is_one_difference():
    old = edited(('"2000": {to: department/sales, language: en}', '"2000": {to: switch/night}')) + SWITCH
    assert changes(old, old.replace("471194", "471195")) == ["always, number 2000: another PIN instead of the PIN"]


def test_other_values_in_the_same_words_are_no_difference():
    # Given hours that are closed when the others are at lunch: a switch says of both that they are closed
    old = edited(('"2000": {to: department/sales, language: en}', '"2000": {to: switch/night}')) + SWITCH
    new = old.replace("hours: [office]", "hours: [noon]").replace(
        "hours:\n", "hours:\n  noon: {mon-fri: 09:00-12:00}\n", 1
    )
    assert [one.partition(":00,")[0] for one in changes(old, new)] == ["every Monday–Friday 13:30–18"]


def test_who_is_on_a_list_is_told_of_what_others_do_not_meet():
    # Given a list whose callers go elsewhere, what changes in the menu is nothing to them
    said = changes(HOUSE + LISTS, edited(("2: department/support", "2: operator")) + LISTS)
    assert said == [f"always, {MAIN}, key 2: the operator on 8001 instead of Support on 8003"]


DUTY = """duties:
  manager: {name: the manager, handover: "08:00", week: {mon-fri: 8001, sat-sun: 8002}}
"""


def test_a_rota_is_told_by_who_is_on_duty():
    old = edited(("1: department/sales", "1: duty/manager")) + DUTY
    new = old.replace("sat-sun: 8002", "sat: 8002, sun: 8003")
    assert changes(old, new) == [
        f"every Monday 00:00–08:00; every Sunday 08:00–24:00, {MAIN}, key 1: 8003 instead of 8002"
    ]


def test_a_mobile_of_another_number_is_another_phone():
    old = edited(("extensions:\n", 'extensions:\n  8651: {outside: "+8613912345678"}\n'), ("[8001]}", "[8651]}"),
                 ("country: CN", "country: CN\n  gateway: trunk\n  toll: {countries: [CN]}"))  # fmt: skip
    new = old.replace("5678", "5679").replace('5679"}', '5679", accept: no}')
    assert changes(old, new) == [
        f"always, {MAIN}, key 0; or extension 8651: 8651 (+8613912345679) instead of 8651 (+8613912345678, to be "
        "accepted by key)"
    ]


def test_many_extensions_that_are_alike_are_told_as_one():
    rooms = edited(("extensions:\n", "extensions:\n  4001-4060: {ends: {otherwise: operator}}\n"))
    assert changes(HOUSE, rooms) == [
        f"always, {MAIN}, extension 4001 and 59 more like it: extension 4001 instead of nothing"
    ]


def test_back_and_top_are_followed():
    menus = "menus:\n  second: {name: second, keys: {1: department/support, '*': back, 2: top}}\n"
    old = edited(("menus:\n", menus), ("3: announcement/address", "3: menu/second"))
    new = old.replace("'*': back", "'*': menu/second")
    assert changes(old, new) == [f"always, {MAIN}, key 3, key *: the menu “second” instead of the menu “main menu”"]


def test_what_is_far_ahead_is_seen_as_far_as_one_looks():
    new = edited((HOURS, f"{HOURS}, except: {{2027-06-01: closed}}"))
    assert told(HOUSE, new, days=28) == ["No difference for callers in the 28 days from 2026-11-23."]
    assert told(HOUSE, new, days=400)[-1] == "6 differences for callers in the 400 days from 2026-11-23."


def test_spans_are_exact():
    [change, *_] = report(HOUSE, edited((HOURS, '"09:00-12:00, 13:30-17:00"'))).changes
    assert len(change.spans) == 20
    assert [edge.isoformat() for edge in change.spans[0]] == ["2026-11-23T09:00:00+00:00", "2026-11-23T10:00:00+00:00"]
    assert change.numbers == ("1000", "*")
    assert MONDAY.isoformat() == "2026-11-23"
