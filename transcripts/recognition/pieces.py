"""Cutting a lecture's sound into pieces, at silences: each is recognised on its own and is a checkpoint. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from transcripts.speech.engine import SAMPLE_RATE, Pcm

Span = tuple[float, float]
"""Speech, from where until where, in seconds."""
SpansOf = Callable[[Pcm], Sequence[Span]]

SAMPLES_PER_MS = SAMPLE_RATE // 1000


@dataclass(frozen=True, slots=True)
class PieceLimits:
    """How long a piece should at least be, and is at most (but for the last one, which may be shorter)."""

    shortest_ms: int
    longest_ms: int


@dataclass(frozen=True, slots=True)
class CutPiece:
    """In lecture time; speech_ms: how much of it is speech."""

    start_ms: int
    end_ms: int
    speech_ms: int


def cut_sound(blocks: Iterable[Pcm], spans_of: SpansOf, limits: PieceLimits) -> Iterator[CutPiece]:
    """Pieces that follow each other without a hole, from 0 until the end of the sound in whole milliseconds.

    spans_of finds the speech in a stretch of sound. No more than the longest piece is kept.
    """
    longest = limits.longest_ms * SAMPLES_PER_MS
    start_ms = 0
    waiting: list[Pcm] = []
    count = 0
    for block in blocks:
        waiting.append(block)
        count += len(block)
        while count >= longest:
            sound = np.concatenate(waiting)
            piece = _first_piece(sound[:longest], spans_of, start_ms, limits)
            yield piece
            start_ms = piece.end_ms
            # A copy: a view would keep the whole stretch in memory.
            waiting = [sound[(piece.end_ms - piece.start_ms) * SAMPLES_PER_MS :].copy()]
            count = len(waiting[0])
    rest_ms = count // SAMPLES_PER_MS
    if rest_ms:
        spans = spans_of(np.concatenate(waiting))
        yield CutPiece(start_ms, start_ms + rest_ms, _speech_ms(spans, rest_ms))


def best_cut(spans: Sequence[Span], limits: PieceLimits) -> int:
    """Where (ms) a stretch of the longest length is cut: amid the longest silence that a piece may end in.

    Without one there, in the last silence before. Only where speech fills all of it, at its end.
    """
    usable = []
    for start, end in _silences(spans, limits.longest_ms):
        if end > limits.shortest_ms:
            start = max(start, limits.shortest_ms)
            usable.append((start - end, start, end))
    if usable:
        _, start, end = min(usable)
        return (start + end) // 2
    earlier = [(start + end) // 2 for start, end in _silences(spans, limits.longest_ms) if start > 0]
    return earlier[-1] if earlier else limits.longest_ms


def _first_piece(sound: Pcm, spans_of: SpansOf, start_ms: int, limits: PieceLimits) -> CutPiece:
    spans = spans_of(sound)
    cut = best_cut(spans, limits)
    return CutPiece(start_ms, start_ms + cut, _speech_ms(spans, cut))


def _silences(spans: Sequence[Span], end_ms: int) -> Iterator[tuple[int, int]]:
    """Between the spans, before and behind them, in whole milliseconds inside them."""
    before = 0
    for start, end in spans:
        if (begins := int(start * 1000)) - before >= 2:
            yield before, begins
        before = max(before, int(end * 1000) + 1)
    if end_ms - before >= 2:
        yield before, end_ms


def _speech_ms(spans: Sequence[Span], end_ms: int) -> int:
    return sum(max(0, min(round(end * 1000), end_ms) - round(start * 1000)) for start, end in spans)
