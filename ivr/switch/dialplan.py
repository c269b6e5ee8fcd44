"""FreeSWITCH's XML dialplan, as far as `freeswitch-conf/dialplan` uses it: which actions does a number lead to?

    plan = Dialplan.load(Path("freeswitch-conf/dialplan"), {"ivr_data": "/var/lib/zongji"})
    plan.hunt(channel)      # [("answer", ""), ("socket", "127.0.0.1:8040 async full")]

Conditions with field, expression (captures in `$1`) or neither, `<regex>` lists, nested conditions, `break`,
`action`, `anti-action`, `inline`, `loop`, extensions with `continue`. As in FreeSWITCH all conditions are judged
*before* the first action runs, except where an action is `inline="true"`.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from pathlib import Path

from ivr.errors import ScriptError

__all__ = ["Actions", "Dialplan"]

Actions = list[tuple[str, str]]

_GLOBAL = re.compile(r"\$\$\{([^}]*)\}")
_SET = re.compile(r'<X-PRE-PROCESS\s+cmd="set"\s+data="(\w+)=([^"]*)"\s*/>')
_PREPROCESS = re.compile(r"<X-PRE-PROCESS\s[^>]*/>")


class Dialplan:
    """The contexts of a folder of dialplan files."""

    def __init__(self, contexts: Mapping[str, list[ET.Element]]):
        self.contexts = contexts

    @classmethod
    def load(cls, folder: Path, variables: Mapping[str, str]) -> "Dialplan":
        """Read every `*.xml` below a folder (or one file); `$${name}` is filled in before parsing, as there."""
        files = [folder] if folder.is_file() else sorted(folder.rglob("*.xml"))
        if not files:
            raise ScriptError(f"{folder}: no dialplan here; give a folder with *.xml files")
        contexts: dict[str, list[ET.Element]] = {}
        for file in files:
            try:
                root = ET.fromstring(_preprocessed(file.read_text(), variables))
            except ET.ParseError as error:
                raise ScriptError(f"{file}: not well-formed: {error}") from error
            for context in root.iter("context"):
                contexts.setdefault(context.get("name", "default"), []).extend(context.findall("extension"))
        return cls(contexts)

    def hunt(self, context: str, field: Callable[[str], str], fill: Callable[[str], str], inline: Callable) -> Actions:
        """The actions a call is led to; empty if no extension matched.

        `field(name)`: a field's value; `fill(text)`: `${}` expanded; `inline(application, data)` runs one at once.
        """
        hunt = _Hunt(field, fill, inline)
        for extension in self.contexts.get(context, ()):
            if hunt.conditions(extension) and extension.get("continue", "").lower() != "true":
                break
        return hunt.actions


def _preprocessed(text: str, variables: Mapping[str, str]) -> str:
    """`$${name}` filled in, with what the file itself sets by X-PRE-PROCESS: line by line, as FreeSWITCH does it."""
    known, lines = dict(variables), []

    def value(found: re.Match) -> str:
        return known.get(found[1], "")

    for line in text.splitlines(keepends=True):
        line = _GLOBAL.sub(value, line)
        known.update((name, text.replace("${", "%{")) for name, text in _SET.findall(line))  # as it does there
        lines.append(_PREPROCESS.sub("", line))
    return "".join(lines)


class _Hunt:
    """One search through the extensions; see parse_exten in mod_dialplan_xml.c."""

    def __init__(self, field: Callable[[str], str], fill: Callable[[str], str], inline: Callable):
        self.field, self.fill, self.inline = field, fill, inline
        self.actions: Actions = []

    def conditions(self, parent: ET.Element) -> bool:
        proceed = False
        for condition in parent.findall("condition"):
            rule = condition.get("regex")
            met, match = self._list(condition, rule) if rule else self._single(condition)
            proceed = met
            if not met and self._collect(condition.findall("anti-action"), None):
                proceed = True
            if met:
                self._collect(condition.findall("action"), match)
            stop = condition.get("break", "on-false").lower()
            if stop == "always" or stop == ("on-true" if met else "on-false"):
                break
            if proceed and condition.find("condition") is not None and not (proceed := self.conditions(condition)):
                if stop == "never":
                    continue
                break
        return proceed if parent.get("require-nested", "true").lower() == "true" else True

    def _single(self, element: ET.Element) -> tuple[bool, re.Match | None]:
        name = element.get("field")
        if name is None:
            return True, None
        expression = element.findtext("expression") or element.get("expression", "")
        value = self.fill(name) if "$" in name else self.field(name)
        match = re.search(_python(self.fill(expression)), value)
        return match is not None, match if "(" in expression else None

    def _list(self, condition: ET.Element, rule: str) -> tuple[bool, re.Match | None]:
        results, match = [], None
        for element in condition.findall("regex"):
            met, found = self._single(element)
            match = found or match
            results.append(met)
        if rule == "xor":
            return results.count(True) == 1, match
        return (all(results) if rule == "all" else any(results)), match

    def _collect(self, elements: list[ET.Element], match: re.Match | None) -> bool:
        for element in elements:
            data = (element.text or "").strip() or element.get("data", "")
            if match is not None:
                data = re.sub(r"(?<!\$)\$(\d)", lambda found: _group(match, int(found[1])), data)
            for _ in range(int(element.get("loop", "1"))):
                if element.get("inline", "").lower() == "true":
                    self.inline(element.get("application", ""), data)
                else:
                    self.actions.append((element.get("application", ""), data))
        return bool(elements)


def _group(match: re.Match, number: int) -> str:
    try:
        return match.group(number) or ""
    except IndexError:
        return ""


def _python(expression: str) -> str:
    """FreeSWITCH takes `/…/i` as well as a bare expression; `$` there matches before a final line feed, as here."""
    if len(expression) > 1 and expression.startswith("/") and "/" in expression[1:]:
        body, _, flags = expression[1:].rpartition("/")
        return ("(?i)" if "i" in flags else "") + body
    return expression
