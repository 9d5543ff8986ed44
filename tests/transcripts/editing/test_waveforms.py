"""The outline of a lecture's sound: a byte for each 40 ms, however the sound comes in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.clock import ManualClock
from core.jobs import JobContext, make_context
from core.settings import Settings
from tests.support.ended_lectures import ended_lecture, sample_units
from tests.support.subtitles import heard
from transcripts.editing.jobs import draw_waveforms
from transcripts.editing.versions import add_version
from transcripts.editing.waveforms import RATE, STEP, missing, peaks_of
from transcripts.models import Transcript, VersionKind, Waveform
from transcripts.speech.engine import Pcm


def sound(*levels: float) -> Pcm:
    return np.repeat(np.array(levels, dtype=np.float32), STEP)


def test_loud_is_255_quiet_is_seen_too_and_silence_is_0() -> None:
    assert list(peaks_of([sound(1.0, -0.25, 0.01, 0.0, 3.0)])) == [255, 128, 26, 0, 255]


@given(
    st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=6), st.lists(st.integers(1, 2000), max_size=8)
)
def test_however_the_sound_is_cut_the_outline_is_the_same(levels: list[float], cuts: list[int]) -> None:
    whole = sound(*levels)
    blocks, start = [], 0
    for length in cuts:
        blocks.append(whole[start : start + length])
        start += length
    blocks.append(whole[start:])
    assert peaks_of(blocks) == peaks_of([whole])
    assert len(peaks_of(blocks)) == len(levels)


@pytest.fixture
def context(sqlite_settings: Settings, clock: ManualClock) -> JobContext:
    return make_context(sqlite_settings, clock)


@pytest.mark.ffmpeg
async def test_a_lecture_gets_its_outline_from_the_journal_once_there_is_something_to_correct(
    sqlite_db: TortoiseContext, context: JobContext, clock: ManualClock
) -> None:
    await seed_sample_units()
    lecture = await ended_lecture(context, [sample_units(4)])
    silent = await ended_lecture(context, [], title="没有日志的")
    now = clock.now()
    for row in (lecture, silent):
        transcript, _ = await Transcript.get_or_create(
            broadcast_id=row.id, defaults={"created_at": now, "changed_at": now}
        )
        if row is lecture:
            assert await missing() == []
        await add_version(transcript, VersionKind.RECOGNISED, heard("一"), by=None, now=now)
    await draw_waveforms(context)
    waveform = await Waveform.get(transcript__broadcast_id=lecture.id)
    assert waveform.rate == RATE
    assert abs(len(waveform.peaks) - 4 * RATE) <= RATE // 2
    assert max(waveform.peaks) > 60  # a voice is in it
    clock.advance(60)
    await draw_waveforms(context)  # once is enough
    assert (await Waveform.get(transcript__broadcast_id=lecture.id)).made_at == now
