"""docs/decisions/0005: each package that is installed has its reason there, and something that imports it."""

import ast
import configparser
import re
from pathlib import Path

HERE = Path(__file__).parents[2]
PAGE = (HERE / "docs/decisions/0005-dependencies.md").read_text("utf-8")
SETUP = configparser.ConfigParser()
SETUP.read(HERE / "setup.cfg", encoding="utf-8")

IMPORTED_AS = {
    "pyyaml": "yaml",
    "espeakng-loader": "espeakng_loader",
    "prometheus-client": "prometheus_client",
    "recurring-ical-events": "recurring_ical_events",
}
NEVER_IMPORTED = {"tzdata": "zoneinfo finds it by itself"}


def names(requirements: str) -> list[str]:
    return [re.match(r"[\w-]+", line)[0] for line in requirements.splitlines() if line]


def mentioned() -> set[str]:
    """Every module our code imports, and every word it asks importlib for."""
    found = set()
    for file in (*HERE.glob("ivr/**/*.py"), *HERE.glob("esl_handlers/**/*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module.split(".")[0])
            elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "find_spec":
                found |= {word.value for word in node.args if isinstance(word, ast.Constant)}
    return found


def test_each_package_has_its_reason_in_the_order_of_setup_cfg():
    told = re.findall(r"^\| `([\w-]+)` \|", PAGE, re.M)
    assert told == names(SETUP["options"]["install_requires"])
    extras = [name for extra in SETUP["options.extras_require"].values() for name in names(extra)]
    assert [name for name in extras if f"`{name}`" not in PAGE] == []


def test_nothing_is_installed_that_nothing_imports():
    installed = {IMPORTED_AS.get(name, name) for name in names(SETUP["options"]["install_requires"])}
    assert installed - mentioned() == set(NEVER_IMPORTED)
