"""`ivr schema`: what editors need to help with routes.yaml and with call scripts."""

import json

import click

__all__ = ["schema"]


@click.command()
@click.option("--calls", is_flag=True, help="That of call scripts.")
def schema(calls):
    """Print the JSON Schema of routes.yaml.

    An editor that knows YAML (VS Code with the extension YAML, Neovim, Emacs) completes keys, explains them and
    underlines faults, when this stands in the first line of the file:

    # yaml-language-server: $schema=routes.schema.json
    """
    click.echo(text_of(calls), nl=False)


def text_of(calls: bool) -> str:
    """As it is printed, and published in examples/."""
    from ivr.rehearsal.schema import calls_schema
    from ivr.table.schema import table_schema

    found = calls_schema() if calls else table_schema()
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"
