"""What the prompt folders hold, as `ivr check` needs it; and which recordings somebody listened to."""

from pathlib import Path

import pytest

from ivr.prompt_values import VALUES
from ivr.share import shared
from ivr.speech.shelf import NOTES, note_recorded, shelf
from ivr.table.shelf import Words


@pytest.fixture
def folder(tmp_path):
    """Writes files into a prompt folder: put("en/parking.j2", "Free.")."""

    def put(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    put.path = tmp_path
    return put


def test_the_first_folder_that_has_a_prompt_wins(folder):
    own, ours = folder.path / "own", folder.path / "ours"
    folder("own/en/a.j2", "{{ b }}\n{% if c %}{{ b }}{% endif %}")
    folder("ours/en/a.j2", "{{ d }}")
    folder("ours/en/a.wav", b"RIFF")  # hidden by the template of the first
    folder("ours/zh/only.wav", b"RIFF")
    folder("ours/en/words/eight.wav", b"RIFF")
    folder("ours/hold.wav", b"RIFF")
    found = shelf([own, ours, folder.path / "none"])
    assert found.words == {
        "a": {"en": Words(template=str(own / "en/a.j2"), variables={"b": 1, "c": 2})},
        "only": {"zh": Words(recording=str(ours / "zh/only.wav"))},
    }
    assert (found.find("a", "zh"), found.find("b", "en"), found.names()) == (None, None, {"a", "only"})


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("a\n{{ b", (2, "unexpected end of template, expected 'end of print statement'")),
        ("a\n{{ b | digit }}", (2, "No filter named 'digit'")),
        (b"\xff", (1, "it is not UTF-8")),
        ("{{ " + "(" * 5_000 + ")" * 5_000 + " }}", (1, "its braces are nested too deep")),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(folder, template, fault):
    folder("en/a.j2", template)
    assert shelf([folder.path]).find("a", "en").fault == fault


def test_our_own_prompts_use_what_they_are_given_and_nothing_is_missing():
    ours = shelf([shared("prompts")])
    for name, values in VALUES.items():
        for language in ("zh", "en"):
            words = ours.find(name, language)
            assert words is not None, (name, language)
            assert words.fault is None
            assert set(words.variables) <= values, (name, language)
    assert ours.names() == VALUES.keys()


def test_a_recording_is_as_new_as_its_words_when_somebody_noted_it(folder):
    words, sound = folder("en/a.j2", "Free."), folder("en/a.wav", b"RIFF1")

    def noted():
        return shelf([folder.path]).find("a", "en").noted

    assert noted() == "no"
    assert list(note_recorded(folder.path, [folder.path])) == [sound]
    assert noted() == "yes"
    # When the words are changed, it is older; when it is another recording, nobody has listened
    words.write_text("Two yuan.")
    assert noted() == "before"
    sound.write_bytes(b"RIFF2")
    assert noted() == "no"


def test_only_those_that_are_named_are_noted_and_those_that_are_gone_forgotten(folder):
    for name in ("a", "b", "c"):
        folder(f"en/{name}.j2", name)
        folder(f"en/{name}.wav", b"RIFF")
    folder("zh/a.wav", b"RIFF")  # without words there is nothing to compare
    folder(f"en/{NOTES}", "gone 123456789012 123456789012\nno note at all, but a line\n")
    assert [path.stem for path in note_recorded(folder.path, [folder.path], ["a", "b"])] == ["a", "b"]
    lines = (folder.path / "en" / NOTES).read_text().splitlines()
    assert [line.split()[0] for line in lines] == ["a", "b"]
    assert not (folder.path / "zh" / NOTES).exists()
    (folder.path / "en/b.wav").unlink()
    assert [path.stem for path in note_recorded(folder.path, [folder.path], ["c"])] == ["c"]
    assert (folder.path / "en" / NOTES).read_text().split()[::3] == ["a", "c"]
