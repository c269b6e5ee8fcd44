"""A wheel holds everything the clone holds beside its tests and documents."""

import configparser
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
BESIDE = ("prompts", "freeswitch-conf", "examples", "routes.yaml")
"""What `ivr.share.shared` is asked for."""

SETUP = configparser.ConfigParser()
SETUP.read(HERE / "setup.cfg", encoding="utf-8")


def in_git(*paths: str) -> set[str]:
    """The files git knows in these places."""
    command = ["git", "-C", str(HERE), "-c", "core.quotePath=false", "ls-files", "-z", "--", *paths]
    found = subprocess.run(command, capture_output=True, check=False, timeout=60)
    if found.returncode:
        pytest.skip("not a clone: what belongs in a wheel is known from git")
    return {name for name in found.stdout.decode().split("\0") if name and (HERE / name).exists()}


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


def data_files() -> dict[str, set[str]]:
    """Each folder of an installation and the files of the clone that come into it."""
    return {
        folder: {str(path.relative_to(HERE)) for glob in lines(globs) for path in HERE.glob(glob)}
        for folder, globs in SETUP["options.data_files"].items()
    }


def test_whatever_lies_beside_the_code_is_installed():
    installed = set().union(*data_files().values())
    assert sorted(in_git(*BESIDE) - installed) == [], "name its folder in setup.cfg, [options.data_files]"


def test_it_is_installed_in_the_folder_it_has_here():
    for folder, names in data_files().items():
        assert {str(Path("share/zongji", name).parent) for name in names} == {folder}, folder


def test_every_package_is_installed():
    # Given the folders that hold code
    folders = {Path(name).parent for name in in_git("ivr", "esl_handlers") if name.endswith(".py")}
    # Then `packages = find:` finds each, for it is one of those included and has an __init__.py, as its parents have
    assert lines(SETUP["options.packages.find"]["include"]) == ["ivr*", "esl_handlers*"]
    known = in_git("ivr", "esl_handlers")
    without = {one for folder in folders for one in (folder, *folder.parents[:-1]) if f"{one}/__init__.py" not in known}
    assert sorted(map(str, without)) == []


def test_the_sdist_holds_what_the_clone_holds():
    # Given the words of MANIFEST.in, and what setuptools takes by itself
    manifest = [line.split() for line in (HERE / "MANIFEST.in").read_text("utf-8").splitlines()]
    grafted = tuple(f"{folder}/" for words in manifest if words[:1] == ["graft"] for folder in words[1:])
    named = {name for words in manifest if words[:1] == ["include"] for name in words[1:]}
    itself = {"MANIFEST.in", "README.md", "pyproject.toml", "setup.cfg"}
    # Then only git's own files stay behind
    left = {name for name in in_git(".") if not name.startswith(grafted)} - named - itself
    assert left <= {".gitignore"}
