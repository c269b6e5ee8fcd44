"""Records every flow of a first call as tapes: from the built-in switch, or from a real FreeSWITCH.

    python -m tests.tapes.record_calls                                   # tests/tapes/calls
    FREESWITCH=<its bin folder> python -m tests.tapes.record_calls --live    # tests/tapes/live
    python -m tests.tapes.record_calls menu-key silence                  # only these

One flow gives one tape for each connection: greeting-open-01, direct-dial-01, direct-dial-02. They are scrubbed, and
lie beside the table they were recorded with.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import tests.switched
from ivr.logs import set_up
from ivr.tapes.reading import Tape, read
from ivr.tapes.replay import run, told
from ivr.tapes.scrub import Scrubber
from ivr.tapes.writing import write
from tests.switched import switched
from tests.tapes.flows import FLOWS, Flow

HERE = Path(__file__).parent
KEY = "tapes of Zongji"


def numbered(folder: Path, name: str, what: str) -> list[Tape]:
    """The tapes a flow left in a folder, in the order of its connections."""
    tapes = sorted(map(read, folder.glob("*.jsonl")), key=lambda tape: (tape.about["at"], tape.about["connection"]))
    return [
        replace(tape, name=f"{name}-{number:02d}", about=tape.about | {"what": what})
        for number, tape in enumerate(tapes, 1)
    ]


def from_built_in(flow: Flow, name: str, folder: Path) -> list[Tape]:
    """One flow, lived through on the built-in switch."""
    tapes = folder / "tapes"
    with switched(folder / "data", table=flow.table, at=flow.at, tapes=str(tapes), **flow.more) as house:
        house.switch.phones |= flow.phones
        call = house.switch.call(to=flow.to, frm=flow.number, display="Zhang San", script=flow.caller())
        call.channel.times["created"] -= round(flow.rang * 1_000_000)
        if flow.dies is not None:
            house.clock.call_later(flow.dies, house.kill)
        call.wait_ended(1200)
        house.clock.sleep(2)
        assert house.switch.errors == [], house.switch.errors
    return numbered(tapes, name, flow.what)


def keep(tapes: Iterable[Tape], tables: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Scrub, and write them to a folder in place of those of the same flows; tables nobody needs are taken away."""
    tapes = list(tapes)
    scrubber = Scrubber(KEY)
    clean = scrubber.all(tapes)
    assert not scrubber.failed, scrubber.failed
    folder.mkdir(exist_ok=True)
    flows = {tape.name.rpartition("-")[0] for tape in tapes}
    for old in folder.glob("*.jsonl.gz"):
        if old.name.rpartition("-")[0] in flows:
            old.unlink()
    for version, text in tables.items():
        (folder / f"{version}.yaml").write_bytes(text)
    for tape in clean:
        write(tape, folder / f"{tape.name}.jsonl.gz")
    paths = sorted(folder.glob("*.jsonl.gz"))
    needed = {read(path).about["table"] for path in paths}
    for table in folder.glob("*.yaml"):
        if table.stem not in needed:
            table.unlink()
    return paths


def record(names: Iterable[str], folder: Path) -> list[Path]:
    """Record flows from the built-in switch into a folder."""
    tapes, tables = [], {}
    with tempfile.TemporaryDirectory() as scratch:
        tests.switched.SPEECH_CACHE = Path(scratch) / "speech"
        for name in names:
            place = Path(scratch) / name
            tapes += from_built_in(FLOWS[name], name, place)
            tables |= {file.stem: file.read_bytes() for file in (place / "tapes").glob("*.yaml")}
        about = {"switch": "the built-in switch"}
        return keep([replace(tape, about=tape.about | about) for tape in tapes], tables, folder)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--live", action="store_true", help="from a real FreeSWITCH, into tests/tapes/live")
    parser.add_argument("flows", nargs="*", help="only these; the others stay as they are")
    given = parser.parse_args()
    set_up("error")
    if given.live:
        from tests.live.tapes import record as record_live

        return judged(record_live(HERE / "live", given.flows))
    return judged(record(given.flows or FLOWS, HERE / "calls"))


def judged(paths: list[Path]) -> int:
    """Replay what was recorded."""
    verdicts, _ = run([(path, True) for path in paths])
    for line in told(verdicts):
        print(line)
    return 0 if verdicts and all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
