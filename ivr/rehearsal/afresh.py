"""A house before its first call: nobody waits or has had a turn; what came before is what the script says."""

from sqlalchemy import delete

from ivr.caller_list import international
from ivr.line import Line
from ivr.overrides import Override
from ivr.rehearsal.script import Script
from ivr.store.tables import languages, overrides, turns, waiting

__all__ = ["afresh"]


def afresh(line: Line, script: Script) -> None:
    """Forget the calls before; then what the script says has been done by hand, and chosen. It blocks: by OffHub."""
    with line.store.writing(durable=False) as connection:
        for table in (languages, overrides, turns, waiting):
            connection.execute(delete(table))
    line.books.overrides.look()
    for hours, state in script.hours.items():
        line.books.overrides.set(hours, Override(state, by="a call script"), line.clock.now())
    if script.chose:
        caller = international(script.frm, line.tables.current.country)
        line.books.languages.keep(caller, script.chose, line.clock.now())
