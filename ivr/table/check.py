"""What must hold across the whole table. One function for each rule; `RULES` lists them.

A new rule is a function of a Reading (and the steps made of it) that adds findings.
"""

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from ivr.steps import Address, Department, Extension, Greeting, Menu
from ivr.table import models
from ivr.table.build import EMERGENCY, Builder
from ivr.table.reading import SECTIONS, Reading
from ivr.table.suggest import nearest

__all__ = ["check_reading"]


def check_reading(made: Builder, today: date | None, prompts: Collection[str] | None) -> None:
    """Apply every rule to what was read."""
    reading = made.reading
    for rule in RULES:
        rule(made)
    if prompts is not None:
        _prompts(made, prompts)
    if today is not None:
        _published(made, today)
    if not reading.found.errors:
        _default_number(made)
        _unreachable(made)


def destinations(reading: Reading) -> Iterator[tuple[tuple, Address]]:
    """Every destination that is written in the table, with its path."""
    if reading.operator:
        yield from _destinations(("operator",), reading.operator)
    for section in SECTIONS:
        for name, model in reading.things(section):
            yield from _destinations((section, name), model)


LEADING = {
    models.NumberText: ("to",),
    models.MenuText: ("silence", "invalid"),
    models.DepartmentText: ("closed", "lunch"),
    models.EndsText: tuple(models.EndsText.model_fields),
    models.HoldText: ("ahead", "leave"),
    models.MessageText: ("then",),
    models.AnnouncementText: ("then",),
}


def _destinations(path: tuple, model: models.Text) -> Iterator[tuple[tuple, Address]]:
    for field in LEADING.get(type(model), ()):
        if field in model.model_fields_set:
            yield (*path, "for" if field == "ahead" else field), getattr(model, field)
    if isinstance(model, models.MenuText):
        yield from (((*path, "keys", key), to) for key, to in model.keys.items())
    if "ends" in model.model_fields_set:
        yield from _destinations((*path, "ends"), model.ends)


def _known(reading: Reading, address: Address) -> bool:
    kind, _, name = address.partition("/")
    if kind == "language":
        return name in reading.house.languages
    section = next((section for section, (_, made) in SECTIONS.items() if made == kind), None)
    return section is None or name in reading.names(section)


def unknown_destination(made: Builder) -> None:
    reading, all_addresses = made.reading, None
    for path, to in destinations(reading):
        if _known(reading, to) or made.own_box(to):
            continue
        if all_addresses is None:
            kinds = {made: section for section, (_, made) in SECTIONS.items() if made}
            all_addresses = [f"{kind}/{name}" for kind, section in kinds.items() for name in reading.names(section)]
            all_addresses += [f"language/{code}" for code in reading.house.languages]
        name = to.partition("/")[2]
        same = (address for address in all_addresses if address.partition("/")[2] == name)
        near = nearest(to, all_addresses) or next(same, None)
        reading.error(path, f"there is no {to}", "unknown-destination", near)


def unknown_hours(made: Builder) -> None:
    reading = made.reading
    things = [(("operator",), reading.operator)] if reading.operator else []
    things += [((s, name), model) for s in ("numbers", "departments") for name, model in reading.things(s)]
    for path, model in things:
        if model.hours is not None and model.hours not in reading.names("hours"):
            near = nearest(model.hours, reading.names("hours"))
            reading.error((*path, "hours"), f"there are no hours {model.hours!r}", "unknown-hours", near)


def unknown_language(made: Builder) -> None:
    reading = made.reading
    spoken = reading.house.languages
    for name, model in reading.things("numbers"):
        if model.language is not None and model.language not in spoken:
            message = f"the house does not speak {model.language!r}; house.languages are {', '.join(spoken)}"
            near = nearest(model.language, spoken)
            reading.error(("numbers", name, "language"), message, "unknown-language", near)
    for path, texts in _texts(reading):
        if "" in texts or not spoken:
            continue
        for code in texts:
            if code not in spoken:
                message = f"the house does not speak {code!r}; house.languages are {', '.join(spoken)}"
                reading.error((*path, code), message, "unknown-language", nearest(code, spoken), key=True)
        for code in spoken:
            if code not in texts:
                reading.error(path, f"there is no text in {code}, which the house speaks", "no-text", key=True)


def _texts(reading: Reading) -> Iterator[tuple[tuple, dict[str, str]]]:
    house = reading.house
    if house.name:
        yield ("house", "name"), house.name
    yield from ((("house", "languages", code), texts) for code, texts in house.languages.items() if texts)
    things = [(("operator",), reading.operator)] if reading.operator else []
    things += [((section, name), model) for section in SECTIONS for name, model in reading.things(section)]
    for path, model in things:
        for field in ("name", "say"):
            if field in model.model_fields_set and getattr(model, field):
                yield (*path, field), getattr(model, field)


def unknown_phone(made: Builder) -> None:
    """Nothing rings that the table does not name (rule B1)."""
    reading = made.reading
    things = [(("operator",), reading.operator)] if reading.operator else []
    sections = ("departments", "extensions", "holds")
    things += [((section, name), model) for section in sections for name, model in reading.things(section)]
    known = reading.names("extensions")
    for path, model in things:
        if model.ring is None or "ring" not in model.model_fields_set:
            continue
        phones = model.ring.phones
        written = reading.root.find((*path, "ring"))
        if path[0] != "extensions" and not phones and "phones" not in getattr(written, "entries", {}):
            reading.error((*path, "ring"), "phones is missing: which extensions ring?", "missing", key=True)
        for index, phone in enumerate(phones or ()):
            if phone not in known:
                message = f"there is no extension {phone}"
                reading.error((*path, "ring", "phones", index), message, "unknown-extension", nearest(phone, known))
            elif phone in phones[:index]:
                reading.error((*path, "ring", "phones", index), f"{phone} is named twice", "twice")


def emergency(made: Builder) -> None:
    """110 and its kind always go through (rule F4): nothing in the table has such a number."""
    reading = made.reading
    numbers = (*EMERGENCY, *reading.house.emergency)
    for section, what in (("numbers", "number"), ("extensions", "extension")):
        for name in reading.names(section):
            if name in numbers:
                message = f"{name} is an emergency number; no {what} of the house may have it"
                reading.error((section, name), message, "emergency", key=True)
                continue
            near = next((n for n in numbers if name.startswith(n) or n.startswith(name)), None)
            if near and section == "extensions":
                message = f"a phone that dials digit by digit cannot tell {name} from the emergency number {near}"
                reading.warning((section, name), message, "emergency", key=True)


def closed_needs_a_way(made: Builder) -> None:
    """A place that is closed at times says where callers go then (rules A4, A7)."""
    for step in made.steps.values():
        if isinstance(step, Department) and step.hours is not None and not step.hours.always:
            path = ("operator",) if step.address == "operator" else ("departments", step.address.partition("/")[2])
            model = made.reading.operator if path == ("operator",) else made.reading.names("departments")[path[1]]
            written = getattr(made.reading.root.find(path), "entries", {})
            if model.closed is None and "closed" not in written:
                message = f"closed is missing: where do callers go outside the hours {model.hours!r}?"
                made.reading.error(path, message, "missing", f"closed: message/{path[-1]}", key=True)


def something_to_say(made: Builder) -> None:
    reading = made.reading
    for name, model in reading.things("announcements"):
        written = getattr(reading.root.find(("announcements", name)), "entries", {})
        if "say" not in written and "prompt" not in written:
            message = "say or prompt is missing: what do callers hear?"
            reading.error(("announcements", name), message, "missing", key=True)
        elif model.say and model.prompt:
            path = ("announcements", name, "prompt")
            reading.error(path, "there is say already; keep one of the two", "both", key=True)
    for name, model in reading.things("holds"):
        written = getattr(reading.root.find(("holds", name)), "entries", {})
        if "for" not in written and "ring" not in written:
            message = "for or ring is missing: for whom do callers wait?"
            reading.error(("holds", name), message, "missing", key=True)
        if model.ahead and not (model.ahead == "operator" or model.ahead.startswith(("department/", "extension/"))):
            message = f"callers cannot wait for {model.ahead}; write operator, department/… or extension/…"
            reading.error(("holds", name, "for"), message, "for")


def offered_by_name(made: Builder) -> None:
    """A menu reads out the names of what its keys lead to."""
    reading = made.reading
    for menu, model in reading.things("menus"):
        if model.prompt:
            continue
        for key, to in model.keys.items():
            kind, _, name = to.partition("/")
            section = {"menu": "menus", "announcement": "announcements", "message": "messages"}.get(kind)
            thing = reading.names(section).get(name) if section else None
            if thing is None or thing.name or (kind == "message" and made.steps[to].name != made.house):
                continue
            message = f"{to} is offered by this key and has no name to read out; give it a name"
            reading.error(("menus", menu, "keys", key), message, "no-name")


def loop(made: Builder) -> None:
    """A caller who does nothing, whom nobody answers, must come to an end (rules A4, A5)."""
    ways = {address: _without_a_caller(step) for address, step in made.steps.items()}
    for ring in _cycles(ways):
        first = min(ring, key=lambda address: made.lines.get(address, 0))
        turn = ring.index(first)
        told = " → ".join((*ring[turn:], *ring[:turn], first))
        place = (made.lines.get(first, 1), made.reading.place(made_path(made, first), key=True)[1])
        message = f"a caller who presses nothing can go round for ever: {told}; lead one of them elsewhere"
        made.reading.found.error(place, made_path(made, first), message, "loop")


def made_path(made: Builder, address: Address) -> tuple:
    """Where a step is written."""
    kind, _, name = address.partition("/")
    if kind == "greeting":
        return ("numbers", "*" if name == "any" else name)
    section = next((section for section, (_, kind_made) in SECTIONS.items() if kind_made == kind), None)
    if section is None:
        return (kind,)
    if made.own_box(address):
        return ("departments" if name in made.reading.names("departments") else "extensions", name)
    return (section, name)


def _without_a_caller(step) -> tuple[Address, ...]:
    """The exits that are taken with nobody pressing a key and nobody answering."""
    if isinstance(step, Department):
        exits = list(step.exits())[2:]
        if step.hours is not None and not step.hours.always:
            exits.append(step.closed)
            if step.hours.has_lunch:
                exits.append(step.lunch)
        return tuple(exits)
    return (step.silence, step.invalid) if isinstance(step, Menu) else step.exits()


def _cycles(ways: dict[Address, tuple[Address, ...]]) -> Iterator[tuple[Address, ...]]:
    """One cycle of each knot in the graph (depth first, without recursion: chains may be long)."""
    state: dict[Address, int] = {}
    for start in ways:
        if start in state:
            continue
        trail, todo = [start], [iter(ways[start])]
        state[start] = 1
        while trail:
            for to in todo[-1]:
                if to not in ways or state.get(to) == 2:
                    continue
                if state.get(to) == 1:
                    yield tuple(trail[trail.index(to) :])
                    continue
                state[to] = 1
                trail.append(to)
                todo.append(iter(ways[to]))
                break
            else:
                state[trail.pop()] = 2
                todo.pop()


def _default_number(made: Builder) -> None:
    numbers = made.reading.names("numbers")
    if not numbers:
        made.reading.error(("numbers",), "there is no number; the line would answer nobody", "missing", key=True)
    elif "*" not in numbers:
        first = next(iter(numbers))
        message = f'every other number is answered as {first}; write "*" to say otherwise'
        made.reading.found.add("note", made.reading.place(("numbers",), True), ("numbers",), message, "default-number")


def _unreachable(made: Builder) -> None:
    reading, steps = made.reading, made.steps
    seen = {"operator", "goodbye", "message/operator", *(a for a, s in steps.items() if isinstance(s, Greeting))}
    todo, dialled = list(seen), False
    while todo:
        step = steps.get(todo.pop())
        if step is None:
            continue
        ways = set(step.exits())
        if isinstance(step, Menu) and step.direct_dial and not dialled:
            dialled = True
            ways.update(address for address, other in steps.items() if isinstance(other, Extension))
        if isinstance(step, Menu):
            ways.update(step.keys.values())
        todo.extend(ways - seen)
        seen |= ways
    rung = {phone for step in steps.values() if hasattr(step, "ring") for phone in step.ring.targets}
    used = {model.hours for section in ("numbers", "departments") for _, model in reading.things(section)}
    used.add(reading.operator.hours if reading.operator else None)
    for address, step in steps.items():
        if address in seen or (isinstance(step, Extension) and _rung_by_others(step, rung, steps)):
            continue
        if not made.own_box(address):
            reading.warning(made_path(made, address), "no caller can come here", "unreachable", key=True)
    for name in reading.names("hours"):
        if name not in used:
            reading.warning(("hours", name), "nothing has these hours", "unused", key=True)


def _rung_by_others(step: Extension, rung: Collection[str], steps) -> bool:
    return step.number in rung


def _prompts(made: Builder, prompts: Collection[str]) -> None:
    reading = made.reading
    for section in ("menus", "messages", "announcements"):
        for name, model in reading.things(section):
            if model.prompt and model.prompt not in prompts:
                message = f"there is no prompt {model.prompt!r} in the prompt folders"
                reading.error((section, name, "prompt"), message, "unknown-prompt", nearest(model.prompt, prompts))


# How far ahead a table must know its holidays; China publishes a year's in the November before it.
AHEAD = timedelta(days=60)


def _published(made: Builder, today: date) -> None:
    for name, model in made.reading.things("hours"):
        if model.holidays is None:
            continue
        for year in sorted({today.year, (today + AHEAD).year}):
            if not model.holidays.published(year):
                country = model.holidays.country
                message = f"the days off and make-up workdays of {country} in {year} are not known yet; update the "
                message += "package holidays when they are published, or write them under except"
                made.reading.warning(("hours", name, "holidays"), message, "unpublished")


RULES = (
    unknown_destination, unknown_hours, unknown_language, unknown_phone, emergency, closed_needs_a_way,
    something_to_say, offered_by_name, loop,
)  # fmt: skip
