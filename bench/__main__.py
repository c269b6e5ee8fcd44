"""Every line, every figure, in one run."""

import tempfile
from pathlib import Path

from bench import house
from bench.overhear import overhear, save
from bench.run import Line


def prepare() -> Path:
    """A folder as line and switch share it, with the sounds, and the standard call as our line makes it."""
    data = Path(tempfile.mkdtemp(prefix="zongji-bench-"))
    for name in ("spool", "static", "speech", "tables"):
        (data / name).mkdir()
    house.voice(data).static(data / "static")
    with Line("ours", data) as line:
        save(overhear(line.port, data), data / "script.json")
    return data
