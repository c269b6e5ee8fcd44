"""Listening to recordings."""

import struct

import numpy
import pytest

from ivr.messages import Recording, verdict
from ivr.store.blobs import Folder
from ivr.store.recording import _alaw, _mulaw, measure
from tests.sounds import HEADER, RATE, hush, put, speech, wav


def measured(path):
    return measure(Folder(path.parent), path.name)


@pytest.mark.parametrize(
    ("samples", "state"),
    [
        (speech(3), "new"),
        (speech(3, level=0.015), "new"),
        (numpy.concatenate([hush(10), speech(1), hush(10)]), "new"),
        (hush(5), "empty"),
        (numpy.zeros(5 * RATE), "empty"),
        (numpy.full(5 * RATE, 0.05), "empty"),
        (numpy.concatenate([hush(2), speech(0.06, level=0.9), hush(2)]), "empty"),
        (speech(0.6), "empty"),
        (numpy.zeros(0), "empty"),
    ],
    ids=["speech", "a low voice", "a word in silence", "a quiet line", "digital silence", "direct current", "a click",
         "shorter than shortest", "no RTP"],
)  # fmt: skip
def test_said_or_not_said(tmp_path, samples, state):
    path = put(tmp_path / "a.wav", samples)
    assert verdict(measured(path), shortest=1.0) == state


def test_a_caller_without_rtp_leaves_44_bytes(tmp_path):
    path = put(tmp_path / "a.wav", numpy.zeros(0))
    assert path.stat().st_size == HEADER
    assert measured(path) == Recording(0, 0)


def test_no_file_and_files_that_are_no_recordings(tmp_path):
    assert measured(tmp_path / "none.wav") is None
    for n, content in enumerate((b"RIFF", b"ID3" * 100, b"RIFF\0\0\0\0WAVEfmt \xff\xff\xff\xff", b"\0" * 5000)):
        path = tmp_path / f"{n}.wav"
        path.write_bytes(content)
        assert verdict(measured(path), 1.0) == "new", content[:8]
    (tmp_path / "zero.wav").write_bytes(b"")
    assert measured(tmp_path / "zero.wav") == Recording(0, 0)


@pytest.mark.parametrize("length", [0, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_switch_that_died_has_not_written_the_length(tmp_path, length):
    # Given a recording whose header was never brought up to date
    data = bytearray(wav(speech(3)))
    data[40:44] = struct.pack("<I", length)
    (tmp_path / "a.wav").write_bytes(data)

    # Then all that is there is heard
    assert measured(tmp_path / "a.wav").ms == 3000


@pytest.mark.parametrize("cut", [45, 47, 201, 16_044, 40_001])
def test_half_a_file_is_measured_as_far_as_it_goes(tmp_path, cut):
    (tmp_path / "a.wav").write_bytes(wav(speech(3))[:cut])
    assert measured(tmp_path / "a.wav").ms == (cut - HEADER) * 1000 // (RATE * 2)


@pytest.mark.parametrize(("form", "table"), [(7, _mulaw), (6, _alaw)], ids=["μ-law", "A-law"])
def test_telephone_codings(tmp_path, form, table):
    # Given speech, coded by the nearest value of the table
    values = table()
    coded = numpy.abs(speech(2)[:, None] - values[None, :]).argmin(axis=1).astype(numpy.uint8).tobytes()
    about = struct.pack("<HHIIHH", form, 1, RATE, RATE, 1, 8)
    body = b"WAVEfmt " + struct.pack("<I", 16) + about + b"fact" + struct.pack("<II", 4, len(coded))
    body += b"data" + struct.pack("<I", len(coded)) + coded
    (tmp_path / "a.wav").write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)

    found = measured(tmp_path / "a.wav")

    assert found.ms == 2000 and found.voiced > 1000


def test_the_codings_are_those_of_g711():
    assert [round(float(_mulaw()[n]) * 32768) for n in (0x00, 0x80, 0xFF, 0x7F)] == [-32124, 32124, 0, 0]
    assert [round(float(_alaw()[n]) * 32768) for n in (0xD5, 0x55, 0xAA, 0x2A)] == [8, -8, 32256, -32256]


def test_two_channels_and_sixteen_kilohertz(tmp_path):
    samples = (numpy.repeat(speech(2), 4) * 32767).astype("<i2").tobytes()
    about = struct.pack("<HHIIHH", 1, 2, 16000, 64000, 4, 16)
    body = b"WAVEfmt " + struct.pack("<I", 16) + about + b"data" + struct.pack("<I", len(samples)) + samples
    (tmp_path / "a.wav").write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    assert measured(tmp_path / "a.wav").ms == 2000
