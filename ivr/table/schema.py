"""The schema of routes.yaml for editors (JSON Schema, draft 7): what may stand where, and what each key says.

    >>> table_schema()["$defs"]["NumberText"]["properties"]["emergency"]["enum"]
    ['yes', 'no']

It is made of the models: their keys, what is told of each (`ivr.table.told`), and how the texts of their types are
written (`ivr.table.values.written`). It knows no other place of the table; `ivr check` does.
"""

import copy
from collections.abc import Callable, Iterable
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from ivr.table import models, values
from ivr.table.duties import post
from ivr.table.reading import NAME, NAMES, SECTIONS, SINGLE
from ivr.table.told import DEFAULT

__all__ = ["DRAFT", "Generator", "definitions", "table_schema", "tidied"]

DRAFT = "http://json-schema.org/draft-07/schema#"
TEXT = {"type": ["string", "number"]}
"""Every text stays what was written; an editor may take it for a number."""
_DESTINATIONS = "|".join(["operator", "goodbye", "back", "top"])
_KINDS = "|".join(kind for _, kind in SECTIONS.values() if kind)
_NAME = "[A-Za-z0-9][A-Za-z0-9_-]*"
DESTINATIONS = {
    "of anything": {"type": "string", "pattern": f"^({_DESTINATIONS}|({_KINDS})/{_NAME})$"},
    "of a key": {"type": "string", "pattern": f"^({_DESTINATIONS}|({_KINDS}|language)/{_NAME})$"},
}
OF_NAMES = ("properties", "patternProperties", "$defs")
"""Parts of a schema whose keys are names."""
_EXTENSION = {"type": ["string", "integer"], "pattern": "^[0-9]{2,8}$"}
_PHONE = {"type": ["string", "integer"], "pattern": f"^([0-9]{{2,8}}|duty/{_NAME})$"}
_CLOCK = "[0-9]{1,2}:[0-9]{2}"
_LEVEL = {"type": ["string", "integer"], "pattern": "^[1-9][0-9]?$"}
_PERSON = {"anyOf": [_EXTENSION, {"type": "object", "additionalProperties": _EXTENSION}]}

WRITTEN: dict[Callable, dict[str, Any]] = {
    values.something: TEXT,
    values.texts: {"anyOf": [TEXT, {"type": "object", "patternProperties": {"^[a-z]{2,3}$": TEXT}}]},
    values.phones: {
        "anyOf": [
            {"type": "array", "items": {"anyOf": [_PHONE, {"type": "array", "items": _PHONE, "minItems": 1}]}},
            {"type": "object", "patternProperties": {_PHONE["pattern"]: _LEVEL}},
        ]
    },
    post: _PERSON,
    models.spans: {
        "type": "string",
        "pattern": f"^( *closed *|( *{_CLOCK} *- *{_CLOCK} *)(,( *{_CLOCK} *- *{_CLOCK} *))*)$",
    },
}
"""How is written what is no single text, or is typed by a function that knows nothing of YAML."""


class Generator(GenerateJsonSchema):
    """A value is what is written in the file, not what becomes of it. No key may be left empty."""

    written = WRITTEN

    def str_schema(self, schema):
        found = super().str_schema(schema)
        return found if "pattern" in found else dict(TEXT)

    def function_before_schema(self, schema):
        return self._written(schema) or super().function_before_schema(schema)

    def function_after_schema(self, schema):
        return self._written(schema) or super().function_after_schema(schema)

    def nullable_schema(self, schema):
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema):
        return self.generate_inner(schema["schema"])

    def _written(self, schema) -> dict[str, Any] | None:
        function = schema["function"]["function"]
        return copy.deepcopy(
            self.written.get(getattr(function, "reads", function)) or getattr(function, "written", None)
        )


def definitions(tops: Iterable[type[models.Text]], generator: type[GenerateJsonSchema] = Generator) -> dict[str, Any]:
    """The models and those inside them, by name."""
    wanted = [(model, "validation") for model in dict.fromkeys(tops)]
    _, whole = models_json_schema(wanted, schema_generator=generator, ref_template="#/$defs/{model}")
    found = {name: tidied(schema) for name, schema in whole["$defs"].items()}
    for model in tops:
        if model.NEEDS:
            found[model.__name__]["required"] = list(model.NEEDS)
    return found


def tidied(schema: Any) -> Any:
    """Without what pydantic adds for itself; a description says the default; a pattern of keys leaves no other key."""
    if isinstance(schema, list):
        return [tidied(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "destination" in schema:
        schema = DESTINATIONS[schema["destination"]] | {k: v for k, v in schema.items() if k != "destination"}
    made = {}
    for key, value in schema.items():
        if key in OF_NAMES:
            made[key] = {name: tidied(inner) for name, inner in value.items()}
        elif key not in ("title", "default", DEFAULT):
            made[key] = tidied(value)
    if default := schema.get(DEFAULT):
        made["description"] = f"{schema['description']} (default: {default})"
    if "patternProperties" in made:
        made.setdefault("additionalProperties", False)
    return made


def table_schema() -> dict[str, Any]:
    """The whole schema."""
    tops = [*SINGLE.values(), *(model for model, _ in SECTIONS.values())]
    found = definitions(tops)
    hours, days = found["HoursText"], found["HoursText"]["properties"].pop(models.WEEK)
    hours["patternProperties"] = {
        pattern: rule | {"description": days["description"]} for pattern, rule in days["patternProperties"].items()
    }
    templates = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
    for model in tops:
        thing = found[model.__name__]
        thing["properties"]["extends"] = {**templates, "description": "templates whose keys this thing has as well"}
        if required := thing.pop("required", None):
            thing["anyOf"] = [{"required": ["extends"]}, {"required": required}]
    properties = {name: {"$ref": f"#/$defs/{model.__name__}"} for name, model in SINGLE.items()}
    for section, (model, _) in SECTIONS.items():
        if not model.NEEDS:  # nothing need be written of it; "type" alone, so that faults inside keep their place
            found[model.__name__]["type"] = ["object", "null"]
        pattern, rule = NAMES.get(section, NAME)
        pattern = f"{pattern}|[0-9]{{2,8}}-[0-9]{{2,8}}" if section == "extensions" else pattern
        properties[section] = {
            "type": ["object", "null"],
            "description": rule,
            "patternProperties": {f"^({pattern})$": {"$ref": f"#/$defs/{model.__name__}"}},
            "additionalProperties": False,
        }
    properties["templates"] = {
        "type": "object",
        "description": "what several things have in common",
        "additionalProperties": {"type": "object"},
    }
    properties["include"] = {**templates, "description": "other files of this table, below its folder"}
    return {
        "$schema": DRAFT,
        "title": "routes.yaml, the routing table of Zongji",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "anyOf": [{"required": ["include"]}, {"required": ["house", "operator", "numbers"]}],
        "$defs": found,
    }
