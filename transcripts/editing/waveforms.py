"""The outline of a lecture's sound, read from its journal once and kept in a row, drawn in the editor."""

import asyncio
import io
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from core.logs import get_logger
from core.settings import Settings
from streaming.journal_loading import load_journal
from streaming.lecture_index import (
    JOURNAL,
    LectureIndex,
    RenditionIndex,
    SegmentRecord,
    init_path,
    lecture_folder,
    segment_path,
)
from streaming.segments import TICKS_PER_SECOND
from transcripts.models import Transcript, Waveform

log = get_logger(__name__)

RATE = 25
"""Steps a second: one for each 40 ms, about a pixel of the time line."""
SOUND_HZ = 8000
SAMPLES_A_STEP = SOUND_HZ // RATE


async def missing() -> list[Transcript]:
    """Transcripts with something to correct and no outline yet."""
    rows = Transcript.filter(draft_version__gt=0, waveform=None)
    return await rows.order_by("created_at").prefetch_related("broadcast")


async def make_waveform(transcript: Transcript, *, now: datetime, settings: Settings) -> bool:
    """Whether there is a journal here to read it from. A lecture without sound gets an empty outline.

    transcript: with its broadcast. Raises OSError.
    """
    folder = lecture_folder(settings.data_dir, transcript.broadcast.number)
    peaks = await asyncio.to_thread(_read, folder)
    if peaks is None:
        return False
    await Waveform.update_or_create(
        transcript_id=transcript.id, defaults={"rate": RATE, "peaks": peaks, "made_at": now}
    )
    return True


def _read(folder: Path) -> bytes | None:
    return peaks_of(load_journal(folder)) if (folder / JOURNAL).exists() else None


def peaks_of(index: LectureIndex) -> bytes:
    """RATE steps a second of lecture time, gaps silent. Segment by segment: memory does not grow with the length."""
    rendition = _with_sound(index)
    if rendition is None:
        return b""
    peaks = np.zeros(_step(index.end) + 1, dtype=np.uint8)
    for segment in rendition.segments:
        if segment.gap:
            continue
        sound = _sound(index, rendition, segment)
        steps = _loudest(sound)
        first = _step(segment.start)
        room = peaks[first : first + len(steps)]
        np.maximum(room, steps[: len(room)], out=room)
    return peaks.tobytes()


def _with_sound(index: LectureIndex) -> RenditionIndex | None:
    """The rendition of sound alone is the smallest one to read; else the source."""
    begun = [index.renditions[name] for name in ("audio", "source") if name in index.renditions]
    return next((each for each in begun if each.segments), None)


def _sound(index: LectureIndex, rendition: RenditionIndex, segment: SegmentRecord) -> NDArray[np.int16]:
    init = init_path(index.folder, segment.init_id).read_bytes()
    media = segment_path(index.folder, rendition.name, segment.msn, segment.epoch).read_bytes()
    try:
        found = list(_decoded(init + media[: segment.size]))
    except av.FFmpegError as error:  # one bad segment leaves a silent place, not a lecture without an outline
        log.warning("waveform.segment_unread", broadcast=index.number, msn=segment.msn, error=str(error))
        return np.zeros(0, dtype=np.int16)
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int16)


def _decoded(data: bytes) -> Iterable[NDArray[np.int16]]:
    resampler = AudioResampler(format="s16", layout="mono", rate=SOUND_HZ)
    with av.open(io.BytesIO(data)) as container:
        if not container.streams.audio:
            return
        for frame in container.decode(audio=0):
            for part in resampler.resample(frame):
                yield _samples(part)


def _samples(frame: AudioFrame) -> NDArray[np.int16]:
    return np.asarray(frame.to_ndarray(), dtype=np.int16).reshape(-1)


def _loudest(sound: NDArray[np.int16]) -> NDArray[np.uint8]:
    """On a scale that shows quiet speech too: the square root of the loudest sample of each step."""
    steps = -(-len(sound) // SAMPLES_A_STEP)
    padded = np.zeros(steps * SAMPLES_A_STEP, dtype=np.float32)
    padded[: len(sound)] = np.abs(sound.astype(np.float32)) / 32768
    loudest = padded.reshape(steps, SAMPLES_A_STEP).max(axis=1) if steps else padded
    return np.asarray(np.round(np.sqrt(np.clip(loudest, 0, 1)) * 255), dtype=np.uint8)


def _step(ticks: int) -> int:
    return ticks * RATE // TICKS_PER_SECOND
