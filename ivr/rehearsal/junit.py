"""What came of call scripts, as the XML that CI systems read (JUnit): a suite for each file, a case for each call."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from xml.etree import ElementTree

from ivr.rehearsal.story import story
from ivr.rehearsal.verdict import Verdict

__all__ = ["junit"]


def junit(verdicts: Iterable[Verdict], unread: Sequence[str] = ()) -> bytes:
    """The whole document. `unread`: the faults of files that could not be read."""
    root = ElementTree.Element("testsuites", name="ivr test")
    for file, group in groupby(verdicts, key=lambda verdict: verdict.script.file):
        _suite(root, file, list(group))
    if unread:
        suite = ElementTree.SubElement(root, "testsuite", name="files", tests="1", failures="0", errors="1")
        case = ElementTree.SubElement(suite, "testcase", name="read", classname="files")
        ElementTree.SubElement(case, "error", message=unread[0]).text = "\n".join(unread)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _suite(root: ElementTree.Element, file: str, verdicts: list[Verdict]) -> None:
    suite = ElementTree.SubElement(
        root, "testsuite", name=file, tests=str(len(verdicts)), failures=str(sum(not each for each in verdicts)),
        errors="0", time=f"{sum(each.took for each in verdicts):.3f}",
    )  # fmt: skip
    for verdict in verdicts:
        script = verdict.script
        case = ElementTree.SubElement(
            suite, "testcase", name=script.name, classname=file, file=file, line=str(script.place[0]),
            time=f"{verdict.took:.3f}",
        )  # fmt: skip
        if not verdict:
            lines = verdict.lines()
            failure = ElementTree.SubElement(case, "failure", message=verdict.faults[0].message)
            failure.text = "\n".join([*lines, "", *story(verdict.moments)])
