"""Has a package we stand on a known vulnerability? `make audit`: exit status 1 if so, with the version that mends it.

Asks PyPI by pip-audit, about what is installed here. Where PyPI's answers cannot be had (a machine without a network, a
mirror that has files only), it says of how many packages nothing is known: that is no all-clear.
"""

import json
import subprocess
import sys


def told(found: dict) -> tuple[list[str], int]:
    """Lines to print and an exit status, of pip-audit's JSON."""
    every = found["dependencies"]
    known = [one for one in every if "skip_reason" not in one]
    bad = [one for one in known if one["vulns"]]
    lines = [
        f"{one['name']} {one['version']}: {each['id']}; mended in {', '.join(each['fix_versions']) or 'no version yet'}"
        for one in bad
        for each in one["vulns"]
    ]
    if not known:
        return [f"NOT AUDITED: none of {len(every)} packages is known where PyPI's advisories were asked for"], 0
    unknown = [one["name"] for one in every if "skip_reason" in one and one["name"] != "zongji"]
    lines.append(
        f"audited {len(known)} of {len(every)} packages, {len(bad)} of them with a known vulnerability"
        + (f"; not found there: {', '.join(unknown)}" if unknown else "")
    )
    return lines, 1 if bad else 0


def main() -> int:
    command = [sys.executable, "-m", "pip_audit", "--local", "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run([*command, "--timeout", "10"], capture_output=True, text=True, timeout=300, check=False)
        found = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        print(f"NOT AUDITED: PyPI could not be asked ({type(error).__name__})")
        return 0
    lines, status = told(found)
    print("\n".join(lines))
    return status


if __name__ == "__main__":
    sys.exit(main())
