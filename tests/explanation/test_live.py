"""The same answer as a live call: what `ivr explain` tells is what a caller of the built-in switch lives through."""

from itertools import groupby
from pathlib import Path

import pytest

from ivr.call import Answered, Busy, NoAnswer, Refused, Unreachable
from ivr.explanation import Script, explain
from ivr.handlers import installed
from ivr.prompt import Prompt
from ivr.share import shared
from ivr.speech.templates import Templates
from ivr.switch import Caller, phones
from ivr.table import load
from tests.house import LUNCH, MORNING, NIGHT
from tests.switched import SwitchedHouse, switched

ROOT = Path(__file__).parents[2]
TABLES = {name: load(ROOT / name) for name in ("routes.yaml", "examples/hotel.yaml", "examples/hospital.yaml")}
PHONES = {
    Answered: phones.Answers(after=2, talks=30), Busy: phones.Busy(), NoAnswer: phones.Rings(),
    Refused: phones.Refuses(1), Unreachable: phones.Unregistered(),
}  # fmt: skip


WORDS = Templates([shared("prompts")])


def said(prompt: Prompt, language: str) -> str:
    """A sentence; the reference of a message is the store's and no matter here."""
    prompt = Prompt("message-kept", reference="") if prompt.name == "message-kept" else prompt
    return WORDS.text(prompt, language)


class Ear:
    """Hears what a line says to its caller, and presses the next key a second into each question."""

    def __init__(self, house: SwitchedHouse, script: Script):
        self.house, self.keys = house, list(script.keys)
        self.said: list[str] = []
        self.call = None

    def listen(self, call):
        play, ask, ask_number = call.play, call.ask, call.ask_number

        def hears(heard):
            self.said += [said(one, call.language) for one in heard if isinstance(one, Prompt)]

        def hearing_play(*heard):
            hears(heard)
            return play(*heard)

        def asked(question):
            def asking(*heard, **how):
                hears(heard)
                if keys := self.keys.pop(0) if self.keys else "":
                    self.house.clock.call_later(1.0, self.press, keys)
                return question(*heard, **how)

            return asking

        call.play, call.ask, call.ask_number = hearing_play, asked(ask), asked(ask_number)
        return call

    def press(self, keys: str) -> None:
        self.call.press(keys)


def lived(folder, table, at, script: Script) -> tuple[list[str], list[str]]:
    """The steps and the sentences of a call on the built-in switch."""
    with switched(folder, at, table=table) as house:
        ear = Ear(house, script)
        house.listen = ear.listen
        house.switch.phones |= {
            address.partition("/")[2]: PHONES[type(script.phones.get(address.partition("/")[2], NoAnswer()))]
            for address in table.steps
            if address.startswith("extension/")
        }
        speaks = Caller()
        for _ in range(3):
            speaks.hears("recording").waits(0.5).says(6)
        ear.call = house.switch.call(to=script.dialled, frm=script.caller, script=speaks)
        ear.call.wait_ended(3600)
        house.clock.sleep(2.0)
        assert house.switch.errors == []
        return house.path(ear.call.uuid), ear.said


def told(table, at, script: Script) -> tuple[list[str], list[str]]:
    """The same of an explanation."""
    steps = explain(table, installed(), at, script).steps
    heard = [each for step in steps for each in step.visit.happened if each.verb == "hears"]
    sentences = [said(each.what, each.language) for each in heard if isinstance(each.what, Prompt)]
    return [address for address, _ in groupby(step.visit.address for step in steps if step.visit.address)], sentences


def everywhere(table, outcome) -> dict:
    return {address.partition("/")[2]: outcome for address in table.steps if address.startswith("extension/")}


def calls():
    routes, hotel, hospital = TABLES.values()
    scripts = {
        "routes.yaml": [
            Script("02085550100", keys=["1"]),
            Script("02085550100", keys=["9", "2", "1"], phones=everywhere(routes, Busy())),
            Script("02085550160", keys=["4"], phones=everywhere(routes, Answered(30.0))),
            Script("02085550160", keys=["8001"], phones=everywhere(routes, Unreachable())),
            Script("02085550188", phones=everywhere(routes, Refused())),
            Script("02085550123", keys=["", "6", "0"], phones={"8000": Busy(), "8009": Unreachable()}),
            Script("02085550100", keys=["5", "2", "8", "0", "2"], phones=everywhere(routes, Busy())),
            Script("02085550100", keys=["2", "3"], caller=""),
        ],
        "examples/hotel.yaml": [
            Script("057155550000", keys=["2", "2"]),
            Script("057155550000", keys=["9", "4", "13800138000", "1"], caller="+493012345678"),
            Script("057155550009", phones=everywhere(hotel, Busy()), keys=["1", "1", "2"]),
            Script("057155550020", keys=["0"], phones=everywhere(hotel, Refused())),
            Script("057155550000", keys=["2104"], phones=everywhere(hotel, Answered(30.0))),
        ],
        "examples/hospital.yaml": [
            Script("01055557119", phones=everywhere(hospital, Busy()), keys=["1", "1", "2"]),
            Script("01055557000", keys=["4", "3"]),
            Script("01055557000", keys=["", "", ""], phones=everywhere(hospital, Unreachable())),
        ],
    }
    for name, some in scripts.items():
        for n, script in enumerate(some):
            instants = (MORNING, LUNCH, NIGHT)
            for at in instants if n == 0 else (instants[n % 3], instants[(n + 1) % 3])[: 1 + n % 2]:
                yield pytest.param(name, script, at, id=f"{Path(name).stem}-{n}-{at:%H:%M}")


@pytest.mark.parametrize(("name", "script", "at"), list(calls()))
def test_the_same_steps_and_sentences(name, script, at, tmp_path):
    table = TABLES[name]
    # When the call is placed, and explained
    with_switch = lived(tmp_path, table, at, script)
    assert with_switch[0], "the call was not placed"
    explained = told(table, at, script)
    # Then both say the same
    assert explained == with_switch
