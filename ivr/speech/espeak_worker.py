"""A process of its own that speaks with libespeak-ng: texts come in as JSON lines, sound goes out.

espeak-ng is GPL-3; it is never loaded into a process of ours. This file is run as a script, imports nothing but the
standard library, and talks over its pipes:

    in    {"voice": "cmn", "speed": 160, "pitch": 50, "range": 50, "text": "您好"}
    out   {"bytes": 28672, "rate": 22050}  and a line feed, then so many bytes of mono 16 bit samples
          {"error": "no voice xx"}         for a text that cannot be spoken
"""

import ctypes
import json
import sys

SYNCHRONOUS, UTF8 = 2, 1  # espeak's AUDIO_OUTPUT_SYNCHRONOUS and espeakCHARS_UTF8; neither SSML nor [[phonemes]]
SPEED, VOLUME, PITCH, RANGE = 1, 2, 3, 4
Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


def main(library: str, data: str) -> None:
    espeak = ctypes.CDLL(library)
    rate = espeak.espeak_Initialize(SYNCHRONOUS, 0, data.encode(), 0)
    heard = bytearray()

    @Callback
    def keep(samples, count, events):
        if samples and count:
            heard.extend(ctypes.string_at(samples, count * 2))
        return 0

    espeak.espeak_SetSynthCallback(keep)
    out = sys.stdout.buffer
    for line in sys.stdin.buffer:
        job = json.loads(line)
        heard.clear()
        if espeak.espeak_SetVoiceByName(job["voice"].encode()) != 0:
            out.write(json.dumps({"error": f"no voice {job['voice']}"}).encode() + b"\n")
            continue
        for parameter, value in ((SPEED, job["speed"]), (VOLUME, 80), (PITCH, job["pitch"]), (RANGE, job["range"])):
            espeak.espeak_SetParameter(parameter, value, 0)
        text = job["text"].encode() + b"\0"
        espeak.espeak_Synth(text, ctypes.c_size_t(len(text)), 0, 1, 0, UTF8, None, None)
        espeak.espeak_Synchronize()
        out.write(json.dumps({"bytes": len(heard), "rate": rate}).encode() + b"\n" + heard)
    out.flush()


if __name__ == "__main__":
    main(*sys.argv[1:3])
