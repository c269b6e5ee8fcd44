"""The examples of docs/findings.md and docs/mistakes.md: what they leave out, and how they are checked."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ivr.speech.shelf import shelf
from ivr.table import Examined, examine

ROOT = Path(__file__).parents[2]

REST = {
    "house": "{name: Acme, timezone: Asia/Shanghai, languages: {en: English}}",
    "numbers": '{"*": {to: operator}}',
    "operator": "{name: the operator, ring: {phones: [8000]}}",
    "extensions": "{8000: }",
}
"""The sections every table has, for those that an example leaves out."""


def whole(example: str) -> str:
    """An example with the sections it leaves out."""
    written = set(re.findall(r"^(\w+):", example, re.M))
    rest = [f"{section}: {text}\n" for section, text in REST.items() if section not in written]
    return example + "".join(rest)


def checked(folder: Path, example: str | bytes, today: str, files: Mapping[str, str] | None = None) -> Examined:
    """What is found in a table that lies in a folder with other files beside it."""
    if isinstance(example, str) and "\n" not in example:
        return examine(Path(example), today=date.fromisoformat(today))
    for name, text in (files or {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    table = folder / "routes.yaml"
    table.write_bytes(example if isinstance(example, bytes) else example.encode())
    prompts = shelf([folder / "prompts", ROOT / "prompts"])
    return examine(table, "routes.yaml", today=date.fromisoformat(today), prompts=prompts)


def said(findings, folder: Path) -> str:
    """What is printed of findings behind file, line and column; one a line."""
    lines = (re.sub(r"^[^:]+:\d+:\d+: ", "", str(finding)) for finding in findings)
    return "\n".join(line.replace(f"{folder}/", "") for line in lines)
