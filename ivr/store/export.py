"""Copies messages into a folder: the recording and what is known of it, under names a person can read.

100000-message-sales-20261120-090014.wav
100000-message-sales-20261120-090014.json
"""

import json
import os
import re
import shutil
from datetime import tzinfo
from pathlib import Path

from ivr.errors import StoreError
from ivr.messages import Message
from ivr.store.messages import Messages

__all__ = ["as_json", "export", "file_stem"]


def file_stem(message: Message, zone: tzinfo) -> str:
    """A message's name among files: number, box, date and time where `zone` is."""
    box = re.sub(r"[^\w-]+", "-", message.box).strip("-") or "box"
    return f"{message.reference}-{box}-{message.begun.astimezone(zone):%Y%m%d-%H%M%S}"


def as_json(message: Message, zone: tzinfo) -> dict:
    """A message as it is written into a file, or onto the terminal with --json. Times carry their offset."""
    return {
        "reference": message.reference,
        "state": message.state,
        "box": message.box,
        "caller": message.caller,
        "callback": message.callback,
        "dialled": message.dialled,
        "language": message.language,
        "begun": message.begun.astimezone(zone).isoformat(timespec="seconds"),
        "finished": message.finished and message.finished.astimezone(zone).isoformat(timespec="seconds"),
        "seconds": None if message.ms is None else round(message.ms / 1000, 1),
        "ended": message.ended,
        "call": message.uuid,
        "recording": message.name,
    }


def export(messages: Messages, message: Message, folder: Path, zone: tzinfo) -> list[Path]:
    """Copy one message; the files made. Nothing that is there is overwritten: StoreError, and nothing was copied."""
    stem = file_stem(message, zone)
    wav, about = folder / f"{stem}.wav", folder / f"{stem}.json"
    made: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in (wav, about):
            if path.exists():
                raise StoreError(f"{path} is there already: export to another folder, or move it away first")
        if messages.spool.exists(message.name):
            with messages.spool.open(message.name) as recording, open(wav, "xb") as copy:
                made.append(wav)
                shutil.copyfileobj(recording, copy, 1 << 20)
                os.fsync(copy.fileno())
        with open(about, "x", encoding="utf-8") as file:
            made.append(about)
            json.dump(as_json(message, zone), file, ensure_ascii=False, indent=2)
            file.write("\n")
    except OSError as error:
        # A half copy would look like a message: only what this call made is taken away again.
        for path in made:
            path.unlink(missing_ok=True)
        raise StoreError(f"message {message.reference} was not exported to {folder}: {error}") from error
    return made
