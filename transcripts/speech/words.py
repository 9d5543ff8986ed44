"""What an engine hears: words with their times, in segments as the engine spoke them. Times are seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """text without surrounding space; Chinese words may be single characters. prob from 0 to 1."""

    text: str
    start: float
    end: float
    prob: float = 1.0


@dataclass(frozen=True, slots=True)
class Segment:
    """One utterance of an engine. None where an engine does not measure it."""

    text: str
    start: float
    end: float
    words: tuple[Word, ...]
    avg_logprob: float | None = None
    no_speech_prob: float | None = None
    compression_ratio: float | None = None
    temperature: float | None = None
