"""Every prompt of the house with every combination of values that changes its words, in its own shape."""

from datetime import date, time
from itertools import product

from ivr.prompt import Names, Opening, Prompt

SALES = Names(zh="销售部", en="Sales")
HOUSE = Names(zh="恒信科技", en="Hengxin Technology")
FRIDAY = date(2026, 10, 9)
OPENINGS = [None, *(Opening(day, FRIDAY, time(9)) for day in ("today", "tomorrow", "week", "date"))]
PARTS = ("morning", "noon", "afternoon", "evening")
SUPPORT, OPERATOR = Names(zh="技术支持", en="Technical Support"), Names(zh="总机", en="the operator")
CHOICES = (("1", SALES), ("2", SUPPORT), ("0", OPERATOR))
FOREIGN = (("1", SALES), ("8", Names(en="English")), ("9", Names(zh="中文服务")))
NUMBERS = ("8001", "13812345678", "7", "*#")
NO_VALUES = (
    "menu-silence", "menu-invalid", "silence-limit", "invalid-limit", "transfer-operator", "message-number",
    "message-number-unclear", "message-empty", "message-again", "message-cannot", "apology", "language-changed",
    "fallback-apology", "fallback-message", "fallback-thanks", "pin", "pin-wrong", "switch-failed", "accept",
)  # fmt: skip
ONLY_TO = (
    "transfer", "busy", "no-answer", "refused", "unreachable", "do-not-disturb", "hold-leave", "message",
    "quiet",
)  # fmt: skip


def every_prompt():
    for part, state, opens, late in product(PARTS, ("open", "lunch", "closed"), OPENINGS, (False, True)):
        yield Prompt("greeting", house=HOUSE, part=part, state=state, opens=opens, late=late)
    for choices, direct_dial in product((CHOICES, FOREIGN, ()), (True, False)):
        yield Prompt("menu", choices=choices, direct_dial=direct_dial)
    yield Prompt("menu", choices=CHOICES, direct_dial=True, top=True)
    yield from (Prompt(name) for name in NO_VALUES)
    yield from (Prompt(name, to=SALES) for name in ONLY_TO)
    for name, opens in product(("closed", "lunch"), OPENINGS):
        yield Prompt(name, to=SALES, opens=opens)
    for name, state in product(("switch", "switch-done"), ("open", "lunch", "closed")):
        yield Prompt(name, to=SALES, state=state)
    for caller, tried in product(("", "13812345678"), (None, SUPPORT)):
        yield Prompt("whisper", to=SALES, caller=caller, tried=tried)
    for message in (True, False):
        yield Prompt("hold-start", to=SALES, message=message)
        for position in (None, 1, 2, 10, 12):
            yield Prompt("hold-check-in", to=SALES, position=position, message=message)
    for name, number in product(("extension-unknown", "transfer-extension", "message-number-read-back"), NUMBERS):
        yield Prompt(name, number=number)
    yield from (Prompt("message-kept", reference=reference) for reference in ("", "204711"))
    yield from (Prompt("goodbye", house=HOUSE, part=part) for part in PARTS)
    yield Prompt("announcement", text=Names(zh="停车场在大厦北侧。", en="The car park is north of the building."))
    text = Names(zh="停车每小时{{ price }}元。", en="Parking is {{ price }} yuan an hour.")
    yield Prompt("announcement", text=text, values=(("price", 10),))
