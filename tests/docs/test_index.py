"""Every page can be found from docs/README.md; what programs write in docs/ is what they would write today."""

import re

import pytest

from tests.docs import write

DOCS = write.DOCS


@pytest.mark.parametrize("folder", [DOCS, DOCS / "decisions"], ids=lambda folder: folder.name)
def test_the_index_names_every_page(folder):
    index = (folder / "README.md").read_text("utf-8")
    linked = set(re.findall(r"\]\(([\w-]+\.md)\)", index))
    assert linked == {page.name for page in folder.glob("*.md")} - {"README.md"}


@pytest.mark.parametrize("page", sorted(DOCS.glob("decisions/0*.md")), ids=lambda page: page.stem)
def test_a_decision_says_context_choice_and_cost(page):
    text = page.read_text("utf-8")
    assert text.startswith(f"# {page.name[:4]} ")
    assert [word for word in ("**Context.**", "**Choice.**", "**Cost.**") if word not in text] == []


def test_the_commands_are_told_as_they_are():
    # Where a line is broken is click's business, and changes with its version
    assert (DOCS / "commands.md").read_text("utf-8").split() == write.commands().split(), "run `make docs`"


def test_findings_are_explained_as_they_are():
    assert (DOCS / "findings.md").read_text("utf-8") == write.findings(), "run `make docs`"


@pytest.mark.parametrize(("path", "drawn"), write.pictures().items(), ids=lambda value: getattr(value, "name", ""))
def test_the_pictures_are_drawn_by_their_script(path, drawn):
    assert path.read_text("utf-8") == drawn, "run `make docs`"
