"""A house before its first call: nobody waits, has had a turn or chosen a language; no hours are made by hand."""

from sqlalchemy import delete

from ivr.line import Line
from ivr.overrides import Override
from ivr.rehearsal.script import Script
from ivr.store.tables import languages, overrides, turns, waiting

__all__ = ["afresh"]


def afresh(line: Line, script: Script) -> None:
    """Forget the calls before; then make by hand the hours the script says. It blocks: by OffHub."""
    with line.store.writing(durable=False) as connection:
        for table in (languages, overrides, turns, waiting):
            connection.execute(delete(table))
    line.books.overrides.look()
    for hours, state in script.hours.items():
        line.books.overrides.set(hours, Override(state, by="a call script"), line.clock.now())
