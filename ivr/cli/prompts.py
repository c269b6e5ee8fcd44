"""`ivr prompts`: the words of the house, and their sound."""

import sys

import click

__all__ = ["prompts"]

table_argument = click.argument("table", required=False, envvar="IVR_TABLE", type=click.Path(dir_okay=False))
own_prompts = click.option("--prompts", "folder", default="prompts", show_default=True, envvar="IVR_PROMPTS",
                           help="The site's own prompts.")  # fmt: skip
data_folder = click.option("--data", default="data", show_default=True, envvar="IVR_DATA",
                           help="The folder shared with FreeSWITCH.")  # fmt: skip
sampling_rate = click.option("--rate", type=click.Choice(["8000", "16000"]), default="8000", show_default=True,
                             envvar="IVR_RATE", help="Samples a second.")  # fmt: skip


@click.group()
def prompts():
    """The words callers hear: list, build, missing, say, recorded."""


def wanted(table):
    """Everything the table may say from now until tomorrow night."""
    from ivr.gevent_clock import SystemClock
    from ivr.handlers import installed
    from ivr.ready import instants, needed
    from ivr.speech import vocabulary

    now = SystemClock().now()
    return [*needed(table, installed(), instants(table, now)), *vocabulary(table, now)]


@prompts.command("list")
@table_argument
@own_prompts
@click.option("--language", help="Only this language.")
def list_(table, folder, language):
    """Every sentence the table may say today and tomorrow."""
    from ivr.cli.common import load_or_exit, voice_for
    from ivr.errors import PromptError
    from ivr.prompt import Prompt

    routes, voice = load_or_exit(table), voice_for(folder)
    for one in sorted((each for each in wanted(routes) if isinstance(each, Prompt)), key=lambda each: each.name):
        for spoken in [language] if language else routes.languages:
            try:
                click.echo(f"{one.name:<24} {spoken}  {voice.text(one, spoken)}")
            except PromptError as error:
                click.echo(f"{one.name:<24} {spoken}  ({error})")


@prompts.command()
@table_argument
@own_prompts
@data_folder
@sampling_rate
def build(table, folder, data, rate):
    """Make everything the table may say, as sound, and what the dialplan plays by itself."""
    from ivr.cli.common import load_or_exit, voice_for

    routes, voice = load_or_exit(table), voice_for(folder, data, int(rate))
    built = voice.build(wanted(routes), routes.languages)
    static = voice.static()
    click.echo(f"{built.made} made, {built.kept} were there; {len(static)} for the dialplan; in {data}")
    for error in built.failed:
        click.echo(str(error), err=True)
    sys.exit(2 if built.failed else 0)


@prompts.command()
@table_argument
@own_prompts
def missing(table, folder):
    """What has no words in one of the table's languages. Exit status 1 if there is any."""
    from ivr.cli.common import load_or_exit, voice_for

    routes = load_or_exit(table)
    found = voice_for(folder).missing(wanted(routes), routes.languages)
    for error in found:
        click.echo(str(error))
    if not found:
        click.echo(f"nothing is missing in {', '.join(routes.languages)}")
    sys.exit(1 if found else 0)


@prompts.command()
@click.argument("text")
@click.option("--language", default="zh", show_default=True)
@click.option("--to", "target", type=click.Path(dir_okay=False), required=True, help="The WAV file to write.")
@click.option("--rate", type=click.Choice(["8000", "16000"]), default="8000", show_default=True)
def say(text, language, target, rate):
    """Speak TEXT into a file, as a caller would hear it."""
    from pathlib import Path

    from ivr.errors import SpeechError
    from ivr.speech import audio, best_engine

    try:
        engine = best_engine()
        samples, made_at = engine.speak([(engine.voice(language), text)], deadline=60)[0]
    except SpeechError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    sound = audio.fit(samples, made_at, int(rate))
    Path(target).write_bytes(audio.to_wav(sound, int(rate)))
    click.echo(f"{target}: {len(sound) / int(rate):.1f} s")


@prompts.command()
@click.argument("names", nargs=-1)
@own_prompts
def recorded(names, folder):
    """Note that recordings say what their words say: you have listened to them.

    NAMES are prompts; none means every recording of the site. `ivr check` warns of a recording whose words were
    changed after it was noted. The notes are in recorded.txt, beside the recordings; keep it with them.
    """
    from pathlib import Path

    from ivr.share import prompt_folders
    from ivr.speech.shelf import note_recorded

    own = Path(folder)
    noted = list(note_recorded(own, prompt_folders(own), names))
    for path in noted:
        click.echo(path)
    if not noted:
        click.echo(f"no recording{' of these names' if names else ''} with words beside it in {own}", err=True)
    sys.exit(0 if noted else 1)
