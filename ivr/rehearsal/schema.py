"""The schema of files of call scripts for editors, as `ivr.table.schema` is for routes.yaml.

In a call with `each` its variable may stand wherever a text stands: "{phone}".
"""

from typing import Any

from ivr.rehearsal.models import CallText, FileText
from ivr.rehearsal.values import one_or_more
from ivr.table.schema import DRAFT, OF_NAMES, TEXT, WRITTEN, Generator, definitions
from ivr.table.told import rows

__all__ = ["calls_schema"]

VARIABLE = r"\{[A-Za-z_]+\}"


class CallGenerator(Generator):
    """One thing may be written without the brackets of its list; a union has no tags in a file."""

    written = WRITTEN

    def function_before_schema(self, schema):
        if schema["function"]["function"] is not one_or_more:
            return super().function_before_schema(schema)
        several = self.generate_inner(schema["schema"])
        return {"anyOf": [several["items"], several]}

    def tagged_union_schema(self, schema):
        return {"anyOf": [self.generate_inner(choice) for choice in schema["choices"].values()]}


def calls_schema() -> dict[str, Any]:
    """The whole schema."""
    call = {"$ref": "#/$defs/CallText"}
    told = {key: what for key, what, _ in rows(FileText)}
    return {
        "$schema": DRAFT,
        "title": "Call scripts of Zongji (docs/testing.md)",
        "type": "object",
        "properties": {
            "table": {**TEXT, "description": told["table"]},
            "every": {**call, "description": "what holds for each call that does not say otherwise"},
            "calls": {"type": "object", "description": "the calls by their names", "additionalProperties": call},
        },
        "required": ["calls"],
        "additionalProperties": False,
        "$defs": {name: with_variables(found) for name, found in definitions([CallText], CallGenerator).items()},
    }


def with_variables(schema: Any) -> Any:
    """Wherever a text has a pattern or is one of some words, a variable may stand as well."""
    if isinstance(schema, list):
        return [with_variables(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {}
    for key, value in schema.items():
        if key == "patternProperties":
            made[key] = {f"{pattern}|^{VARIABLE}$": with_variables(inner) for pattern, inner in value.items()}
        elif key in OF_NAMES:
            made[key] = {name: with_variables(inner) for name, inner in value.items()}
        elif key == "pattern":
            made[key] = f"{value}|{VARIABLE}"
        elif key != "enum":
            made[key] = with_variables(value)
    if "enum" in schema:
        made["anyOf"] = [{"enum": schema["enum"]}, {"type": "string", "pattern": f"^{VARIABLE}$"}]
    return made
