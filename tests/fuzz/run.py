"""Fuzz one target, or all in turn: python -m tests.fuzz.run [TARGET] SECONDS. Needs atheris (`make fuzz` installs it).

A finding is written to tests/fuzz/findings/<target>/, where test_findings.py plays it from then on.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import structlog

HERE = Path(__file__).parent
TAPES = HERE.parent / "tapes" / "freeswitch"


def seeds(target: str, folder: Path) -> None:
    """Something to start from: tapes for the wire, tables for the table."""
    import orjson

    found: list[bytes] = []
    if target in ("codec", "session"):
        for path in sorted(TAPES.glob("*.jsonl"))[:12]:
            rows = [orjson.loads(row) for row in path.read_bytes().splitlines()[1:]]
            found.append("".join(row.get("text", "") for row in rows if row.get("from") == "switch").encode()[:20_000])
    elif target == "table":
        found = [path.read_bytes() for path in (HERE.parent / "table" / "bad").glob("*.yaml")]
    elif target == "calendar":
        from tests.calendars.test_calendar import EXPORTED
        from tests.calendars.test_reading import BASE

        found = [EXPORTED.encode(), b"\r\n".join(BASE)]
    elif target == "record":
        variables = {"uuid": "6a260ece-0ada-4bfb-b3f7-7b5a1771d19b", "ivr_at": "menu/main", "record_ms": "5000",
                     "ivr_record_file": "6a260ece-0ada-4bfb-b3f7-7b5a1771d19b-1.wav", "start_epoch": "1795140000",
                     "hangup_cause": "NORMAL_CLEARING", "ivr_done": "record:1"}  # fmt: skip
        found = [orjson.dumps({"variables": variables, "callflow": [], "channel_data": {"direction": "inbound"}})]
    elif target == "tape":
        found = [path.read_bytes()[:5_000] for path in sorted(TAPES.glob("*.jsonl"))[:5]]
    for number, data in enumerate(found):
        (folder / str(number)).write_bytes(data)


def quiet(_logger, _name: str, _event: dict) -> dict:
    raise structlog.DropEvent


def one(target: str, seconds: int) -> None:
    """In this process, which ends with it."""
    import atheris

    # Thousands of frames are refused each second, and each is logged: only progress and findings are printed.
    structlog.configure(processors=[quiet])
    with atheris.instrument_imports(include=["ivr"]):
        from tests.fuzz.targets import TARGETS

    findings = HERE / "findings" / target
    findings.mkdir(parents=True, exist_ok=True)
    corpus = Path(tempfile.mkdtemp(prefix=f"fuzz-{target}-"))
    seeds(target, corpus)
    options = [
        f"-max_total_time={seconds}",
        f"-artifact_prefix={findings}/",
        "-max_len=20000",
        "-timeout=10",
        "-rss_limit_mb=1500",
    ]
    atheris.Setup([sys.argv[0], str(corpus), *options], TARGETS[target])
    atheris.Fuzz()


def main(words: list[str]) -> int:
    *named, seconds = words
    if named:
        one(named[0], int(seconds))
        return 0
    targets = ["codec", "session", "table", "record", "tape", "keys"]
    failed = []
    for target in targets:
        print(f"--- {target}, {int(seconds) // len(targets)} s", flush=True)
        command = [sys.executable, "-m", "tests.fuzz.run", target, str(max(5, int(seconds) // len(targets)))]
        if subprocess.run(command, check=False).returncode:
            failed.append(target)
    print("findings: " + (", ".join(failed) if failed else "none"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
