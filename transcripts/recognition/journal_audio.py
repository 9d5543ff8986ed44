"""The sound of a lecture from its journal: 16 kHz mono, laid onto lecture time sample by sample.

What the journal lacks (gaps, lost or broken segments, a source without sound for a while) is silence of exactly its
length, so that a moment found in the sound is that moment of the replay. Blocking: not for the event loop.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from av.error import FFmpegError

from streaming.lecture_index import LectureIndex, SegmentRecord, init_path, segment_path
from streaming.rendition import AUDIO, SOURCE
from streaming.segments import TICKS_PER_SECOND
from transcripts.recognition.decoding import Packet, SoundRun, packets_of
from transcripts.speech.engine import SAMPLE_RATE, Pcm

SAMPLES_PER_MS = SAMPLE_RATE // 1000
SILENCE_BLOCK = 10 * SAMPLE_RATE
"""Samples of silence that are handed on at once: a gap of an hour takes no memory."""
WARM_UP = 1
"""Segments before the wanted moment that are decoded too: AAC frames overlap, and a decoder needs those before."""
_AAC = "mp4a"


def length_ms(index: LectureIndex) -> int:
    """Of the whole lecture, in whole milliseconds of lecture time."""
    return index.end * 1000 // TICKS_PER_SECOND


def has_sound(index: LectureIndex) -> bool:
    return any(moment.sources for moment in _moments(index))


def read_sound(index: LectureIndex, start_ms: int = 0, end_ms: int | None = None) -> Iterator[Pcm]:
    """Blocks of sound, one behind the other without a hole, of exactly the time asked for; silence behind the end.

    No more than a segment of it is in memory at once.
    """
    end_ms = length_ms(index) if end_ms is None else end_ms
    tape = _Tape(start_ms * SAMPLES_PER_MS, end_ms * SAMPLES_PER_MS)
    run = SoundRun()
    for moment in _wanted(_moments(index), start_ms, end_ms):
        for at, sound in _decoded(index, moment, run):
            yield from tape.lay(at, sound)
    for at, sound in run.end():
        yield from tape.lay(at, sound)
    yield from tape.silence_until(tape.end)


def read_piece(index: LectureIndex, start_ms: int, end_ms: int) -> Pcm:
    """A stretch of the lecture in one: 64 kB a second."""
    return np.concatenate([np.zeros(0, np.float32), *read_sound(index, start_ms, end_ms)])


@dataclass(frozen=True, slots=True)
class _Moment:
    """One media sequence number: when it is (ticks), and the segments that have its sound, the smallest first."""

    start: int
    end: int
    sources: tuple[tuple[str, SegmentRecord], ...]


def _moments(index: LectureIndex) -> list[_Moment]:
    spoken: dict[int, list[tuple[str, SegmentRecord]]] = {}
    spans: dict[int, tuple[int, int]] = {}
    for name in sorted(index.renditions, key=lambda name: (name != AUDIO, name != SOURCE, name)):
        for segment in index.renditions[name].segments:
            spans.setdefault(segment.msn, (segment.start, segment.end or segment.start))
            init = index.inits.get(segment.init_id)
            if not segment.gap and init is not None and _AAC in init.codecs:
                spoken.setdefault(segment.msn, []).append((name, segment))
    return [_Moment(*spans[msn], tuple(spoken.get(msn, ()))) for msn in sorted(spans)]


def _wanted(moments: list[_Moment], start_ms: int, end_ms: int) -> list[_Moment]:
    first = next(
        (place for place, one in enumerate(moments) if one.end * 1000 > start_ms * TICKS_PER_SECOND),
        len(moments),
    )
    kept = moments[max(0, first - WARM_UP) :]
    # A segment's first sound may belong to the time before it: one more is read.
    late = next(
        (place for place, one in enumerate(kept) if one.start * 1000 >= end_ms * TICKS_PER_SECOND), None
    )
    return kept if late is None else kept[: late + 1]


def _decoded(index: LectureIndex, moment: _Moment, run: SoundRun) -> Iterator[tuple[int, Pcm]]:
    """What a decoder makes of a moment, from the first of its segments that can be read."""
    for rendition, segment in moment.sources:
        try:
            packets = _packets(index.folder, rendition, segment)
        except (OSError, FFmpegError, IndexError):
            continue
        for packet in packets:
            yield from run.take(packet)
        return


def _packets(folder: Path, rendition: str, segment: SegmentRecord) -> list[Packet]:
    """Raises OSError, FFmpegError, IndexError where the file is not there or is no media with sound."""
    init = init_path(folder, segment.init_id).read_bytes()
    media = segment_path(folder, rendition, segment.msn, segment.epoch).read_bytes()[: segment.size]
    return packets_of(init, media)


class _Tape:
    """Sound laid end to end between two sample numbers: silence where none is, and nothing twice."""

    def __init__(self, start: int, end: int) -> None:
        self.end = end
        self._at = start

    def lay(self, at: int, sound: Pcm) -> Iterator[Pcm]:
        yield from self.silence_until(at)
        sound = sound[max(0, self._at - at) : max(0, self.end - at)]
        if len(sound):
            self._at += len(sound)
            yield sound

    def silence_until(self, position: int) -> Iterator[Pcm]:
        while self._at < min(position, self.end):
            count = min(position, self.end, self._at + SILENCE_BLOCK) - self._at
            self._at += count
            yield np.zeros(count, np.float32)
