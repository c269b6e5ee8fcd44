"""`ivr test --live`: the same file of call scripts on the built-in switch and on a real FreeSWITCH."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from ivr.cli.test import test as command
from tests.live.line import SECONDS, write_prompts

CALLS = Path(__file__).parent / "calls/house.yaml"
NAMES = [line.strip().rstrip(":") for line in CALLS.read_text().split("calls:\n")[1].splitlines() if line[:3].strip()]


@pytest.fixture(scope="module")
def prompts(tmp_path_factory):
    """Prompts of a second or two: real ones take ten times as long."""
    return write_prompts(tmp_path_factory.mktemp("prompts"), 1.0, {**SECONDS, "hold-check-in": 2.0})


def live(switch, prompts: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "ivr", "test", "--live", str(CALLS), "--sip", f"127.0.0.1:{switch.sip[1]}",
         "--listen", f"127.0.0.1:{switch.line_ports[0]}", "--records-listen", f"127.0.0.1:{switch.records_port}",
         "--data", str(switch.data), "--prompts", str(prompts), *arguments],
        capture_output=True, text=True, timeout=300, env={**os.environ, "IVR_CONTROL": ""},
    )  # fmt: skip


def test_the_file_goes_as_written_on_the_built_in_switch():
    result = CliRunner().invoke(command, [str(CALLS)])
    assert result.output.startswith(f"{len(NAMES)} of {len(NAMES)} calls as written")


def test_and_on_a_freeswitch(switch, prompts):
    done = live(switch, prompts)
    assert done.stdout.startswith(f"{len(NAMES)} of {len(NAMES)} calls as written"), done.stdout + done.stderr
    assert done.returncode == 0


def test_what_does_not_go_as_written_is_told_alike(switch, prompts, tmp_path):
    # Given a script that expects another telephone
    wrong = tmp_path / "wrong.yaml"
    text = CALLS.read_text().replace("../house.yaml", str(CALLS.parents[1] / "house.yaml"))
    wrong.write_text(
        text.replace("talks_to: 8001\n      - hears: goodbye", "talks_to: 8002\n      - hears: goodbye", 1)
    )
    built_in = CliRunner().invoke(command, [str(wrong), "-k", "By key"]).output
    done = live(switch, prompts, str(wrong), "-k", "By key")
    first = built_in.splitlines()[0]
    assert first.endswith("the caller should talk to 8002; but he talks to 8001")
    assert (done.returncode, first in done.stdout.splitlines()) == (1, True)


def test_a_line_in_the_way_is_named(switch, prompts):
    done = live(switch, prompts, "--listen", f"127.0.0.1:{switch.event_port}", "-k", "English")
    assert done.returncode == 2
    assert done.stderr.startswith(
        "ivr test: the line under test stands in for `ivr serve`, which must be stopped, and "
    )
