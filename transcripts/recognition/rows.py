"""What was heard, as `Piece` rows keep it and as the listening process says it: plain values, lecture time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from transcripts.speech.words import Segment, Word


@dataclass(frozen=True, slots=True)
class HeldText:
    """What an engine said and nobody may have: it waits for a person, with the reason. Seconds of lecture time."""

    start: float
    end: float
    text: str
    reason: str


def at_lecture_time(segment: Segment, offset: float) -> Segment:
    """Of a piece that begins at `offset` seconds."""
    words = tuple(
        replace(word, start=_moment(word.start + offset), end=_moment(word.end + offset))
        for word in segment.words
    )
    return replace(
        segment, start=_moment(segment.start + offset), end=_moment(segment.end + offset), words=words
    )


def segment_rows(segments: Iterable[Segment]) -> list[dict[str, Any]]:
    """words: [[text, start, end, prob], …]."""
    return [
        {
            "text": each.text,
            "start": float(each.start),
            "end": float(each.end),
            "words": [
                [word.text, float(word.start), float(word.end), float(word.prob)] for word in each.words
            ],
            "avg_logprob": _number(each.avg_logprob),
            "no_speech_prob": _number(each.no_speech_prob),
            "compression_ratio": _number(each.compression_ratio),
            "temperature": _number(each.temperature),
        }
        for each in segments
    ]


def segments_of(rows: Sequence[dict[str, Any]]) -> list[Segment]:
    return [
        Segment(
            row["text"],
            row["start"],
            row["end"],
            tuple(Word(*word) for word in row["words"]),
            row["avg_logprob"],
            row["no_speech_prob"],
            row["compression_ratio"],
            row["temperature"],
        )
        for row in rows
    ]


def held_rows(held: Iterable[HeldText]) -> list[dict[str, Any]]:
    return [
        {
            "start_ms": round(each.start * 1000),
            "end_ms": round(each.end * 1000),
            "text": each.text,
            "reason": each.reason,
        }
        for each in held
    ]


def held_of(rows: Sequence[dict[str, Any]]) -> list[HeldText]:
    return [
        HeldText(row["start_ms"] / 1000, row["end_ms"] / 1000, row["text"], row["reason"]) for row in rows
    ]


def _moment(seconds: float) -> float:
    return round(float(seconds), 3)


def _number(value: float | None) -> float | None:
    """Engines bring numbers of their libraries, which JSON does not take."""
    return None if value is None else float(value)
