"""What a table names must be there: hours, houses, languages, phones, people on duty; else the nearest is named."""

import re
from collections.abc import Collection, Iterator

from ivr.table.build import Builder
from ivr.table.duties import misfits, people
from ivr.table.nodes import Mapping, Node, Scalar, Sequence
from ivr.table.reading import SECTIONS, Reading
from ivr.table.suggest import absent, nearest

__all__ = ["duties_fit", "outside_by_gateway", "unknown_hours", "unknown_house", "unknown_language", "unknown_phone"]


def unknown_hours(made: Builder) -> None:
    reading = made.reading
    known = reading.names("hours")
    for path, name in _hours_named(reading):
        if name not in known:
            message, near = absent(f"there are no hours {name!r}", "hours", name, known)
            reading.error(path, message, "unknown-hours", near)


def _hours_named(reading: Reading) -> Iterator[tuple[tuple, str]]:
    things = [(("operator",), reading.operator)] if reading.operator else []
    things += [((s, name), model) for s in ("numbers", "departments") for name, model in reading.things(s)]
    yield from (((*path, "hours"), model.hours) for path, model in things if model.hours is not None)
    for name, model in reading.things("extensions"):
        if model.quiet and model.quiet.hours is not None:
            yield ("extensions", name, "quiet", "hours"), model.quiet.hours
        elif model.quiet and "hours" not in getattr(reading.root.find(("extensions", name, "quiet")), "entries", {}):
            message = "hours is missing: when does this phone not ring? Write hours: night"
            reading.error(("extensions", name, "quiet"), message, "missing", key=True)
    for name, model in reading.things("switches"):
        yield from ((("switches", name, "hours", index), one) for index, one in enumerate(model.hours))


def unknown_house(made: Builder) -> None:
    reading = made.reading
    known = reading.names("houses")
    for number, model in reading.things("numbers"):
        if model.house is not None and model.house not in known:
            message, near = absent(f"there is no house {model.house!r}", "houses", model.house, known)
            reading.error(("numbers", number, "house"), message, "unknown-house", near)
    for name, model in reading.things("houses"):
        kind = (model.operator or "department/").partition("/")[0]
        if kind != "department":
            message = f"{model.operator} is no department; the operator of a house is one"
            reading.error(("houses", name, "operator"), message, "operator")


def unknown_language(made: Builder) -> None:
    reading = made.reading
    spoken = reading.house.languages
    for section in ("numbers", "callers"):
        for name, model in reading.things(section):
            if model.language is not None and model.language not in spoken:
                message = f"the house does not speak {model.language!r}; house.languages are {', '.join(spoken)}"
                near = nearest(model.language, spoken)
                reading.error((section, name, "language"), message, "unknown-language", near)
    for path, texts in _texts(reading):
        if "" in texts or not spoken:
            continue
        for code in texts:
            if code not in spoken:
                message = f"the house does not speak {code!r}; house.languages are {', '.join(spoken)}"
                reading.error((*path, code), message, "unknown-language", nearest(code, spoken), key=True)
        for code in spoken:
            if code not in texts:
                reading.error(
                    path, f"there is no text in {code}, which the house speaks; add {code}: …", "no-text", key=True
                )


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
    for name, model in reading.things("announcements"):
        yield from (((("announcements", name, "values", key)), texts) for key, texts in model.values.items())


def unknown_phone(made: Builder) -> None:
    """Nothing rings that the table does not name (rule B1)."""
    reading = made.reading
    things = [(("operator",), reading.operator)] if reading.operator else []
    sections = ("departments", "extensions", "holds")
    things += [((section, name), model) for section in sections for name, model in reading.things(section)]
    for path, model in things:
        if model.ring is None or "ring" not in model.model_fields_set:
            continue
        written = reading.root.find((*path, "ring"))
        if path[0] != "extensions" and "phones" not in getattr(written, "entries", {}):
            reading.error((*path, "ring"), "phones is missing: which extensions ring?", "missing", key=True)
        if model.ring.phones:
            _phones(made, (*path, "ring", "phones"), path[0] != "extensions")


def _phones(made: Builder, path: tuple, duty: bool) -> None:
    """Each phone of a plan is an extension, or, where `duty`, whoever is on duty."""
    reading = made.reading
    known, seen = reading.names("extensions"), set()
    for where, phone, key in _written(reading.root.find(path), path):
        if duty and phone.startswith("duty/"):
            if phone[5:] not in reading.names("duties"):
                duties = [f"duty/{name}" for name in reading.names("duties")]
                message, near = absent(f"there is no {phone}", "duties", phone, duties)
                reading.error(where, message, "unknown-destination", near, key=key)
        elif phone not in known:
            message, near = absent(f"there is no extension {phone!r}", "extensions", _number(phone, known), known)
            reading.error(where, message, "unknown-extension", near, key=key)
        if phone in seen:
            reading.error(where, f"{phone} is named twice; delete one of them", "twice", key=key)
        seen.add(phone)


def _number(phone: str, known: Collection[str]) -> str:
    """The extension that is meant by user/8001, SIP/8001 or sip:8001@example.com; else as it is written."""
    found = re.search(r"(?<!\d)\d{2,8}(?!\d)", phone)
    return found[0] if found and found[0] in known else phone


def _written(node: Node, path: tuple) -> Iterator[tuple[tuple, str, bool]]:
    """Path and text of each phone of a plan; is it a key?"""
    if isinstance(node, Mapping):
        yield from (((*path, name), name, True) for name in node.entries)
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield from _written(item, (*path, index))
    elif isinstance(node, Scalar):
        yield path, node.text, False


def duties_fit(made: Builder) -> None:
    """Everybody on duty has an extension (rule F1), and the parts of a rota go together."""
    reading = made.reading
    known = reading.names("extensions")
    for name, model in reading.things("duties"):
        path = ("duties", name)
        written = reading.root.find(path)
        for misfit in misfits(model, written.plain() if isinstance(written, Mapping) else {}):
            place = reading.place((*path, *misfit.path), misfit.key)
            full = (*path, *misfit.path)
            reading.found.add(misfit.severity, place, full, misfit.message, misfit.id, misfit.near)
        for where, person, key in people(model):
            if person not in known:
                message, near = absent(f"there is no extension {person!r}", "extensions", person, known)
                reading.error((*path, *where), message, "unknown-extension", near, key=key)


def outside_by_gateway(made: Builder) -> None:
    """A number of the world outside is rung through a gateway."""
    reading = made.reading
    if reading.house.gateway is None:
        for number, model in reading.things("extensions"):
            if model.outside:
                message = "house.gateway is missing: through which gateway of FreeSWITCH is it rung?"
                reading.error(("extensions", number, "outside"), message, "gateway")
