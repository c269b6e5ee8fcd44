"""The rota: nobody is handed a duty twice; who has it agrees with the clock on the wall, minute by minute."""

from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.rota import Rota, Shift, Turn
from ivr.table.duties import DutyText, rota_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
THREE = {"early": "06:00", "late": "14:00", "night": "22:00"}


def rota(zone: str = "Asia/Shanghai", **written) -> Rota:
    """The rota of a duty as routes.yaml has it."""
    written = {{"except_": "except"}.get(key, key): value for key, value in written.items()}
    return rota_of(DutyText.model_validate({"name": "manager", **written}), "manager", zone)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def changes(rota: Rota, start: datetime, count: int) -> list[tuple[str, str | None]]:
    """The next changes: local time, and who has the duty then."""
    found = []
    for _ in range(count):
        start = rota.next_change(start)
        found.append((start.astimezone(rota.tz).strftime("%m-%d %H:%M"), rota.on(start)))
    return found


@pytest.mark.parametrize(
    ("when", "person"),
    [
        ("2026-11-19 07:59:59.999999", "8001"),  # Thursday, still Wednesday's
        ("2026-11-20 07:59:59.999999", "8001"),  # Friday, still Thursday's
        ("2026-11-20 08:00", "8002"),
        ("2026-11-23 07:59", "8002"),  # Monday, still Sunday's
        ("2026-11-23 08:00", "8001"),
    ],
)
def test_hand_over_is_half_open_and_the_night_belongs_to_the_day_it_began(when, person):
    assert rota(handover="08:00", week={"mon-thu": "8001", "fri-sun": "8002"}).on(at(when)) == person


def test_a_naive_time_is_refused():
    with pytest.raises(ValueError, match="has no time zone"):
        rota(week={"mon-sun": "8001"}).on(datetime(2026, 11, 20))


def test_shifts_hand_over_several_times_a_day():
    nurses = rota(shifts=THREE, week={"mon-sun": {"early": "8001", "late": "8002", "night": "8003"}})
    assert changes(nurses, at("2026-11-20 00:00"), 4) == [
        ("11-20 06:00", "8001"), ("11-20 14:00", "8002"), ("11-20 22:00", "8003"), ("11-21 06:00", "8001"),
    ]  # fmt: skip
    assert nurses.stint(at("2026-11-21 03:00")).day == date(2026, 11, 20)


def test_shifts_may_be_written_in_any_order():
    turned = dict(reversed(THREE.items()))
    week = {"mon-sun": {"night": "8003", "late": "8002", "early": "8001"}}
    assert rota(shifts=turned, week=week) == rota(shifts=THREE, week=week)


def test_turns_by_week_are_counted_from_a_date_in_the_rotas_own_zone():
    weekly = rota(
        handover="08:00", timezone="Europe/Berlin",
        turn={"every": "week", "from": "2026-10-19", "people": ["8001", "8002", "8003"]},
    )  # fmt: skip
    # The hour that comes twice on 25 October moves no hand-over
    assert changes(weekly, at("2026-10-19 12:00"), 4) == [
        ("10-19 08:00", "8001"), ("10-26 08:00", "8002"), ("11-02 08:00", "8003"), ("11-09 08:00", "8001"),
    ]  # fmt: skip
    # Before its date the turn is counted backwards: the duty is never without anybody
    assert weekly.on(at("2026-10-18 12:00")) == "8003"


def test_turns_by_day_and_whole_teams_that_take_turns():
    teams = [{"early": "8001", "late": "8002", "night": "8003"}, {"early": "8004", "late": "8005", "night": "8006"}]
    daily = rota(shifts=THREE, turn={"every": "day", "from": "2026-11-20", "people": teams})
    assert [person for _, person in changes(daily, at("2026-11-20 06:30"), 6)] == [
        "8002", "8003", "8004", "8005", "8006", "8001",
    ]  # fmt: skip


def test_an_exception_comes_before_the_week_and_the_week_before_the_turn():
    duty = rota(
        shifts=THREE,
        week={"sat-sun": "8001", "fri": {"night": "8001"}},
        turn={"every": "day", "from": "2026-11-20", "people": ["8002", "8003"]},
        except_={"2026-11-21": {"late": "8009"}},
    )
    rules = {hour: (duty.stint(at(hour)).rule, duty.on(at(hour))) for hour in (
        "2026-11-20 15:00", "2026-11-20 23:00", "2026-11-21 07:00", "2026-11-21 15:00", "2026-11-23 07:00",
    )}  # fmt: skip
    assert list(rules.values()) == [
        ("turn", "8002"), ("week", "8001"), ("week", "8001"), ("exception", "8009"), ("turn", "8003"),
    ]  # fmt: skip


def test_two_who_swap_a_date_have_each_others_shifts_until_the_next_morning():
    duty = rota(
        shifts=THREE,
        week={"mon-sun": {"early": "8001", "late": "8002", "night": "8003"}},
        swaps={"2026-12-24": {"8003": "8001"}},
    )
    # The early shift after a night, and a night after an early shift: who has both hands over to nobody
    assert changes(duty, at("2026-12-23 23:00"), 4) == [
        ("12-24 14:00", "8002"), ("12-24 22:00", "8001"), ("12-25 14:00", "8002"), ("12-25 22:00", "8003"),
    ]  # fmt: skip
    assert duty.why(at("2026-12-24 07:00")).startswith("8003 by swap with 8001, who has it by week: early of Thursday")


def test_a_swap_holds_for_an_exception_too():
    duty = rota(week={"mon-sun": "8001"}, except_={"2026-12-24": "8003"}, swaps={"2026-12-24": {"8002": "8003"}})
    assert duty.on(at("2026-12-24 12:00")) == "8002"


def test_a_swap_between_two_who_have_nothing_that_day_is_found():
    duty = rota(week={"mon-sun": "8001"}, swaps={"2026-12-24": {"8002": "8003"}, "2026-12-25": {"8004": "8001"}})
    assert list(duty.idle_swaps()) == [(date(2026, 12, 24), "8002", "8003")]


def test_gaps_are_told_whole_and_cut_to_the_days_asked_for():
    duty = rota(shifts=THREE, week={"mon-fri": {"early": "8001", "late": "8002"}, "sat": "8003"})
    gaps = [
        (begin.astimezone(SHANGHAI).strftime("%a %H:%M"), end.astimezone(SHANGHAI).strftime("%a %H:%M"))
        for begin, end in duty.gaps(at("2026-11-20 23:00"), 3)
    ]
    assert gaps == [("Fri 23:00", "Sat 06:00"), ("Sun 06:00", "Mon 06:00"), ("Mon 22:00", "Mon 23:00")]
    assert list(rota(week={"mon-sun": "8001"}).gaps(at("2026-11-20 23:00"), 400)) == []


def test_what_never_changes_has_no_next_change_and_a_date_years_ahead_is_found():
    now = at("2026-11-20 12:00")
    assert rota(week={"mon-sun": "8001"}).next_change(now) is None
    assert rota(week={"mon-sun": "8001"}, swaps={"2026-12-24": {"8002": "8003"}}).next_change(now) is None
    fair = rota(handover="08:00", week={"mon-sun": "8001"}, except_={"2035-05-01": "8002"})
    assert fair.next_change(now) == at("2035-05-01 08:00")
    assert fair.next_change(at("2035-05-01 12:00")) == at("2035-05-02 08:00")
    assert fair.next_change(at("2035-05-02 12:00")) is None


def test_in_the_hour_that_comes_twice_nothing_is_handed_back():
    # Given Berlin on the Sunday in October when 03:00 becomes 02:00, and a hand-over at 02:30
    berlin = rota("Europe/Berlin", handover="02:30", week={"mon-sat": "8001", "sun": "8002"})
    assert berlin.next_change(datetime(2026, 10, 25, 0, 0, tzinfo=UTC)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert berlin.on(datetime(2026, 10, 25, 1, 0, tzinfo=UTC)) == "8002"  # 02:00 once more
    assert berlin.next_change(datetime(2026, 10, 25, 0, 30, tzinfo=UTC)) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_in_the_hour_that_is_left_out_hand_over_is_when_the_clock_jumps():
    berlin = rota("Europe/Berlin", handover="02:30", week={"mon-sat": "8001", "sun": "8002"})
    assert berlin.next_change(datetime(2026, 3, 28, 12, tzinfo=UTC)) == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert berlin.stint(datetime(2026, 3, 29, 1, 0, tzinfo=UTC)).begins == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_a_day_that_the_calendar_leaves_out_is_nobodys():
    # Given Samoa, which had no 30 December 2011, and a hand-over at midnight
    samoa = rota(
        "Pacific/Apia", turn={"every": "day", "from": "2011-12-28", "people": ["8001", "8002", "8003", "8004"]}
    )
    assert changes(samoa, at("2011-12-28 12:00", samoa.tz), 3) == [
        ("12-29 00:00", "8002"), ("12-31 00:00", "8004"), ("01-01 00:00", "8001"),
    ]  # fmt: skip


WHY = {
    "2026-11-20 12:00": "8001 by turn, 2 of 3, every week since 2026-11-09: late of Friday 2026-11-20, from 12:00",
    "2026-11-21 03:00": "8005 by week: night of Friday 2026-11-20, from 20:00",
    "2026-12-24 12:00": "8009 by exception: late of Thursday 2026-12-24, from 12:00",
    "2026-12-25 12:00": (
        "8005 by swap with 8001, who has it by turn, 1 of 3, every week since 2026-11-09: "
        "late of Friday 2026-12-25, from 12:00"
    ),
    "2026-12-26 21:00": "nobody: no rule names anybody for night of Saturday 2026-12-26, from 20:00",
}


@pytest.mark.parametrize("when", WHY)
def test_why(when):
    duty = rota(
        shifts={"late": "12:00", "night": "20:00"},
        week={"mon-fri": {"night": "8005"}},
        turn={"from": "2026-11-09", "people": [{"late": "8001"}, {"late": "8001"}, {"late": "8002"}]},
        except_={"2026-12-24": "8009"},
        swaps={"2026-12-25": {"8005": "8001"}},
    )
    assert duty.why(at(when)) == WHY[when]


def test_why_of_a_duty_without_shifts():
    duty = rota(handover="08:00", turn={"every": "day", "from": "2026-11-20", "people": ["8001", "8002"]})
    told = "8002 by turn, 2 of 2, every day since 2026-11-20: Saturday 2026-11-21, from 08:00"
    assert duty.why(at("2026-11-22 07:59")) == told


def test_a_rota_may_be_made_without_a_table():
    duty = Rota(zone="UTC", shifts=(Shift("", 60),), turn=Turn(date(2026, 1, 1), 1, (("1",), ("2",))))
    assert [duty.on(datetime(2026, 1, 2, hour, tzinfo=UTC)) for hour in (0, 1)] == ["1", "2"]


# Against a scan, minute by minute, of what is written ---------------------------------------------------------------

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# The days around which clocks are changed; Lord Howe's by half an hour, Samoa's by a day.
CHANGES = [
    ("Europe/Berlin", (2026, 3, 29)), ("Europe/Berlin", (2026, 10, 25)), ("Australia/Lord_Howe", (2026, 4, 5)),
    ("Australia/Lord_Howe", (2026, 10, 4)), ("Africa/Casablanca", (2026, 2, 15)), ("Africa/Casablanca", (2026, 3, 22)),
    ("Pacific/Apia", (2011, 12, 30)), ("America/Havana", (2026, 11, 1)), ("Africa/Cairo", (2026, 4, 24)),
    ("Asia/Shanghai", (2026, 2, 28)), ("UTC", (2024, 2, 29)),
]  # fmt: skip
PERSON = st.sampled_from(["8001", "8002", "8003"])


@st.composite
def some_duty(draw) -> tuple[dict, str, datetime]:
    """A duty as it is written, its zone, and a moment some days before the clocks change."""
    zone, day = draw(st.sampled_from(CHANGES))
    day = datetime(*day, tzinfo=UTC) - timedelta(days=1, hours=12)
    clocks = draw(
        st.sets(st.sampled_from([0, 30, 60, 90, 120, 135, 150, 180, 480, 1320, 1439]), min_size=1, max_size=4)
    )
    names = ["early", "late", "night", "spare"][: len(clocks)]
    written = {"shifts": {name: f"{at // 60:02}:{at % 60:02}" for name, at in zip(names, sorted(clocks), strict=True)}}
    post = PERSON | st.dictionaries(st.sampled_from(names), PERSON, min_size=1)
    near = st.integers(-2, 4).map(lambda n: (day.date() + timedelta(days=n)).isoformat())
    written["week"] = draw(st.dictionaries(st.sampled_from(WEEK), post))
    if draw(st.booleans()):
        written["turn"] = {
            "every": draw(st.sampled_from(["day", "week"])),
            "from": (day.date() + timedelta(days=draw(st.integers(-30, 30)))).isoformat(),
            "people": draw(st.lists(post, min_size=1, max_size=3)),
        }
    written["except"] = draw(st.dictionaries(near, post, max_size=2))
    written["swaps"] = draw(st.dictionaries(near, st.sampled_from([{"8001": "8002"}, {"8003": "8001"}]), max_size=2))
    return written, zone, day + timedelta(minutes=draw(st.integers(0, 1440)))


def plainly(written: dict, day: date, shift: str) -> str | None:
    """Who has a shift, read off the page."""

    def of(post):
        return post if isinstance(post, str) or post is None else post.get(shift)

    person = of(written["except"].get(day.isoformat())) or of(written["week"].get(WEEK[day.weekday()]))
    if person is None and "turn" in written:
        turn = written["turn"]
        passed = (day - date.fromisoformat(turn["from"])).days // (7 if turn["every"] == "week" else 1)
        person = of(turn["people"][passed % len(turn["people"])])
    for a, b in written["swaps"].get(day.isoformat(), {}).items():
        person = {a: b, b: a}.get(person, person)
    return person


def scanned(written: dict, zone: str, begin: datetime, minutes: int) -> list[str | None]:
    """Who is on duty in each minute: the latest time that the clock on the wall has shown says which shift runs."""
    latest, found, tz = datetime.min, [], ZoneInfo(zone)
    for minute in range(-1440, minutes):
        latest = max(latest, (begin + timedelta(minutes=minute)).astimezone(tz).replace(tzinfo=None))
        if minute >= 0:
            clock, day = latest.strftime("%H:%M"), latest.date()
            begun = [name for name, starts in written["shifts"].items() if starts <= clock]
            shift = begun[-1] if begun else list(written["shifts"])[-1]
            found.append(plainly(written, day if begun else day - timedelta(days=1), shift))
    return found


@settings(max_examples=30, deadline=None)
@given(some_duty())
def test_the_rota_agrees_with_a_scan_of_every_minute(given_duty):
    written, zone, begin = given_duty
    # Given who is on duty in each minute of two days, by the plainest reading
    people = scanned(written, zone, begin, 2 * 1440)
    duty = rota(zone, **written)
    # Then the rota says so at each
    assert [duty.on(begin + timedelta(minutes=n)) for n in range(2 * 1440)] == people
    # And it changes when they do
    runs = [(person, len([*minutes])) for person, minutes in groupby(people)]
    moment = begin
    for (_, length), (person, _) in pairwise(runs):
        moment += timedelta(minutes=length)
        assert duty.next_change(moment - timedelta(seconds=1)) == moment
        assert duty.on(moment) == person
    last = duty.next_change(moment)
    assert last is None or last >= begin + timedelta(days=2)
    # And its gaps are the minutes that have nobody
    gaps = sum((end - start for start, end in duty.gaps(begin, 2)), timedelta())
    assert gaps == timedelta(minutes=people.count(None))
