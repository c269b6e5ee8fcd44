"""docs/drawing.md: the tables that come with us, as `ivr draw` draws them."""

from tests.docs import readme

PAGE = readme.HERE / "docs/drawing.md"
NIGHT = ["--at", "2026-11-22T23:00"]
# Each picture in docs/pictures, and what of `ivr draw`.
PICTURES = {
    "company.svg": ["routes.yaml", "--language", "en"],
    "company.zh.svg": ["routes.yaml", "--language", "zh"],
    "hotel.svg": ["examples/hotel.yaml", "--language", "en"],
    "hospital.svg": ["examples/hospital.yaml", "--language", "en"],
    "hospital-night.svg": ["examples/hospital.yaml", "--language", "en", *NIGHT],
}
MERMAID = ["routes.yaml", "--language", "en", "--entry", "02085550188"]


def picture(name: str) -> str:
    return drawn([*PICTURES[name], "--format", "svg"])


def filled(page: str) -> str:
    """The page with the Mermaid text of today."""
    return readme.BLOCK.sub(lambda found: found["head"] + drawn(MERMAID) + found["foot"], page)


def drawn(words: list[str]) -> str:
    return readme.output(["draw", str(readme.HERE / words[0]), *words[1:]])
