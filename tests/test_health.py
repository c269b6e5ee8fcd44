"""/health, /ready and /metrics: what a monitor is told of all workers."""

from dataclasses import asdict, fields
from pathlib import Path

import pytest

from ivr.health import HELD_UP, Health, Report

PAGE = Path(__file__).parents[1] / "docs/health.md"


def said(path: str, *reports: Report, wanted: int = 1) -> tuple[str, str]:
    status, _, text = Health(lambda: reports, wanted, lambda: 3, lambda: 5).answer(path)
    return status[:3], text


def test_well_and_ready():
    two = Report(worker=0), Report(worker=1)
    assert said("/health", *two, wanted=2) == ("200", "well: 2 of 2 workers live\n")
    assert said("/ready", *two, wanted=2) == ("200", "ready: 2 of 2 workers take calls\n")


def test_who_is_held_up_or_missing_is_named():
    one = Report(worker=1, lag=HELD_UP)
    assert said("/health", one, wanted=2) == (
        "503",
        "not well: worker 1 is held up: 1.0 s behind; 1 of 2 workers live\n",
    )
    assert said("/ready", one, wanted=2) == ("200", "ready: 1 of 2 workers take calls\n")


@pytest.mark.parametrize(
    ("reports", "why"),
    [
        ([], "no worker listens"),
        ([Report(draining=True)], "every worker is full or stops"),
        ([Report(calls=1000, hard_limit=1000)], "every worker is full or stops"),
    ],
)
def test_not_ready(reports, why):
    assert said("/ready", *reports) == ("503", f"not ready: {why}\n")


def test_the_figures_of_every_worker_and_those_of_the_parent():
    lines = said("/metrics", Report(worker=0, calls=3, lag=0.25), Report(worker=1, accepted=7), wanted=4)[
        1
    ].splitlines()
    for line in (
        'zongji_calls{worker="0"} 3.0',
        'zongji_lag_seconds{worker="0"} 0.25',
        'zongji_accepted_total{worker="1"} 7.0',
        "zongji_workers 2.0",
        "zongji_workers_wanted 4.0",
        "zongji_worker_deaths_total 3.0",
        "zongji_turned_away_total 5.0",
        "zongji_table_fallen_back 0.0",
    ):
        assert line in lines


def test_every_figure_is_explained():
    names = {line.split()[2] for line in said("/metrics")[1].splitlines() if line.startswith("# TYPE")}
    page = PAGE.read_text("utf-8")
    assert {name for name in names if f"| `{name}` |" not in page} == set()


def test_an_old_worker_and_a_new_one_go_together():
    told = asdict(Report(worker=1, calls=2)) | {"not yet known": 1}
    del told["memory"]
    assert Report.read(told) == Report(worker=1, calls=2)
    assert len(fields(Report)) > 15


def test_nothing_but_get_and_nothing_but_the_three_pages():
    def call(method, path):
        statuses = []
        body = Health(lambda: []).wsgi(
            {"REQUEST_METHOD": method, "PATH_INFO": path}, lambda *said: statuses.append(said)
        )
        return statuses[0][0][:3], b"".join(body)

    assert call("POST", "/health") == ("405", b"")
    assert call("HEAD", "/ready") == ("503", b"")
    assert call("GET", "/../../etc/passwd") == ("404", b"there are /health, /ready and /metrics\n")
