"""The figures as a picture: one panel for each question, one bar for each line, the goal as a mark. Plain SVG."""

from html import escape

__all__ = ["draw"]

COLOURS = {"ours": "#0b6e4f", "greenswitch": "#c05746", "genesis": "#8d6a9f", "bare": "#8a8f98"}
WIDTH, PANEL, BAR, GAP = 860, 400, 18, 8
PANELS = (
    ("CPU per standard call, ms", "calls", lambda one: one["cpu_ms"], "{:.1f}"),
    ("memory per waiting call, KB", "waiting", lambda one: one["bytes"] / 1024, "{:.0f}"),
    ("1,000 calls at once: served", "burst", lambda one: one["served"], "{:.0f}"),
    ("1,000 at once: p99 of first bytes, ms", "burst", lambda one: one["first_p99"] * 1000, "{:.0f}"),
    ("1,000 waiting calls: CPU, % of a core", "waiting", lambda one: one["cpu_percent"], "{:.1f}"),
    ("lag of the loop under load, p99, ms", "lag", lambda one: one["lag"][1] * 1000, "{:.1f}"),
)


def draw(found: dict, names: dict[str, str]) -> str:
    shown = [name for name in names if name in found["calls"]]
    high = 44 + len(shown) * (BAR + GAP)
    rows = (len(PANELS) + 1) // 2
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{rows * high + 16}" '
        f'viewBox="0 0 {WIDTH} {rows * high + 16}" font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for number, (title, what, value, form) in enumerate(PANELS):
        left, top = 16 + number % 2 * (PANEL + 28), 16 + number // 2 * high
        values = {name: value(found[what][name]) for name in shown}
        most = max(values.values()) or 1
        out.append(f'<text x="{left}" y="{top + 14}" font-weight="bold" fill="#222">{escape(title)}</text>')
        for place, name in enumerate(shown):
            y = top + 26 + place * (BAR + GAP)
            long = max(1.5, values[name] / most * (PANEL - 170))
            label, bar = form.format(values[name]), f'width="{long:.1f}" height="{BAR}" fill="{COLOURS[name]}"'
            out.append(f'<text x="{left}" y="{y + 14}" fill="#444">{escape(names[name])}</text>')
            out.append(f'<rect x="{left + 96}" y="{y}" rx="2" {bar}/>')
            out.append(f'<text x="{left + 102 + long:.1f}" y="{y + 14}" fill="#222">{label}</text>')
    return "\n".join([*out, "</svg>"]) + "\n"
