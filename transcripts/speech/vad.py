"""Where somebody speaks: Silero's detector, which comes with faster-whisper and needs no download."""

from collections.abc import Iterator, Sequence

import numpy as np
from faster_whisper.vad import VadOptions, get_speech_timestamps

from transcripts.speech.engine import SAMPLE_RATE, Pcm

MIN_SILENCE_MS = 500
"""Pauses of a lecture are shorter than the library's own 2 s."""
PAD_MS = 200
"""Laid around what is found: a soft beginning or a fading end belongs to the speech."""
OPTIONS = {"min_silence_duration_ms": MIN_SILENCE_MS, "speech_pad_ms": PAD_MS}
WINDOW_SECONDS = 600
"""The detector holds a whole sound's features at once: an hour is looked at in windows."""
EDGE_SECONDS = 2 * PAD_MS / 1000
"""Spans of two windows that are nearer than their padding are one."""
FRAME = SAMPLE_RATE // 10
Span = tuple[float, float]


def speech_spans(pcm: Pcm) -> list[Span]:
    """From and until in seconds, in order, apart. Speech over the edge of two windows is one span."""
    window = WINDOW_SECONDS * SAMPLE_RATE
    spans: list[Span] = []
    for first in range(0, len(pcm), window):
        found = get_speech_timestamps(pcm[first : first + window], VadOptions(**OPTIONS), SAMPLE_RATE)
        for stretch in found:
            start = (first + int(stretch["start"])) / SAMPLE_RATE
            end = (first + int(stretch["end"])) / SAMPLE_RATE
            if spans and start - spans[-1][1] < EDGE_SECONDS:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
    return spans


def in_stretches(spans: Sequence[Span], pcm: Pcm, *, most_seconds: float) -> Iterator[Span]:
    """The same speech, none longer than most_seconds: cut where it is quietest, for engines that hear an utterance at
    a time.
    """
    for start, end in spans:
        while end - start > most_seconds:
            middle = _quietest(pcm, start + most_seconds / 2, start + most_seconds)
            yield start, middle
            start = middle
        yield start, end


def _quietest(pcm: Pcm, earliest: float, latest: float) -> float:
    """The middle of the quietest tenth of a second between."""
    first = round(earliest * SAMPLE_RATE)
    stretch = pcm[first : round(latest * SAMPLE_RATE)]
    frames = stretch[: len(stretch) // FRAME * FRAME].reshape(-1, FRAME)
    quietest = int(np.argmin(np.mean(frames**2, axis=1)))
    return (first + quietest * FRAME + FRAME // 2) / SAMPLE_RATE
