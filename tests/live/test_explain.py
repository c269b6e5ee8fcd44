"""The same answer as a live call: what `ivr explain` tells is what a caller behind a real FreeSWITCH lives through."""

import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.call import Answered, Busy, NoAnswer, Refused, Unreachable
from ivr.explanation import Script, explain
from ivr.handlers import installed
from ivr.prompt import Prompt
from ivr.table import load
from ivr.telephones import Phone
from tests.live.caller import Caller
from tests.live.freeswitch import BEEP
from tests.live.line import PHONE, Line, names, pitch

HOUSE = (Path(__file__).parent / "house.yaml").read_text("utf-8")
MEANS = {
    "answers": Answered(2.0), "busy": Busy(), "rings": NoAnswer(), "refuses": Refused(), "": Unreachable(),
}  # fmt: skip
CALLS = {
    "a key, and they talk": ("4000", ["1"], {"8001": "answers"}),
    "another language, nobody answers, a message": ("4000", ["9", "1"], {"8001": "rings", "8002": "rings"}),
    "an extension, dialled at once": ("4000", ["8002"], {"8002": "answers"}),
    "all of them busy": ("4001", [], {"8001": "busy", "8002": "busy"}),
    "not reachable, back at the menu, to the operator": ("4000", ["3", "0"], {"8000": "answers"}),
    "closed at this hour": ("4010", [], {}),
    "open at this hour": ("4011", [], {"8002": "answers"}),
    "a number of no table": ("4999", ["1"], {"8001": "refuses", "8002": "refuses"}),
}


def written(folder: Path) -> Path:
    """The house with a department that is open now, and one that is not: in half a day it is the other way round."""
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    near, far = ([now + timedelta(hours=hour) for hour in hours] for hours in ((-6, 6), (6, 18)))
    hours = {name: f"{begin:%H:%M}-{end:%H:%M}" for name, (begin, end) in {"open": near, "shut": far}.items()}
    text = HOUSE.replace(", then: menu/main}  #", "}  #")  # so that every call has an end
    text = text.replace('  "4119"', '  "4010": {to: department/shut}\n  "4011": {to: department/open}\n  "4119"')
    text = text.replace("operator:\n", "".join(
        ["hours:\n", *(f'  {name}: {{mon-sun: "{span}"}}\n' for name, span in hours.items()), "operator:\n"]
    ), 1)  # fmt: skip
    departments = "".join(
        f"  {name}: {{name: {name}, hours: {name}, ring: {{phones: [8002], time: 5s}}, closed: message/sales}}\n"
        for name in hours
    )
    (folder / "house.yaml").write_text(text.replace("departments:\n", f"departments:\n{departments}"), "utf-8")
    return folder / "house.yaml"


@pytest.fixture(scope="module")
def table(tmp_path_factory) -> Path:
    return written(tmp_path_factory.mktemp("house"))


@pytest.fixture
def line(switch, table):
    for file in switch.data.glob("zongji.db*"):
        file.unlink()
    with Line(switch, table=table) as one:
        yield one
        switch.quiet()


def in_order(many: list[str]) -> list[str]:
    """Each once, where it stands several times in a row."""
    return [one for one, _ in groupby(many)]


def tone(happening) -> int:
    return pitch(happening.what.name, happening.language)


@pytest.mark.parametrize("name", CALLS)
def test_the_same_steps_and_prompts(switch, line, table, name):
    dialled, keys, manners = CALLS[name]
    # Given what is told of the call
    phones = {number: MEANS[manners.get(number, "")] for number in ("8000", "8001", "8002", "8003")}
    script = Script(dialled, caller="13800138000", keys=keys, phones=phones)
    steps = explain(load(table), installed(), datetime.now(UTC), script).steps
    happened = [each for step in steps for each in step.visit.happened]
    told = [each for each in happened if each.verb == "hears" and isinstance(each.what, Prompt)]
    # When the caller does it, key by key as he is asked
    with ExitStack() as there:
        for number, manner in manners.items():
            there.enter_context(Phone(switch.sip, number, manner, after=1, talks=2, hertz=PHONE))
        caller = there.enter_context(Caller(switch.sip, dialled)).answered(5)
        since, last = time.monotonic(), None
        for each in happened:
            if each.verb == "hears" and isinstance(each.what, Prompt):
                last = each
            elif each.verb == "presses" and each.what:
                caller.hears(tone(last), 30, since)
                caller.press(each.what).said()
                since = time.monotonic()
            elif each.verb == "speaks":
                caller.hears(BEEP, 30, since)
                caller.speak(2, 700).press("#").said()
                since = time.monotonic()
        caller.ended()
        heard = [one for one in names(caller.pitches()) if one not in ("music", "beep", "phone")]
    # Then he has heard those prompts in that order, and come by those steps
    assert in_order(heard) == in_order(names([tone(each) for each in told]))
    [call] = line.ivr("calls", "list")
    events = line.ivr("calls", "show", call["call"])["events"]
    path = [event["data"]["address"] for event in events if event["event"] == "step"]
    assert in_order(path) == in_order([step.visit.address for step in steps if step.visit.address])
