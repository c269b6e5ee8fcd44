"""A folder as a store of recordings; what any other kind must do as well."""

import io
import os

import pytest

from ivr.store.blobs import BlobStore, Folder
from ivr.store.messages import Messages
from tests.sounds import put, speech
from tests.store.conftest import AT, NAME, note


class Shelf:
    """Another kind: it keeps everything in memory. The switch's recordings are brought in by `bring`."""

    def __init__(self):
        self.files: dict[str, bytes] = {}
        self.kept: set[str] = set()

    def create(self, name, data):
        if name in self.files:
            raise FileExistsError(name)
        self.files[name] = data

    def replace(self, name, data):
        self.files[name] = data

    def remove(self, name):
        self.files.pop(name, None)

    def keep(self, name):
        self.kept.add(name)

    def open(self, name):
        if name not in self.files:
            raise FileNotFoundError(name)
        return io.BytesIO(self.files[name])

    def exists(self, name):
        return name in self.files

    def stamp(self, name):
        return (len(self.files[name]), 0) if name in self.files else None

    def names(self):
        return iter(list(self.files))

    def where(self, name):
        return f"memory:{name}"


def read(blobs: BlobStore, name: str) -> bytes:
    with blobs.open(name) as file:
        return file.read()


@pytest.fixture(params=["folder", "shelf"])
def blobs(request, spool) -> BlobStore:
    return Folder(spool) if request.param == "folder" else Shelf()


def test_what_is_created_is_read_listed_and_removed(blobs):
    blobs.create("a.json", b"1")
    with pytest.raises(FileExistsError):
        blobs.create("a.json", b"2")
    stamp = blobs.stamp("a.json")
    blobs.replace("a.json", b"23")
    assert (read(blobs, "a.json"), list(blobs.names())) == (b"23", ["a.json"])
    assert blobs.stamp("a.json") != stamp
    blobs.remove("a.json")
    blobs.remove("a.json")
    assert (blobs.exists("a.json"), blobs.stamp("a.json"), list(blobs.names())) == (False, None, [])
    with pytest.raises(FileNotFoundError):
        blobs.open("a.json")


def test_a_message_lives_in_any_of_them(blobs, store, tmp_path):
    messages = Messages(store, blobs)
    number = messages.begin(note())
    recorded = put(tmp_path / "recorded.wav", speech(7)).read_bytes()
    blobs.create(NAME, recorded)
    assert messages.finish(NAME, AT, 7000, "key") == "new"
    assert messages.get(number).ms == 7000
    assert read(blobs, messages.get(number).name) == recorded


def test_a_link_in_the_folder_is_not_followed(spool, tmp_path):
    (tmp_path / "secret").write_text("secret")
    (spool / "a.json").symlink_to(tmp_path / "secret")
    folder = Folder(spool)
    assert list(folder.names()) == []
    with pytest.raises(OSError, match="symbolic"):
        folder.open("a.json")
    os.mkfifo(spool / "b.json")
    assert list(folder.names()) == []
