"""docs/chaos.md: the account of a bad day, and the histogram of its gaps. Written by the bench."""

from pathlib import Path

from bench.page import put

__all__ = ["histogram", "write"]

DOCS = Path(__file__).parents[1] / "docs"
BINS = (0, 20, 40, 60, 80, 100, 150, 200, 250, 500, 1000, 2000, 5000)
WIDTH, HIGH, LEFT = 760, 220, 56


def write(found: dict, name: str) -> None:
    """What stands between the marks of this name, and the picture of this name."""
    (DOCS / "pictures" / f"{name}.svg").write_text(histogram(found["gaps"]))
    put(name, text(found), DOCS / "chaos.md")


def text(found: dict) -> str:
    """The account as Markdown."""
    rows = [
        ("calls", f"{found['calls']:,}, {found['rate']:g} new ones a second"),
        ("workers", f"{found['workers']}, one killed (kill -9) every {found['every']:g} s"),
        ("killed", f"{found['killed']}, of which {found['nurseries']} times what workers are forked from"),
        ("new routing tables meanwhile", found["reloads"]),
        ("times the database was locked for a second", found["pauses"]),
        ("**callers dropped**", f"**{len(found['dropped'])}**"),
        ("**messages lost**", f"**{len(found['lost'])}** of {found['recordings']:,} recorded"),
        ("**rung or recorded twice**", f"**{len(found['twice'])}**"),
        ("callers who heard the dialplan's fallback", found["fallback"]),
        ("callers led elsewhere, because too many workers died in one step", found["elsewhere"]),
        ("deaths in the middle of a dialogue", found.get("deaths_in_dialogue", 0)),
        ("from the death to the next sound, median", f"{found['median_ms']:.0f} ms (goal 50)"),
        ("… p99", f"{found['p99_ms']:.0f} ms (goal 250)"),
        ("… longest", f"{found['longest_ms']:.0f} ms"),
    ]
    if "unheard" in found:
        rows.insert(-3, ("… of which the caller heard no silence", found["unheard"]))
    lines = ["| what | |", "|---|---|", *(f"| {what} | {value} |" for what, value in rows)]
    about = f"Measured on {found['date']}, {found.get('switch', 'built-in switch')}, {found['cores']} cores, "
    about += f"{found['seconds']:g} s."
    return "\n".join([*lines, "", about]) + "\n"


def histogram(gaps: list[float]) -> str:
    """How long callers heard nothing after a death, as bars."""
    counts = [sum(low <= gap < high for gap in gaps) for low, high in zip(BINS, (*BINS[1:], 10**9), strict=True)]
    most, step = max(counts, default=0) or 1, (WIDTH - LEFT - 16) / len(BINS)
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HIGH + 84}" '
        f'viewBox="0 0 {WIDTH} {HIGH + 84}" font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="{LEFT}" y="22" font-size="14" font-weight="bold" fill="#222">'
        f"From the death of a worker to the next sound: {len(gaps)} deaths in the middle of a dialogue</text>",
    ]
    for place, count in enumerate(counts):
        left, high = LEFT + place * step, count / most * (HIGH - 40)
        colour = "#0b6e4f" if BINS[place] < 250 else "#c05746"
        out.append(
            f'<rect x="{left + 2:.1f}" y="{HIGH + 20 - high:.1f}" '
            f'width="{step - 4:.1f}" height="{high:.1f}" fill="{colour}"/>'
        )
        out.append(
            f'<text x="{left + step / 2:.1f}" y="{HIGH + 38}" text-anchor="middle" fill="#444">{BINS[place]}</text>'
        )
        if count:
            middle = left + step / 2
            out.append(
                f'<text x="{middle:.1f}" y="{HIGH + 14 - high:.1f}" text-anchor="middle" fill="#222">{count}</text>'
            )
    out.append(
        f'<text x="{LEFT}" y="{HIGH + 62}" fill="#444">milliseconds, from … on; red: past the goal for p99</text>'
    )
    return "\n".join([*out, "</svg>"]) + "\n"
