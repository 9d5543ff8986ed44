"""A lecture's sound is cut into pieces: all of it, once, and inside speech only where speech does not pause."""

import tracemalloc
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.recognition.pieces import SAMPLES_PER_MS, CutPiece, PieceLimits, Span, best_cut, cut_sound
from transcripts.speech.engine import Pcm

LIMITS = PieceLimits(300_000, 600_000)


@pytest.mark.parametrize(
    ("spans", "cut"),
    [
        pytest.param([(0, 350), (352, 600)], 351_000, id="the only silence"),
        pytest.param([(0, 320), (321, 400), (404, 600)], 402_000, id="the longest of several"),
        pytest.param([(0, 310), (311, 400), (401, 600)], 310_500, id="of equal ones about the first"),
        pytest.param([(0, 290), (299, 600)], 294_500, id="one that is too early, when there is no other"),
        pytest.param([(0, 100), (101, 290), (291, 600)], 290_500, id="the last of those that are too early"),
        pytest.param([(0, 298), (304, 600)], 302_000, id="one that begins too early is cut where it may be"),
        pytest.param([(0, 600)], 600_000, id="speech without end is cut at the most"),
        pytest.param([(2, 600)], 600_000, id="a silence at the very beginning makes no empty piece"),
        pytest.param([], 450_000, id="no speech at all"),
        pytest.param([(0, 590)], 595_000, id="a silence that goes on behind the end"),
    ],
)
def test_it_is_cut_where_nobody_speaks(spans: list[Span], cut: int) -> None:
    assert abs(best_cut(spans, LIMITS) - cut) <= 1


def loud_spans(pcm: Pcm) -> Sequence[Span]:
    """Speech is what is not zero, in the tests below."""
    loud = np.concatenate([[0], (pcm != 0).astype(np.int8), [0]])
    edges = np.flatnonzero(np.diff(loud))
    return [(begin / 16_000, end / 16_000) for begin, end in zip(edges[::2], edges[1::2], strict=True)]


def sound_of(lengths: Sequence[int], *, speech_first: bool) -> Pcm:
    """Speech and silence by turns, in ms."""
    parts = [
        np.full(length * SAMPLES_PER_MS, float(speech_first == (place % 2 == 0)), np.float32)
        for place, length in enumerate(lengths)
    ]
    return np.concatenate([np.zeros(0, np.float32), *parts])


SMALL = PieceLimits(50, 100)


@given(
    lengths=st.lists(st.integers(1, 130), max_size=25),
    speech_first=st.booleans(),
    block=st.integers(1, 5000),
)
def test_pieces_cover_everything_once_and_cut_speech_only_where_it_fills_a_piece(
    lengths: list[int], speech_first: bool, block: int
) -> None:
    sound = sound_of(lengths, speech_first=speech_first)
    blocks = [sound[at : at + block] for at in range(0, len(sound), block)]
    pieces = list(cut_sound(blocks, loud_spans, SMALL))
    edges = [0, *(piece.end_ms for piece in pieces)]
    assert [piece.start_ms for piece in pieces] == edges[:-1]
    assert edges[-1] == len(sound) // SAMPLES_PER_MS
    for piece in pieces:
        assert 0 < piece.end_ms - piece.start_ms <= SMALL.longest_ms
        inside = sound[piece.start_ms * SAMPLES_PER_MS : piece.end_ms * SAMPLES_PER_MS]
        assert abs(piece.speech_ms - int((inside != 0).sum()) / SAMPLES_PER_MS) <= len(lengths) + 1
    for piece in pieces[:-1]:
        at = piece.end_ms * SAMPLES_PER_MS
        if sound[at - 1] and sound[at]:
            assert piece.end_ms - piece.start_ms == SMALL.longest_ms
            assert _no_pause_inside(sound, piece)


def _no_pause_inside(sound: Pcm, piece: CutPiece) -> bool:
    """Of a length that can be cut in: a millisecond or two may be too narrow."""
    inside = sound[piece.start_ms * SAMPLES_PER_MS : piece.end_ms * SAMPLES_PER_MS]
    spans = loud_spans(inside)
    return all(after[0] - before[1] < 0.004 for before, after in pairwise(spans))


def test_sound_shorter_than_a_piece_is_one_piece() -> None:
    sound = sound_of([20, 30], speech_first=True)
    assert list(cut_sound([sound], loud_spans, SMALL)) == [CutPiece(0, 50, 20)]


def test_without_sound_there_is_no_piece() -> None:
    assert list(cut_sound([], loud_spans, SMALL)) == []


def test_hours_of_sound_are_cut_with_a_few_pieces_in_memory() -> None:
    limits = PieceLimits(30_000, 60_000)
    piece_bytes = limits.longest_ms * SAMPLES_PER_MS * 4
    silence = (np.zeros(160_000, np.float32) for _ in range(3 * 360))
    tracemalloc.start()
    try:
        pieces = list(cut_sound(silence, lambda pcm: [], limits))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert pieces[-1].end_ms == 3 * 3_600_000
    assert peak < 4 * piece_bytes
