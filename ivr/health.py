"""Is the line well? What each worker reports of itself, joined: for a monitor (/health, /ready) and for Prometheus
(/metrics). Pure.

    /health   200 while the line lives and is not held up; 503 says which worker is
    /ready    200 while new calls are taken; 503 says why not: a load balancer or a person looks elsewhere
    /metrics  figures for Prometheus; what each means is in docs/health.md, and in its HELP line

>>> Health(lambda: [Report(worker=0, calls=2, lag=0.004)]).answer("/ready")
('200 OK', 'text/plain; charset=utf-8', 'ready: 1 of 1 workers take calls\\n')
>>> Health(lambda: []).answer("/ready")
('503 Service Unavailable', 'text/plain; charset=utf-8', 'not ready: no worker listens\\n')
"""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from prometheus_client.core import CollectorRegistry, CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import generate_latest

__all__ = ["HELD_UP", "Health", "Report", "resident"]

HELD_UP = 1.0
"""Seconds of lag from which callers hear pauses: the line is not well."""
TEXT = "text/plain; charset=utf-8"


def gauge(about: str, default: Any = 0, unit: str = ""):
    """A figure that goes up and down."""
    return field(default=default, metadata={"about": about, "kind": "gauge", "unit": unit})


def counter(about: str):
    """A figure that only grows while the worker lives."""
    return field(default=0, metadata={"about": about, "kind": "counter", "unit": ""})


@dataclass(frozen=True, slots=True)
class Report:
    """What one worker says of itself, once a second."""

    worker: int = 0
    table: str = ""
    """The version of the routing table that new calls get."""
    fallen_back: str = ""
    """Why the last good table is used in place of the file; empty when the file is."""
    draining: bool = False
    calls: int = gauge("calls in dialogue")
    soft_limit: int = gauge("calls in dialogue past which ordinary callers hear busy")
    hard_limit: int = gauge("connections past which the dialplan goes on without the line")
    lag: float = gauge("seconds the event loop came too late, the worst of the last five", 0.0, "seconds")
    memory: int = gauge("bytes of memory in use", unit="bytes")
    writing: int = gauge("things waiting to be written into the database")
    switches_down: int = gauge("switches under control that cannot be asked")
    accepted: int = counter("connections of FreeSWITCH taken")
    refused: int = counter("connections of strangers refused (the access list)")
    over: int = counter("connections closed past the hard limit")
    busied: int = counter("callers who heard that all lines are busy")
    crowded: int = counter("calls refused because their number called too often")
    dumb: int = counter("connections that said nothing a FreeSWITCH says")
    failed: int = counter("calls in which a script of the line failed altogether")
    lost_writes: int = counter("journal entries that could not be written down")

    @classmethod
    def read(cls, said: dict) -> "Report":
        """Out of a worker's words; what it says more is left out, so that old and new workers go together."""
        return cls(**{one.name: said[one.name] for one in fields(cls) if one.name in said})


def resident() -> int:
    """Bytes of memory this process has; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as told:
            return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


class Health:
    """Answers for all workers. `reports`: the last report of each that listens; `wanted`: how many there should be."""

    def __init__(
        self, reports: Callable[[], Sequence[Report]], wanted: int = 1, restarts: Callable[[], int] = int,
        turned_away: Callable[[], int] = int,
    ):  # fmt: skip
        self._reports, self.wanted, self._restarts, self._turned_away = reports, wanted, restarts, turned_away
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def answer(self, path: str) -> tuple[str, str, str]:
        """Status line, content type and body of a page."""
        reports = self._reports()
        if path == "/metrics":
            return "200 OK", "text/plain; version=0.0.4; charset=utf-8", generate_latest(self._registry).decode()
        if path == "/health":
            held = [report for report in reports if report.lag >= HELD_UP]
            what = [f"worker {report.worker} is held up: {report.lag:.1f} s behind" for report in held]
            if len(reports) < self.wanted:
                what.append(f"{len(reports)} of {self.wanted} workers live")
            return self._said("well", "not well", what, f"{len(reports)} of {self.wanted} workers live")
        if path == "/ready":
            taking = [one for one in reports if not one.draining and one.calls < (one.hard_limit or one.calls + 1)]
            what = []
            if not taking:
                what.append("every worker is full or stops" if reports else "no worker listens")
            return self._said("ready", "not ready", what, f"{len(taking)} of {self.wanted} workers take calls")
        return "404 Not Found", TEXT, "there are /health, /ready and /metrics\n"

    def wsgi(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        """The pages as a WSGI application; nothing is read from whoever asks but the path."""
        if environ.get("REQUEST_METHOD") not in ("GET", "HEAD"):
            start_response("405 Method Not Allowed", [("Allow", "GET, HEAD"), ("Content-Length", "0")])
            return []
        status, kind, text = self.answer(environ.get("PATH_INFO", ""))
        body = text.encode()
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body] if environ["REQUEST_METHOD"] == "GET" else []

    def collect(self):
        """What Prometheus is told: one sample of each figure for each worker."""
        reports = self._reports()
        for one in fields(Report):
            if one.metadata:
                family = CounterMetricFamily if one.metadata["kind"] == "counter" else GaugeMetricFamily
                name = "_".join(filter(None, ("zongji", one.name, one.metadata["unit"])))
                metric = family(name, one.metadata["about"], labels=["worker"])
                for report in reports:
                    metric.add_metric([str(report.worker)], getattr(report, one.name))
                yield metric
        fallen = GaugeMetricFamily(
            "zongji_table_fallen_back", "the last good routing table is used, the file is broken"
        )
        fallen.add_metric([], int(any(report.fallen_back for report in reports)))
        yield fallen
        yield GaugeMetricFamily("zongji_workers", "workers that listen", len(reports))
        yield GaugeMetricFamily("zongji_workers_wanted", "workers there should be", self.wanted)
        yield CounterMetricFamily(
            "zongji_turned_away", "connections closed while no worker listened", self._turned_away()
        )
        yield CounterMetricFamily("zongji_worker_deaths", "workers that died and were replaced", self._restarts())

    def _said(self, well: str, ill: str, what: list[str], how: str) -> tuple[str, str, str]:
        if what:
            return "503 Service Unavailable", TEXT, f"{ill}: {'; '.join(what)}\n"
        return "200 OK", TEXT, f"{well}: {how}\n"
