"""What each key says, in words, beside the key itself and nowhere else.

The tables of docs/routes.md and docs/testing.md are made of it (`make docs`), and the schema that editors read
(`ivr.table.schema`). Words in `backticks` are words of the file.
"""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, Field

__all__ = ["DEFAULT", "rows", "told"]

DEFAULT = "x-default"


def told(what: str, default: str, value: Any = None, *, alias: str | None = None) -> Any:
    """A key of a model: `what` it says, and its `default` in words; `value` is that default as the model has it."""
    return Field(value, alias=alias, description=what, json_schema_extra={DEFAULT: default})


def rows(model: type[BaseModel]) -> Iterator[tuple[str, str, str]]:
    """Key, what it says, and its default, in the order of the model; a key that nothing is told of is an error.

    >>> class Door(BaseModel):
    ...     pin: str | None = told("what opens it", "none")
    >>> list(rows(Door))
    [('pin', 'what opens it', 'none')]
    """
    for name, info in model.model_fields.items():
        if not info.description:
            raise ValueError(f"{model.__name__}.{name}: nothing is told of this key; give it told(…)")
        yield info.alias or name, info.description, info.json_schema_extra[DEFAULT]
