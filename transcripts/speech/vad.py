"""Where somebody speaks: Silero's detector, which comes with faster-whisper and needs no download."""

from faster_whisper.vad import VadOptions, get_speech_timestamps

from transcripts.speech.engine import SAMPLE_RATE, Pcm

MIN_SILENCE_MS = 500
"""Pauses of a lecture are shorter than the library's own 2 s."""
PAD_MS = 200
WINDOW_SECONDS = 600
"""The detector holds a whole sound's features at once: an hour is looked at in windows."""


def speech_spans(pcm: Pcm) -> list[tuple[float, float]]:
    """From and until in seconds, in order, apart. Speech over the edge of two windows is one span."""
    options = VadOptions(min_silence_duration_ms=MIN_SILENCE_MS, speech_pad_ms=PAD_MS)
    window = WINDOW_SECONDS * SAMPLE_RATE
    spans: list[tuple[float, float]] = []
    for first in range(0, len(pcm), window):
        found = get_speech_timestamps(pcm[first : first + window], options, SAMPLE_RATE)
        for stretch in found:
            start = (first + int(stretch["start"])) / SAMPLE_RATE
            end = (first + int(stretch["end"])) / SAMPLE_RATE
            if spans and start - spans[-1][1] < MIN_SILENCE_MS / 1000:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
    return spans
