"""What `make audit` says of pip-audit's answer."""

from tests.audit import told

GOOD = {"name": "gevent", "version": "25.1", "vulns": []}
BAD = {"name": "jinja2", "version": "3.1.4", "vulns": [{"id": "CVE-2024-56326", "fix_versions": ["3.1.5"]}]}
UNKNOWN = {"name": "own", "skip_reason": "not found on PyPI"}


def test_a_known_vulnerability_fails_and_is_told_with_what_mends_it():
    assert told({"dependencies": [GOOD, BAD, UNKNOWN]}) == (
        [
            "jinja2 3.1.4: CVE-2024-56326; mended in 3.1.5",
            "audited 2 of 3 packages, 1 of them with a known vulnerability; not found there: own",
        ],
        1,
    )


def test_none_is_an_all_clear_only_where_something_was_learnt():
    assert told({"dependencies": [GOOD]}) == (["audited 1 of 1 packages, 0 of them with a known vulnerability"], 0)
    assert told({"dependencies": [UNKNOWN]}) == (
        ["NOT AUDITED: none of 1 packages is known where PyPI's advisories were asked for"],
        0,
    )
