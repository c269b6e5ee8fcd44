"""docs/changes.md: edits of the tables that come with us, and what `ivr diff` says of each."""

import shutil
from pathlib import Path

from tests.docs import readme

PAGE = readme.HERE / "docs/changes.md"
OPTIONS = ["--at", "2026-11-23", "--days", "28"]

# Each edit: its table, the lines it takes away and puts in their place, and the exit status.
EDITS = {
    "support": ("routes.yaml", {"    sat-sun: 10:00-17:00\n": "    sat: 10:00-17:00\n"}, 1),
    "roomservice": ("examples/hotel.yaml", {"      3: department/roomservice\n": "      3: department/concierge\n"}, 1),
    "desk": (
        "examples/hospital.yaml",
        {"    mon-sun: 06:00-22:00\n": "    mon-fri: 06:00-22:00\n",
         "  closed: department/night\n  ends: {busy": "  closed: message/operator\n  ends: {busy"},
        2,
    ),
}  # fmt: skip


def shown(name: str) -> str:
    """The lines that are edited."""
    pairs = EDITS[name][1].items()
    return "".join(
        f"-{was}\n+{now}\n"
        for old, new in pairs
        for was, now in zip(old.splitlines(), new.splitlines(), strict=True)
        if was != now
    )


def told(name: str) -> str:
    """What `ivr diff` says of the edit, and its exit status."""
    path, pairs, status = EDITS[name]
    table = Path(path).name
    with readme.elsewhere():
        # A table reads what lies beside it.
        for beside in (readme.HERE / path).parent.glob("*.ics"):
            shutil.copy(beside, ".")
        text = (readme.HERE / path).read_text("utf-8")
        Path(table).write_text(text, "utf-8")
        for old, new in pairs.items():
            assert text.count(old) == 1, f"{path} should have {old!r} once: choose another edit"
            text = text.replace(old, new)
        Path("new.yaml").write_text(text, "utf-8")
        said = readme.output(["diff", table, "new.yaml", *OPTIONS], status)
    command = f"$ ivr diff {table} new.yaml {' '.join(OPTIONS)}\n"
    return readme.wrapped(f"{command}{said}$ echo $?\n{status}\n", 4)


def filled(page: str) -> str:
    """The page with what the command says today."""

    def text(name: str) -> str:
        return shown(name.removesuffix("_edit")) if name.endswith("_edit") else told(name)

    return readme.BLOCK.sub(lambda found: found["head"] + text(found["name"]) + found["foot"], page)
