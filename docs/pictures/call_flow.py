"""Draws the life of a call, docs/pictures/call-flow.svg and call-flow.zh.svg: python docs/pictures/call_flow.py"""

from html import escape
from pathlib import Path

HERE = Path(__file__).parent
FONT = "system-ui, -apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
WIDE, HIGH = 198, 92
COLUMNS, ROWS = (34, 271, 508, 745), (58, 216, 374)
INK, QUIET, LINE = "#1f2a37", "#5b6776", "#7d8896"
FILL = {"line": ("#e3f3ea", "#3d9a6a"), "switch": ("#fdf0d8", "#d79b2c"), "caller": ("#e6eefb", "#4f7fcf")}

# Each box: column, row, who does it, its title and its lines, in English and in Chinese.
BOXES = [
    (0, 0, "caller", ("Somebody calls", "the house's number"), ("来电", "拨打总机号码")),
    (1, 0, "line", ("Greeting", "open, lunch break, or", "closed until Monday at nine"),
     ("问候", "营业中、午休，", "或已下班、周一九点开门")),
    (2, 0, "line", ("Menu", "a key, an extension, a language;", "at any moment"),
     ("菜单", "按键选择、直拨分机、", "切换语言，随时可按")),
    (3, 0, "line", ("“Putting you through”", "and where to"), ("“正在为您转接……”", "告诉来电者转给谁")),
    (3, 1, "switch", ("Phones ring", "together or in turn,", "with music, never silence"),
     ("话机振铃", "同时振铃或依次振铃，", "来电者听音乐，没有空白")),
    (2, 1, "switch", ("They talk", "and nothing of ours", "can cut them off"),
     ("双方通话", "程序出任何问题，", "通话都不会中断")),
    (3, 2, "line", ("Nobody there: told why", "busy, no answer, refused,", "not reachable, closed"),
     ("无人接听：说明原因", "忙线、无人应答、拒接、", "无法接通、已下班")),
    (2, 2, "line", ("Hold", "music; every 20 s another try,", "and “wait, or a message?”"),
     ("等候", "播放音乐，每 20 秒重新振铃，", "并询问：继续等，还是留言？")),
    (1, 2, "line", ("Message", "“speak after the tone”;", "written down before the tone"),
     ("留言", "“请在提示音后留言”；", "提示音之前已登记在案")),
    (0, 2, "switch", ("Recording", "#, silence, the time limit or", "hanging up ends it"),
     ("录音", "# 键、静音、到时、挂机，", "都能正常结束")),
    (0, 1, "line", ("Kept", "its number is spoken,", "and goodbye"), ("已保存", "报出留言编号，", "道别")),
]  # fmt: skip

# Each arrow: its path, and its words with their place and anchor.
ARROWS = [
    ("M232 104 H265", None),
    ("M469 104 H502", None),
    ("M706 104 H739", None),
    ("M844 150 V210", None),
    ("M745 262 H712", (728, 206, "middle", "answered", "接听")),
    ("M844 308 V368", (854, 342, "start", "not answered", "未接听")),
    ("M745 420 H712", None),
    ("M660 374 C660 336 700 322 742 300", (668, 340, "end", "again", "再次振铃")),
    ("M508 420 H475", (491, 408, "middle", "key 2", "按 2")),
    ("M271 420 H238", None),
    ("M133 374 V314", None),
    # Straight to the message box, below everything: the table says so, or nobody is there at this hour.
    ("M844 466 V486 Q844 496 834 496 H380 Q370 496 370 486 V472",
     (607, 489, "middle", "or at once, if the table says so", "或按路由表的规定直接留言")),
    # Silence and wrong keys.
    ("M574 150 V176 Q574 186 564 186 H500", (486, 190, "end", "silence or wrong keys: asked again, then a person",
                                             "没有按键或按错：重新询问，最后转人工")),
]  # fmt: skip

LEGEND = [
    ("caller", "the caller", "来电者"),
    ("line", "said by the line: Zongji", "由接线程序（Zongji）完成"),
    ("switch", "done by FreeSWITCH", "由 FreeSWITCH 完成"),
]
NOTES = [
    ("The line dies: FreeSWITCH gives the caller to the next one, which says the same step again. Talks and recordings "
     "go on.", "接线程序意外退出：FreeSWITCH 把来电者交给另一个，从同一步继续；通话和录音不受影响。"),
    ("No line at all: FreeSWITCH alone apologises, rings the operator and takes a message. 110, 119, 120 … never pass "
     "through a line.", "没有任何接线程序：FreeSWITCH 自行致歉、转人工、录留言。110、119、120 等始终直通。"),
]  # fmt: skip


def text(x, y, words, size=13.0, colour=QUIET, anchor="middle", weight=400) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{colour}" text-anchor="{anchor}" '
        f'font-weight="{weight}">{escape(words)}</text>'
    )


def box(column, row, who, words) -> list[str]:
    x, y = COLUMNS[column], ROWS[row]
    fill, edge = FILL[who]
    title, *lines = words
    top = y + HIGH / 2 - 9.5 * len(lines) + 5
    return [
        f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="12" fill="{fill}" stroke="{edge}" '
        'stroke-width="1.5"/>',
        text(x + WIDE / 2, top, title, 15.5, INK, weight=600),
        *(text(x + WIDE / 2, top + 21 + 17.5 * n, line, 12) for n, line in enumerate(lines)),
    ]


def drawing(language: str) -> str:
    """The picture in one language, "en" or "zh"."""
    chinese = language == "zh"
    title = "一通来电的全过程" if chinese else "The life of a call"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 977 610" font-family="{FONT}" role="img">',
        f"<title>{title}</title>",
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="7" markerHeight="7" '
        f'orient="auto"><path d="M0 0 L10 5 L0 10 z" fill="{LINE}"/></marker></defs>',
        '<rect x="0.5" y="0.5" width="976" height="609" rx="16" fill="#ffffff" stroke="#d5dbe2"/>',
    ]
    x = 34
    for who, english, zh in LEGEND:
        fill, edge = FILL[who]
        parts.append(f'<rect x="{x}" y="22" width="16" height="16" rx="4" fill="{fill}" stroke="{edge}"/>')
        parts.append(text(x + 24, 35, zh if chinese else english, 13, INK, "start"))
        x += 237
    for path, label in ARROWS:
        parts.append(f'<path d="{path}" fill="none" stroke="{LINE}" stroke-width="1.6" marker-end="url(#tip)"/>')
        if label:
            at_x, at_y, anchor, english, zh = label
            parts.append(text(at_x, at_y, zh if chinese else english, 12, QUIET, anchor))
    for column, row, who, english, zh in BOXES:
        parts += box(column, row, who, zh if chinese else english)
    parts.append('<path d="M34 524 H943" stroke="#d5dbe2"/>')
    for n, (english, zh) in enumerate(NOTES):
        parts.append(text(34, 552 + 26 * n, zh if chinese else english, 13, INK, "start"))
    return "\n".join([*parts, "</svg>", ""])


PICTURES = {"call-flow.svg": "en", "call-flow.zh.svg": "zh"}

if __name__ == "__main__":
    for name, language in PICTURES.items():
        (HERE / name).write_text(drawing(language), "utf-8")
