"""To a lecture on the air: fragments in, what was said in them out, window by window. Blocking: in a process."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from av.error import FFmpegError

from core.settings import Settings
from transcripts.cues.cutting import cut
from transcripts.live.settling import Memory, bare, settle
from transcripts.live.windows import Window, Windows
from transcripts.recognition.decoding import SoundRun, packets_of
from transcripts.recognition.rows import HeldText, at_lecture_time, held_rows, segment_rows
from transcripts.speech.engine import SAMPLE_RATE, Engine, Hints
from transcripts.speech.filters import blocklist, sift
from transcripts.speech.registry import open_engine
from transcripts.speech.vad import speech_spans
from transcripts.speech.words import Segment, Word

SHORTEST_MS = 500
"""Of a caption that ends where the next words begin."""


@dataclass(frozen=True, slots=True)
class LiveHeard:
    """Of one window. cues: {"start_ms", "end_ms", "text"} of lecture time; segments and held as rows keep them."""

    start_ms: int
    cues: list[dict[str, Any]]
    segments: list[dict[str, Any]]
    held: list[dict[str, Any]]
    seconds_spent: float


class LiveListening:
    """Opens the engine of the setting. terms: what captions are not to break.

    Raises NoModel, BrokenModel, EngineFailed.
    """

    def __init__(self, settings: Settings, hotwords: Sequence[str], terms: Sequence[str]) -> None:
        self._settings = settings.model_copy(update={"speech_beam": settings.live_caption_beam})
        self._hints = Hints(tuple(hotwords))
        self._terms = frozenset(terms)
        self._blocklist = blocklist(settings)
        self._phrases = tuple(bare(phrase) for phrase in self._blocklist)
        self._memory = Memory(self._phrases)
        self._engine: Engine = open_engine(self._settings)
        self._windows = Windows(speech_spans, most_seconds=settings.live_caption_window_seconds)
        self._run = SoundRun()
        self._init = b""
        self._warm_up()

    @property
    def identity(self) -> dict[str, str]:
        return asdict(self._engine.identity)

    @property
    def until_ms(self) -> int:
        """Lecture time up to which everything is done with."""
        return self._windows.settled * 1000 // SAMPLE_RATE

    def configure(self, init: bytes) -> None:
        self._init = init

    def take(self, part: bytes) -> None:
        """A fragment. One that cannot be read is silence."""
        try:
            packets = packets_of(self._init, part)
        except (FFmpegError, IndexError):
            return
        for packet in packets:
            for at, sound in self._run.take(packet):
                self._windows.lay(at, sound)

    def hear(self) -> Iterator[LiveHeard]:
        """What can be recognised now. Raises EngineFailed."""
        while (window := self._windows.next()) is not None:
            yield self._hear(window)

    def _warm_up(self) -> None:
        """The detector, the dictionary and the engine load what they need now, not over the first words."""
        silence = np.zeros(SAMPLE_RATE, np.float32)
        speech_spans(silence)
        cut([Word("开始", 0.0, 0.5)], terms=self._terms)
        self._engine.transcribe(silence, self._hints)

    def _hear(self, window: Window) -> LiveHeard:
        began = time.monotonic()
        segments = self._engine.transcribe(window.pcm, self._hints)
        settled = settle(segments, window.seconds, is_whole=window.is_whole, phrases=self._phrases)
        sifted = self._memory.look(sift(settled.segments, window.spans, self._blocklist))
        self._windows.done(window.start + round(settled.until * SAMPLE_RATE))
        offset = window.start / SAMPLE_RATE
        kept = [at_lecture_time(segment, offset) for segment in sifted.kept]
        return LiveHeard(
            start_ms=round(offset * 1000),
            cues=self._cues(kept, is_whole=window.is_whole),
            segments=segment_rows(kept),
            held=held_rows(
                HeldText(float(each.start) + offset, float(each.end) + offset, each.text, each.reason)
                for each in sifted.held
            ),
            seconds_spent=round(time.monotonic() - began, 3),
        )

    def _cues(self, segments: Sequence[Segment], *, is_whole: bool) -> list[dict[str, Any]]:
        words = [word for segment in segments for word in segment.words]
        cues = [made.cue for made in cut(words, terms=self._terms)]
        if cues and not is_whole:
            # The next words follow at once: no caption lingers into them.
            last = cues[-1]
            end = max(round(words[-1].end * 1000), last.start_ms + SHORTEST_MS)
            cues[-1] = replace(last, end_ms=min(last.end_ms, end))
        return [
            {"start_ms": each.start_ms, "end_ms": each.end_ms, "text": "\n".join(each.lines)} for each in cues
        ]
