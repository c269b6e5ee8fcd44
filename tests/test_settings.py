"""The page of settings is complete."""

from pathlib import Path

from ivr.settings import described

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"


def test_every_setting_is_on_the_page_with_its_variable_default_and_meaning():
    page = PAGE.read_text()
    for option, variable, default, about in described():
        row = f"| `{option}` | `{variable}` | {f'`{default}`' if str(default) else ''} | {about} |"
        assert row in page, f"docs/settings.md lacks the row\n{row}"
