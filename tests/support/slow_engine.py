"""An engine that hears a syllable wherever the sound is loud, as slowly as a test wants: the same each time.

For `speech_engine = tests.support.slow_engine:open_engine`. SLOW_ENGINE_SECONDS: how long it takes over a piece;
SLOW_ENGINE_FAILS: the name of a failure instead.
"""

import os
import time

import numpy as np

from core.settings import Settings
from transcripts.speech.engine import SAMPLE_RATE, EngineIdentity, Hints, Pcm
from transcripts.speech.errors import BrokenModel, EngineFailed, NoModel
from transcripts.speech.words import Segment, Word

SECONDS, FAILS = "SLOW_ENGINE_SECONDS", "SLOW_ENGINE_FAILS"
STEP = 0.25
LOUD = 0.02
SYLLABLES = "依法行政复议申请受理审查决定公民组织权利义务"
SENTENCE = 12


class SlowEngine:
    @property
    def identity(self) -> EngineIdentity:
        return EngineIdentity("slow-test", "syllables", "5" * 64)

    def transcribe(self, pcm: Pcm, hints: Hints) -> list[Segment]:
        time.sleep(float(os.environ.get(SECONDS, "0")))
        match os.environ.get(FAILS, ""):
            case "engine":
                raise EngineFailed("引擎坏了。")
            case "bug":
                raise RuntimeError("out of range")
            case "death":
                os._exit(9)
        words = _words(pcm)
        lines = [words[at : at + SENTENCE] for at in range(0, len(words), SENTENCE)]
        return [
            Segment("".join(word.text for word in line), line[0].start, line[-1].end, tuple(line))
            for line in lines
        ]

    def close(self) -> None:
        pass


def open_engine(settings: Settings) -> SlowEngine:
    match os.environ.get(FAILS, ""):
        case "no_model":
            raise NoModel
        case "broken_model":
            raise BrokenModel
    return SlowEngine()


def _words(pcm: Pcm) -> list[Word]:
    step = round(STEP * SAMPLE_RATE)
    found = []
    for place in range(len(pcm) // step):
        stretch = pcm[place * step : (place + 1) * step]
        loudness = float(np.sqrt(np.mean(stretch**2)))
        if loudness > LOUD:
            syllable = SYLLABLES[int(loudness * 1000) % len(SYLLABLES)]
            found.append(Word(syllable, place * STEP, (place + 1) * STEP, min(1.0, 0.5 + loudness)))
    return found
