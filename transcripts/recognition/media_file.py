"""Recognising a file rather than a lecture: piece by piece as lectures are, no more of it in memory than a piece."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from transcripts.recognition.pieces import CutPiece, PieceLimits, cut_sound
from transcripts.recognition.rows import at_lecture_time
from transcripts.speech.engine import SAMPLE_RATE, Engine, Hints, Pcm
from transcripts.speech.filters import Held, sift, unheard
from transcripts.speech.vad import speech_spans
from transcripts.speech.words import Segment

SAMPLES_PER_MS = SAMPLE_RATE // 1000


@dataclass(frozen=True, slots=True)
class HeardFile:
    """Of one piece: what counts, what is held, all that the engine said, and where somebody speaks (seconds of the
    file); until: seconds of the file that are done.
    """

    kept: list[Segment]
    held: list[Held]
    said: list[Segment]
    spans: list[tuple[float, float]]
    until: float


def recognise_media(
    blocks: Iterable[Pcm], engine: Engine, hints: Hints, limits: PieceLimits, blocked: tuple[str, ...]
) -> Iterator[HeardFile]:
    """blocked: phrases that are held. Raises EngineFailed, and whatever reading the blocks raises."""
    tape = _Tape(blocks)
    for piece in cut_sound(tape, speech_spans, limits):
        yield _hear(tape.take(piece), piece, engine, hints, blocked)


def _hear(pcm: Pcm, piece: CutPiece, engine: Engine, hints: Hints, blocked: tuple[str, ...]) -> HeardFile:
    spans = speech_spans(pcm)
    # Where nobody speaks an engine is not asked: it would make something up.
    said = engine.transcribe(pcm, hints) if spans else []
    sifted = sift(said, spans, blocked)
    offset = piece.start_ms / 1000
    return HeardFile(
        [at_lecture_time(each, offset) for each in sifted.kept],
        [
            replace(each, start=each.start + offset, end=each.end + offset)
            for each in (*sifted.held, *unheard(said, spans))
        ],
        [at_lecture_time(each, offset) for each in said],
        [(start + offset, end + offset) for start, end in spans],
        piece.end_ms / 1000,
    )


class _Tape:
    """The sound that has passed and is not taken yet."""

    def __init__(self, blocks: Iterable[Pcm]) -> None:
        self._blocks = blocks
        self._kept: deque[Pcm] = deque()

    def __iter__(self) -> Iterator[Pcm]:
        for block in self._blocks:
            self._kept.append(block)
            yield block

    def take(self, piece: CutPiece) -> Pcm:
        """The next so many samples; they are let go."""
        count = (piece.end_ms - piece.start_ms) * SAMPLES_PER_MS
        taken: list[Pcm] = []
        while count:
            block = self._kept.popleft()
            taken.append(block[:count])
            if len(block) > count:
                self._kept.appendleft(block[count:])
            count -= len(taken[-1])
        return np.concatenate(taken) if taken else np.zeros(0, np.float32)
