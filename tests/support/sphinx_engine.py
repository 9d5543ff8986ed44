"""A real recogniser as an engine of the house: CMU Sphinx's Mandarin model with a closed language model.

For `speech_engine = tests.support.sphinx_engine:open_engine`. It hears 8 kHz; the language model is built from the
references of the clips, so that what it hears of them is right, and nothing else would be.
"""

import os
import re
import tempfile
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from pocketsphinx import Decoder  # type: ignore[attr-defined]  # it does not say what it exports

from core.settings import Settings
from tests.support.closed_model import arpa, words_of
from tests.support.speech import VARIABLE, SpeechData, read_speech_data
from transcripts.speech.engine import SAMPLE_RATE, EngineIdentity, Hints, Pcm
from transcripts.speech.vad import speech_spans
from transcripts.speech.words import Segment, Word

RATE = 8000
FRAMES_PER_SECOND = 100
BREATH_SECONDS = 1.0
_ALTERNATIVE = re.compile(r"\(\d+\)$")
_TAPS = np.arange(-32, 33)
_LOW_PASS = np.sinc(_TAPS / 2) * np.hamming(len(_TAPS)) / 2


class SphinxEngine:
    def __init__(self, data: SpeechData) -> None:
        model = arpa(sentences(data))
        self._decoder = _decoder(data, model=model)
        self._sha256 = _sha256(data, model)

    @property
    def identity(self) -> EngineIdentity:
        return EngineIdentity("sphinx-test", "sphinx-zh", self._sha256)

    def transcribe(self, pcm: Pcm, hints: Hints) -> list[Segment]:
        """Stretch by stretch of speech: the decoder is made for utterances, not for minutes."""
        segments = []
        for start, end in _utterances(speech_spans(pcm)):
            words = self._words(pcm[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)], start)
            if words:
                text = "".join(word.text for word in words)
                segments.append(Segment(text, words[0].start, words[-1].end, words))
        return segments

    def close(self) -> None:
        del self._decoder

    def _words(self, pcm: Pcm, offset: float) -> tuple[Word, ...]:
        decode(self._decoder, pcm)
        return tuple(
            Word(
                _ALTERNATIVE.sub("", segment.word),
                round(offset + segment.start_frame / FRAMES_PER_SECOND, 2),
                round(offset + (segment.end_frame + 1) / FRAMES_PER_SECOND, 2),
                min(segment.prob, 1.0),
            )
            for segment in self._decoder.seg()
            if not segment.word.startswith(("<", "[", "+"))
        )


def _utterances(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Over a breath the decoder hears better than from its middle on."""
    whole: list[tuple[float, float]] = []
    for start, end in spans:
        if whole and start - whole[-1][1] < BREATH_SECONDS:
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((start, end))
    return whole


def open_engine(settings: Settings) -> SphinxEngine:
    """As the setting names it; the data is found as the tests find it."""
    return SphinxEngine(read_speech_data(Path(os.environ[VARIABLE]).absolute()))


def spoken_from_until(data: SpeechData, pcm: Pcm, reference: str) -> tuple[float, float]:
    """Seconds from the first known word to the end of the last: the truth, by forced alignment."""
    words = spoken_words(data, pcm, reference)
    return words[0][0], words[-1][1]


def spoken_words(data: SpeechData, pcm: Pcm, reference: str) -> list[tuple[float, float]]:
    """Of each known word, from where until where (seconds), by forced alignment."""
    decoder = _decoder(data)
    decoder.set_align_text(" ".join(words_of(reference, vocabulary(data))))
    decode(decoder, pcm)
    return [
        (segment.start_frame / FRAMES_PER_SECOND, (segment.end_frame + 1) / FRAMES_PER_SECOND)
        for segment in decoder.seg()
        if not segment.word.startswith(("<", "[", "+"))
    ]


def sentences(data: SpeechData) -> list[list[str]]:
    return [words_of(clip.reference, vocabulary(data)) for clip in data.chinese]


@cache
def vocabulary(data: SpeechData) -> frozenset[str]:
    lines = data.dictionary.read_text(encoding="utf-8").splitlines()
    return frozenset(line.split()[0] for line in lines)


def decode(decoder: Decoder, pcm: Pcm) -> None:
    """One utterance; afterwards the decoder has its words."""
    narrow = np.convolve(pcm, _LOW_PASS, "same")[:: SAMPLE_RATE // RATE]
    samples = np.clip(narrow * 32768, -32768, 32767).astype(np.int16)
    decoder.start_utt()
    decoder.process_raw(samples.tobytes(), full_utt=True)
    decoder.end_utt()


def _sha256(data: SpeechData, model: str) -> str:
    digest = sha256(model.encode())
    for path in (*sorted(data.acoustic_model.iterdir()), data.dictionary):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _decoder(data: SpeechData, *, model: str | None = None) -> Decoder:
    common = {
        "hmm": str(data.acoustic_model),
        "dict": str(data.dictionary),
        "samprate": RATE,
        "loglevel": "FATAL",
    }
    if model is None:
        return Decoder(lm=None, **common)
    with tempfile.NamedTemporaryFile("w", suffix=".arpa", encoding="utf-8") as file:
        file.write(model)
        file.flush()
        return Decoder(lm=file.name, **common)
