"""The outline of a lecture's sound, read from its journal once and kept in a row, drawn in the editor."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.settings import Settings
from streaming.journal_loading import load_journal
from streaming.lecture_index import JOURNAL, lecture_folder
from transcripts.models import Transcript, Waveform
from transcripts.recognition.journal_audio import has_sound, read_sound
from transcripts.speech.engine import SAMPLE_RATE, Pcm

RATE = 25
"""Steps a second: one for each 40 ms, about a pixel of the time line."""
STEP = SAMPLE_RATE // RATE


async def missing() -> list[Transcript]:
    """Transcripts with something to correct and no outline yet, with their broadcasts, the oldest first."""
    rows = Transcript.filter(draft_version__gt=0, waveform__made_at__isnull=True)
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


def peaks_of(sound: Iterable[Pcm]) -> bytes:
    """A byte a step, from blocks of any length. Pure."""
    return b"".join(_loudest(block).tobytes() for block in _whole_steps(sound))


def _read(folder: Path) -> bytes | None:
    if not (folder / JOURNAL).exists():
        return None
    index = load_journal(folder)
    return peaks_of(read_sound(index)) if has_sound(index) else b""


def _whole_steps(sound: Iterable[Pcm]) -> Iterator[Pcm]:
    rest: Pcm = np.zeros(0, dtype=np.float32)
    for block in sound:
        both = np.concatenate((rest, block))
        whole = len(both) // STEP * STEP
        rest = both[whole:]
        if whole:
            yield both[:whole]
    if len(rest):
        yield np.pad(rest, (0, STEP - len(rest)))


def _loudest(sound: Pcm) -> NDArray[np.uint8]:
    """On a scale that shows quiet speech too: the square root of the loudest sample of each step."""
    loudest = np.abs(sound).reshape(-1, STEP).max(axis=1)
    return np.asarray(np.round(np.sqrt(np.clip(loudest, 0, 1)) * 255), dtype=np.uint8)
