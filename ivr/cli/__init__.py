"""The command line. Each command is a module of its own, read only when it is called."""

from importlib import import_module

import click

__all__ = ["main"]

COMMANDS = (
    "demo", "serve", "check", "schema", "test", "explain", "diff", "draw", "timetable", "reload", "override", "notes",
    "call", "calls", "messages", "tables", "prompts", "doctor", "tape",
)  # fmt: skip


class Commands(click.Group):
    """A group whose commands are the modules beside this one, so that `ivr check` loads no event loop."""

    def list_commands(self, context):
        return list(COMMANDS)

    def get_command(self, context, name):
        if name not in COMMANDS:
            return None
        return getattr(import_module(f"ivr.cli.{name}"), name)


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="zongji", prog_name="ivr")
def main():
    """Zongji: a switchboard for FreeSWITCH."""
