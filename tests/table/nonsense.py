"""Files of nonsense, of any size: what has kept readers of YAML busy, and what could keep ours."""

import random

__all__ = ["NONSENSE"]


def repeated(text: str):
    """The same again and again."""
    return lambda size: (text * (size // len(text) + 1))[:size]


def counted(line: str, head: str = "", each: int = 1):
    """A line with a number in it, again and again: {n} the number, {m} the next, {k} one far away."""

    def made(size: int) -> str:
        count = size // len(line.format(n=10_000, m=10_000, k=10_000))
        return head + "".join(line.format(n=n, m=n + 1, k=n * 7919 % count) for n in range(count))

    return made


def bomb(size: int) -> str:
    """Each alias is nine of the one before: a billion values in a few lines."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]\n"]
    while sum(map(len, lines)) < size:
        n = len(lines)
        lines.append(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n")
    return "".join(lines)


def encoded(encoding: str):
    return lambda size: repeated("名字: 恒信\n")(size).encode(encoding)[:size]


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


HOUSE = 'house: {name: A, timezone: Asia/Shanghai, languages: {en: English}}\nnumbers: {"*": {to: operator}}\n'
SAYS = HOUSE + "announcements: {a: {say: '"
DIALLED = "menus: {m: {keys: {0: operator}, direct_dial: yes}}\nextensions:\n 8000:\n"
DESK = "operator: {name: desk, ring: {phones: [8000]}}\n"


def ring_of_hours(size: int) -> str:
    """Each place has hours of its own, and sends its callers to the next while it is closed."""
    count = size // 120
    hours = "".join(f" h{n}: {{mon-sun: {clock(n % 700)}-{clock(n % 700 + 700)}}}\n" for n in range(count))
    places = counted(" d{n}: {{name: a, hours: h{n}, ring: {{phones: [8000]}}, closed: department/d{m}}}\n")(count * 72)
    return f"{HOUSE}{DESK}extensions: {{8000: }}\nhours:\n{hours}departments:\n{places}"


def row_of_phones(size: int) -> str:
    """Each can be dialled, and leads on to the next; the last one rings off."""
    count = size // 50
    row = "".join(f" 2{n:06}: {{ends: {{otherwise: extension/2{n + 1:06}}}}}\n" for n in range(count))
    return f"{HOUSE.replace('operator', 'menu/m')}{DESK}{DIALLED}{row} 2{count:06}: {{ends: {{otherwise: goodbye}}}}\n"


NONSENSE = {
    **{f"sign {sign!r}": repeated(sign) for sign in "[{}]\"':,-?#\n\t &*!|>%@`a0~=<\\/"},
    **{f"signs {signs!r}": repeated(signs) for signs in (
        "[]", "[[", "- ", "-\n", "? ", "{a: ", "a: ", "a:\n", "a: b\n", "&a ", "*a ", "!!x ", "---\n", "...\n", "\r",
        "\r\n", "<<: ", '"\\x1b"', "a\x01", "😀: 1\n", "% YAML 1.1\n", "'a': {\n", "# check: allow loop\n",
        "# check: allow unused, x\n",
    )},
    "nothing": lambda size: "",
    "zeros": lambda size: b"\0" * size,
    "random bytes": lambda size: random.Random(1).randbytes(size),
    "UTF-16": encoded("utf-16"),
    "UTF-16 without a mark": encoded("utf-16-le"),
    "UTF-32": encoded("utf-32"),
    "GBK": encoded("gb18030"),
    "a mark": lambda size: b"\xef\xbb\xbf" * (size // 3),
    "one bad byte at the end": lambda size: repeated("a: b\n")(size).encode() + b"\xff",
    "alias bomb": bomb,
    "an alias of itself": lambda size: "a: &a [*a]\n" + repeated("*a, ")(size),
    "aliases": lambda size: "a: &a [x]\nb: [" + repeated("*a, ")(size) + "]",
    "anchors": counted("k{n}: &a{n} 1\n"),
    "deep by indentation": lambda size: "".join(" " * n + "a:\n" for n in range(int((2 * size) ** 0.5))),
    "one key": lambda size: "a" * size + ": b\n",
    "one text": lambda size: f"house: {{name: {'a' * size}}}\n",
    "one quoted text of empty lines": lambda size: 'a: "' + "\n" * size + '"',
    "one block of text": lambda size: "a: |\n" + repeated(" x\n")(size),
    "one folded text": lambda size: "a: b\n" + repeated(" c\n")(size),
    "one list of phones": lambda size: "operator: {ring: {phones: [" + repeated("8000, ")(size) + "]}}\n",
    "one list of lists": lambda size: "operator: {ring: {phones: [" + repeated("[8000], ")(size) + "]}}\n",
    "one line of days": lambda size: 'hours: {a: {"' + repeated("mon,")(size) + '": x}}\n',
    "one line of ranges": lambda size: 'hours: {a: {mon: "' + repeated("00:00-00:01,")(size) + '"}}\n',
    "a section twice": repeated("house: 1\n"),
    "a key twice": lambda size: "{" + repeated("a: 1, ")(size) + "}",
    "keys that are lists": repeated("? [a]\n: b\n"),
    "sections nobody knows": counted("s{n}: 1\n"),
    "sections like ours": counted("menu{n}: 1\n"),
    "keys nobody knows": counted("  nam{n}: 1\n", "house:\n"),
    "keys of a menu": counted("   {n}: 1\n", "menus:\n main:\n  keys:\n"),
    "days nobody knows": counted("  mom{n}: x\n", "hours:\n a:\n"),
    "dates": counted("   {n}-01-01: x\n", "hours:\n a:\n  except:\n"),
    "languages": counted("  l{n}: x\n", "house:\n languages:\n"),
    "names that are none": counted(" D{n}: x\n", "departments:\n"),
    "departments without anything": counted(" d{n}:\n", "departments:\n"),
    "hours without a range": counted(" h{n}: {{mon-fri: 1}}\n", "hours:\n"),
    "time zones": counted(" h{n}: {{timezone: Asia/Shanghia}}\n", "hours:\n"),
    "countries": counted(" h{n}: {{holidays: XX-{n}}}\n", "hours:\n"),
    "phones nobody has": counted(" 2{n:06}: {{ring: {{phones: [1]}}}}\n", HOUSE + DESK + "extensions:\n"),
    "destinations nobody has": counted(" m{n}: {{keys: {{1: menu/n{n}}}}}\n", HOUSE + DESK + "menus:\n"),
    "kinds nobody has": counted(" m{n}: {{keys: {{1: m/n{n}}}}}\n", HOUSE + DESK + "menus:\n"),
    "hours nobody has": counted(" {n:06}: {{to: operator, hours: g{n}}}\n", HOUSE.partition("\n")[0] + "\nnumbers:\n"),
    "templates nobody has": counted(" {n:06}: {{extends: t{n}}}\n", HOUSE + DESK + "extensions:\n"),
    "templates of templates": counted(" t{n}: {{extends: t{m}}}\n", HOUSE + DESK + "templates:\n"),
    "menus without names": counted(" m{n}: {{keys: {{1: menu/m{m}, 2: menu/m{k}}}}}\n", HOUSE + DESK + "menus:\n"),
    "texts in no language": counted(" d{n}: {{name: {{x: a}}}}\n", "departments:\n"),
    "one loop of all": counted(
        " d{n}: {{name: a, ring: {{phones: [8000]}}, ends: {{otherwise: department/d{m}, busy: department/d{k}}}}}\n",
        HOUSE + DESK + "departments:\n",
    ),
    "many loops": counted(
        " d{n}: {{name: a, ring: {{phones: [8000]}}, ends: {{otherwise: department/d{k}}}}}\n",
        HOUSE + DESK + "extensions: {8000: }\ndepartments:\n",
    ),
    "hours of their own, closed in a ring": ring_of_hours,
    "menus that lead back": counted(
        " m{n}: {{name: a, keys: {{1: menu/m{m}, 2: back, 3: top}}, silence: back}}\n",
        HOUSE + DESK + "extensions: {8000: }\nmenus:\n",
    ),
    "duties nobody has": counted(" d{n}: {{name: a, week: {{mon: 8{n:05}}}}}\n", HOUSE + DESK + "duties:\n"),
    "duties with gaps": counted(
        " d{n}: {{name: a, turn: {{every: day, from: 2026-01-05, people: [8000]}}, except: {{2026-12-24: 8000}}}}\n",
        HOUSE + DESK + "extensions: {8000: }\nduties:\n",
    ),
    "phones nobody sits at": counted(
        " 2{n:06}: {{ends: {{otherwise: goodbye}}}}\n",
        HOUSE.replace("operator", "menu/m") + DESK + DIALLED,
    ),
    "phones in a row that nobody sits at": row_of_phones,
    "ranges": lambda size: HOUSE + DESK + 'extensions:\n  "00000000-99999999":\n' + repeated('  "10-99":\n')(size),
    "ranges of ten thousand": counted('  "{n:04}0000-{n:04}9999": {{ring: {{time: x}}}}\n', "extensions:\n"),
    "one text of blanks": lambda size: SAYS + repeated("{{ a }} {{ %} ")(size) + "'}}\n",
    "blanks of other names": lambda size: SAYS + counted("{{{{ b{n} }}}} ")(size) + "'}}\n",
    "values nobody has": counted(
        " a{n}: {{say: a, values: {{b: menu/m{n}, c: hours/h{n}}}}}\n", HOUSE + DESK + "announcements:\n"
    ),
    "lists of callers": counted(' c{n}: {{numbers: ["1*", "11*"], to: goodbye}}\n', HOUSE + DESK + "callers:\n"),
    "files that are not there": lambda size: "include: [" + repeated("a.yaml, ")(size) + "]\n",
    "comments that allow nothing": lambda size: HOUSE + DESK + "extensions: {8000: }\n"
    + repeated("# check: allow unused, no reason\n")(size),
}  # fmt: skip
"""name → the file of a size, as text or bytes."""
