"""Every destination leads somewhere, or the one that was meant is named."""

from collections.abc import Iterator

from ivr.steps import BACK, TOP, Address
from ivr.table import models
from ivr.table.build import OWNERS, Builder
from ivr.table.reading import SECTIONS, Reading
from ivr.table.suggest import nearest

__all__ = ["unknown_destination"]


def destinations(reading: Reading) -> Iterator[tuple[tuple, Address]]:
    """Every destination that is written in the table, with its path."""
    if reading.operator:
        yield from _destinations(("operator",), reading.operator)
    for section in SECTIONS:
        for name, model in reading.things(section):
            yield from _destinations((section, name), model)


LEADING = {
    models.BranchText: ("operator",),
    models.NumberText: ("to",),
    models.CallersText: ("to",),
    models.MenuText: ("silence", "invalid"),
    models.DepartmentText: ("closed", "lunch"),
    models.EndsText: tuple(models.EndsText.model_fields),
    models.QuietText: ("to",),
    models.HoldText: ("ahead", "leave"),
    models.MessageText: ("then",),
    models.AnnouncementText: ("then",),
    models.SwitchText: ("then",),
}


def _destinations(path: tuple, model: models.Text) -> Iterator[tuple[tuple, Address]]:
    for field in LEADING.get(type(model), ()):
        if field in model.model_fields_set:
            yield (*path, "for" if field == "ahead" else field), getattr(model, field)
    if isinstance(model, models.MenuText):
        yield from (((*path, "keys", key), to) for key, to in model.keys.items())
    for part in ("ends", "quiet"):
        if part in model.model_fields_set:
            yield from _destinations((*path, part), getattr(model, part))


NO_MENU_BEFORE = ("numbers", "callers", "houses")
WORDS = ("operator", "goodbye", BACK, TOP)
KINDS = {kind: section for section, (_, kind) in SECTIONS.items() if kind}
CALLED = {
    "voicemail": "message", "mailbox": "message", "queue": "hold", "user": "extension", "sip": "extension",
    "ivr": "menu", "group": "department",
}  # fmt: skip
"""What other switchboards call a kind."""


def _known(reading: Reading, address: Address, key: bool) -> bool:
    kind, slash, name = address.partition("/")
    if kind == "language" and key:
        return name in reading.house.languages
    return name in reading.names(KINDS[kind]) if kind in KINDS and slash else address in WORDS


def unknown_destination(made: Builder) -> None:
    reading = made.reading
    for path, to in destinations(reading):
        if to in (BACK, TOP) and path[0] in NO_MENU_BEFORE:
            message = f"no menu was heard before that {to} could lead to; write a destination of its own"
            reading.error(path, message, "unknown-destination")
        if _known(reading, to, key="keys" in path) or made.own_box(to):
            continue
        kind, slash, _ = to.partition("/")
        near = _meant(made, to)
        if not slash:
            message = f"{to!r} is no destination; write {', '.join(WORDS)} or kind/name"
        elif kind == "language" and "keys" not in path:
            message = "a language is chosen by a key of a menu only"
        elif kind == "language":
            message = f"the house does not speak {to[9:]!r}; house.languages are {', '.join(reading.house.languages)}"
        elif kind not in KINDS:
            message = f"there is no kind of step {kind!r}; the kinds are {', '.join(KINDS)}"
        else:
            message = f"there is no {to}" + ("" if near else f"; write it under {KINDS[kind]}, or lead elsewhere")
        reading.error(path, message, "unknown-destination", near)


def _meant(made: Builder, to: Address) -> Address | None:
    """The destination that was probably meant: a slip in the name, in the kind, in both, or the kind left out."""
    reading = made.reading
    if near := nearest(to, WORDS):
        return near
    kind, slash, name = to.partition("/")
    name = (name if slash else kind).lower()
    names = {kind: reading.names(section) for kind, section in KINDS.items()} | {"language": reading.house.languages}
    kind = kind if kind in names else CALLED.get(kind.lower()) or nearest(kind, names)
    if kind and slash:
        if kind == "message" and made.own_box(f"message/{name}"):
            return f"message/{name}"
        owners = (reading.names(section) for section in OWNERS) if kind == "message" else ()
        for known in (names[kind], *owners):
            if near := nearest(name, known):
                return f"{kind}/{near}"
    return next((f"{other}/{name}" for other, known in names.items() if name in known), None)
