"""What a sound says, in a word that is the same on every machine: its prompt with the values it is made of.

Files of speech are named by everything that decides their sound, the engine and its version too; so a tape is compared
by labels and not by files.

    >>> from ivr.prompt import Names, Prompt, Sound
    >>> label(Prompt("transfer", to=Names(zh="销售部", en="Sales")), "en"), label(Sound("hold", seconds=20, part=1))
    ('transfer/en(to=Sales)', 'hold(seconds=20,part=1)')
"""

from ivr.prompt import Names, Opening, Prompt, Sound

__all__ = ["label"]


def label(one: Prompt | Sound, language: str = "") -> str:
    """The label of a prompt in a language, or of a sound."""
    if isinstance(one, Sound):
        values = {"seconds": one.seconds and f"{one.seconds:g}", "part": one.part}
        return one.name + _listed(values)
    return f"{one.name}/{language}" + _listed({key: _told(value, language) for key, value in one.values})


def _listed(values: dict) -> str:
    told = ",".join(f"{key}={value}" for key, value in values.items() if value not in (None, "", False, 0))
    return f"({told})" if told else ""


def _told(value, language: str):
    if isinstance(value, Names):
        return value[language]
    if isinstance(value, Opening):
        return f"{value.day} {value.date:%m-%d} {value.time:%H:%M}"
    if isinstance(value, tuple):
        return "[" + " ".join(str(_told(each, language)) for each in value) + "]"
    return value
