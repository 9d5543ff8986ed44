"""Everything about a lecture's sound that takes processor and memory, in the process that `child` is.

Cutting it into pieces, hearing one, laying the words out as cues. Nothing here knows of rows. Blocking.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from core.errors import DomainError
from core.settings import Settings
from streaming.journal_loading import load_journal
from streaming.lecture_index import LectureIndex
from transcripts.cues.draft import to_rows
from transcripts.recognition.drafting import HeardPiece, characters_of, draft_cues
from transcripts.recognition.journal_audio import has_sound, length_ms, read_piece, read_sound
from transcripts.recognition.pieces import CutPiece, PieceLimits, cut_sound
from transcripts.recognition.rows import (
    HeldText,
    at_lecture_time,
    held_of,
    held_rows,
    segment_rows,
    segments_of,
)
from transcripts.speech.engine import Engine, EngineIdentity, Hints
from transcripts.speech.filters import blocklist, sift, unheard
from transcripts.speech.registry import open_engine
from transcripts.speech.vad import speech_spans


class NoSound(DomainError):
    """这一期的留存里没有声音，不能自动识别。可以导入字幕，或按讲稿打点。"""


@dataclass(frozen=True, slots=True)
class Heard:
    """Of one piece, in the form of its row."""

    segments: list[dict[str, Any]]
    held: list[dict[str, Any]]
    seconds_spent: float
    engine: str
    model: str
    sha256: str


class Listening:
    """To one lecture. The engine is opened when the first piece is heard, and given back by close()."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._settings = settings
        self._folder = folder
        self._engine: Engine | None = None

    @cached_property
    def _index(self) -> LectureIndex:
        return load_journal(self._folder)

    def cut(self) -> list[CutPiece]:
        """Raises NoSound, OSError."""
        if not has_sound(self._index):
            raise NoSound
        limits = PieceLimits(
            self._settings.speech_piece_least_seconds * 1000, self._settings.speech_piece_most_seconds * 1000
        )
        return list(cut_sound(read_sound(self._index), speech_spans, limits))

    def length_ms(self) -> int:
        return length_ms(self._index)

    def hear(self, start_ms: int, end_ms: int, hotwords: Sequence[str]) -> Heard:
        """Raises NoModel, BrokenModel, EngineFailed, OSError."""
        began = time.monotonic()
        if self._engine is None:
            self._engine = open_engine(self._settings)
        pcm = read_piece(self._index, start_ms, end_ms)
        spans = speech_spans(pcm)
        # Where nobody speaks an engine is not asked: it would make something up.
        segments = self._engine.transcribe(pcm, Hints(tuple(hotwords))) if spans else []
        sifted = sift(segments, spans, blocklist(self._settings))
        offset = start_ms / 1000
        identity = self._engine.identity
        return Heard(
            segments=segment_rows(at_lecture_time(each, offset) for each in sifted.kept),
            held=held_rows(
                HeldText(float(each.start) + offset, float(each.end) + offset, each.text, each.reason)
                for each in (*sifted.held, *unheard(segments, spans))
            ),
            seconds_spent=round(time.monotonic() - began, 3),
            engine=identity.engine,
            model=identity.model,
            sha256=identity.sha256,
        )

    def draft(
        self, pieces: Sequence[dict[str, Any]], terms: Sequence[str]
    ) -> tuple[list[dict[str, Any]], int]:
        """The cues as rows of a version, and how many characters of them count. pieces: fields of `Piece` rows."""
        cues = draft_cues(
            (
                HeardPiece(
                    segments_of(piece["segments"]),
                    held_of(piece["held"]),
                    EngineIdentity(piece["engine"], piece["model"], piece["model_sha256"]),
                )
                for piece in pieces
            ),
            terms=terms,
        )
        return to_rows(cues), characters_of(cues)

    def close(self) -> None:
        if self._engine is not None:
            self._engine.close()
            self._engine = None
