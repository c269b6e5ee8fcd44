"""The results as CI systems read them."""

from xml.etree import ElementTree

from ivr.rehearsal.junit import junit
from tests.rehearsal.conftest import scripts


def test_a_suite_for_each_file_and_a_case_for_each_call(house):
    good, bad = scripts("  Good: {caller: [hears: menu, hangs_up]}\n  Bad: {caller: [presses: 2, rings: 8001]}\n")
    root = ElementTree.fromstring(junit([house.rehearse(good), house.rehearse(bad)], ["b.yaml:1:1: it is empty"]))
    suites = [(suite.get("name"), suite.get("tests"), suite.get("failures"), suite.get("errors")) for suite in root]
    assert suites == [("calls.yaml", "2", "1", "0"), ("files", "1", "0", "1")]
    first, second = root[0]
    assert (first.get("name"), first.get("line"), len(first)) == ("Good", "3", 0)
    assert float(first.get("time")) > 0
    [failure] = second
    assert failure.get("message") == "8001 should ring; but 8003 does"
    told = failure.text.splitlines()
    assert told[:3] == [
        "calls.yaml:4:30: Bad: 8001 should ring; but 8003 does",
        "",
        "  0:00  line    step greeting/1000",
    ]
    assert root[1][0][0].text == "b.yaml:1:1: it is empty"
