r"""`${variable}`, `$${global}` and `${api(arguments)}`, as FreeSWITCH expands them in every application's argument.

Expansion is recursive: what a variable holds is expanded as well. That is how a caller's name could run a command
(freeswitch-facts, "A hostile caller"); so the stand-in calls `api` for every expansion that would have run one.

>>> expand("${a}-$${b}-${none}", {"a": "1"}.get, {"b": "2"}, None)
'1-2-'
>>> expand("${system rm -rf /}", {}.get, {}, lambda name, arguments: f"<{name}|{arguments}>")
'<system|rm -rf />'
>>> expand(r"\${a} \\${a} $100 $$5", {"a": "1"}.get, {}, None)
'${a} \\1 $100 $$5'
"""

import re
from collections.abc import Callable, Mapping

__all__ = ["expand"]

DEPTH = 20
_SPECIAL = re.compile(r"\\[$\\]|\$?\$\{")


def _end(text: str, start: int) -> int:
    """Where the brace opened before `start` closes; -1 if it does not."""
    depth = 1
    for at in range(start, len(text)):
        if text[at] == "{":
            depth += 1
        elif text[at] == "}":
            depth -= 1
            if not depth:
                return at
    return -1


def expand(
    text: str,
    get: Callable[[str], str | None],
    everywhere: Mapping[str, str],
    api: Callable[[str, str], str] | None,
    depth: int = 0,
) -> str:
    """`text` with everything replaced; unknown variables are empty; `\\$` is a `$` and `\\\\` a backslash."""
    if ("$" not in text and "\\" not in text) or depth > DEPTH:
        return text
    done, at = [], 0
    while found := _SPECIAL.search(text, at):
        done.append(text[at : found.start()])
        at = found.end()
        mark = found[0]
        if mark[0] == "\\":
            done.append(mark[1])
        elif (end := _end(text, at)) < 0:
            done.append(mark)
        elif mark == "$${":
            done.append(everywhere.get(text[at:end], ""))
            at = end + 1
        else:
            inside = expand(text[at:end], get, everywhere, api, depth + 1)
            done.append(_value(inside, get, everywhere, api, depth))
            at = end + 1
    return "".join(done) + text[at:]


def _value(inside, get, everywhere, api, depth) -> str:
    name, bracket, rest = inside.partition("(")
    if bracket and rest.endswith(")"):
        return api(name.strip(), rest[:-1]) if api else ""
    name, space, rest = inside.partition(" ")
    if space:
        return api(name, rest) if api else ""
    name, colon, cut = inside.partition(":")
    value = get(inside)
    if value is None and colon:
        value = _cut(get(name) or "", cut)
    if value is None:
        value = everywhere.get(inside, "")
    return expand(value, get, everywhere, api, depth + 1)


def _cut(value: str, cut: str) -> str:
    """`${name:offset:length}`."""
    offset, _, length = cut.partition(":")
    try:
        value = value[int(offset) :]
        return value[: int(length)] if length else value
    except ValueError:
        return value
