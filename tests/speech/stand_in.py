"""An engine for tests: a tone for each text, 20 ms a letter, and it remembers what it was asked to say."""

import numpy

from ivr.errors import SpeechError


class ToneEngine:
    id = "tones"

    def __init__(self):
        self.said: list[tuple[str, str]] = []
        self.fault = ""

    def voice(self, language):
        return f"{language}-tone"

    def speak(self, jobs, deadline):
        if self.fault:
            raise SpeechError(self.fault)
        self.said += jobs
        return [(self._tone(text), 22050) for _, text in jobs]

    @staticmethod
    def _tone(text):
        t = numpy.arange(441 * max(5, len(text))) / 22050
        return (0.05 * numpy.sin(2 * numpy.pi * 440 * t)).astype("f4")
