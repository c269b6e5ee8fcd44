"""SARIF with the fields that readers need, each of the right kind; annotations that cannot be broken out of."""

import json

from ivr.table.finding import Finding
from ivr.table.ids import KINDS
from ivr.table.sarif import annotations, sarif

ONE = Finding("error", "conf/routes rooms.yaml", 3, 5, "menus.main.keys.1", "there is no x", "unknown-destination", "y")
TWO = Finding("note", "routes.yaml", 9, 1, "numbers", "all others", "default-number")
THREE = Finding("warning", "routes.yaml", 7, 2, "hours.a", "unused", "unused", reason="for the fair")


def test_a_log_has_what_the_schema_asks_for():
    log = json.loads(json.dumps(sarif([ONE, TWO], [THREE], "1.2")))
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    [run] = log["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("ivr check", "1.2")
    # Each rule is there once and says what it is
    assert [rule["id"] for rule in driver["rules"]] == list(KINDS)
    for rule in driver["rules"]:
        assert set(rule) == {"id", "shortDescription", "fullDescription", "help", "defaultConfiguration"}
        assert all(rule[part]["text"] for part in ("shortDescription", "fullDescription", "help"))
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
    # Each result names its rule by id and index, and its place by a relative URI and numbers from 1
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        [place] = [one["physicalLocation"] for one in result["locations"]]
        assert min(place["region"].values()) >= 1
    assert run["results"][0] == {
        "ruleId": "unknown-destination",
        "ruleIndex": list(KINDS).index("unknown-destination"),
        "level": "error",
        "message": {"text": "menus.main.keys.1: there is no x. Did you mean y?"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "conf/routes%20rooms.yaml"},
                    "region": {"startLine": 3, "startColumn": 5},
                }
            }
        ],
    }
    assert [result.get("suppressions") for result in run["results"]] == [
        None, None, [{"kind": "inSource", "justification": "for the fair"}],
    ]  # fmt: skip


def test_annotations_hold_whatever_was_quoted_from_the_file():
    bad = Finding("error", "a:b,c%.yaml", 1, 2, "x", "100%\r\n::error::y\u2028z", "yaml")
    assert annotations([bad, TWO]) == (
        "::error file=a%3Ab%2Cc%25.yaml,line=1,col=2,title=yaml::x: 100%25 ::error::y z\n"
        "::notice file=routes.yaml,line=9,col=1,title=default-number::numbers: all others\n"
    )
