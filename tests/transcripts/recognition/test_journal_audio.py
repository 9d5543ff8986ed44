"""The sound of a lecture stands where the lecture has it, whatever happened to it on the way."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from core.clock import ManualClock
from streaming.journal_loading import load_journal
from streaming.lecture_index import JOURNAL, LectureIndex, RenditionIndex, SegmentRecord, segment_path
from streaming.samples import MediaUnit
from streaming.segments import TICKS_PER_SECOND
from tests.support.beeps import beeps, onsets, units_of
from tests.support.lectures import hall
from tests.support.media import make_flv, read_units
from transcripts.recognition.journal_audio import has_sound, length_ms, read_piece, read_sound
from transcripts.speech.engine import SAMPLE_RATE

NEAR = 0.03

pytestmark = pytest.mark.ffmpeg


async def journal_of(folder: Path, *publications: Sequence[MediaUnit]) -> LectureIndex:
    """A lecture of these publications, one after the other with a minute between them."""
    clock = ManualClock()
    async with hall(folder, clock) as stage:
        for units in publications:
            encoder = stage.connect()
            await encoder.send(units)
            await encoder.connection.hang_up()
            clock.advance(60)
    return await asyncio.to_thread(load_journal, next((folder / "lectures").iterdir()))


def whole(index: LectureIndex) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
    return read_piece(index, 0, length_ms(index))


def near(found: Sequence[float], wanted: Sequence[float]) -> bool:
    return len(found) == len(wanted) and all(
        abs(one - other) < NEAR for one, other in zip(found, wanted, strict=True)
    )


@pytest.mark.parametrize(("rate", "channels"), [(44100, 2), (48000, 1), (22050, 2), (16000, 1)])
async def test_a_moment_of_the_sound_is_that_moment_of_the_lecture(
    tmp_path: Path, rate: int, channels: int
) -> None:
    units = units_of(beeps([1, 3.5, 6.2], 8), "three", rate=rate, channels=channels)
    index = await journal_of(tmp_path, units)
    pcm = whole(index)
    assert len(pcm) == length_ms(index) * SAMPLE_RATE // 1000
    assert near(onsets(pcm), [1, 3.5, 6.2])
    assert 0.3 < np.abs(pcm).max() <= 1


async def test_sound_goes_on_behind_a_discontinuity_with_another_configuration(tmp_path: Path) -> None:
    first = units_of(beeps([1, 3], 5), "first")
    second = units_of(beeps([0.5, 2], 4), "second", rate=48000, channels=1)
    index = await journal_of(tmp_path, first, second, first)
    breaks = [
        one.start / TICKS_PER_SECOND for one in index.renditions["source"].segments if one.discontinuity
    ]
    assert len(breaks) == 2
    expected = [1, 3, breaks[0] + 0.5, breaks[0] + 2, breaks[1] + 1, breaks[1] + 3]
    assert near(onsets(whole(index)), expected)


async def test_sound_without_a_picture_is_heard_too(tmp_path: Path) -> None:
    index = await journal_of(tmp_path, units_of(beeps([1, 4], 6), "radio", picture=False))
    assert near(onsets(whole(index)), [1, 4])


async def test_a_lecture_without_sound_has_none(tmp_path: Path) -> None:
    index = await journal_of(tmp_path, read_units(make_flv(seconds=3, audio=False)))
    assert not has_sound(index)
    pcm = whole(index)
    assert len(pcm) == length_ms(index) * SAMPLE_RATE // 1000
    assert not pcm.any()


async def test_where_the_sound_comes_back_after_a_silent_publication_it_stands_right(tmp_path: Path) -> None:
    silent = read_units(make_flv(width=160, height=90, fps="15", seconds=4, gop=15, audio=False))
    index = await journal_of(tmp_path, silent, units_of(beeps([1], 3), "one"))
    began = next(one.start for one in index.renditions["audio"].segments if not one.gap)
    assert began > 3 * TICKS_PER_SECOND
    assert near(onsets(whole(index)), [began / TICKS_PER_SECOND + 1])


async def test_a_lost_segment_of_sound_is_taken_from_the_picture_s_rendition(tmp_path: Path) -> None:
    index = await journal_of(tmp_path, units_of(beeps([1, 3, 5, 7], 8), "four"))
    lost = index.renditions["audio"].segments[1]
    segment_path(index.folder, "audio", lost.msn, lost.epoch).unlink()
    again = await asyncio.to_thread(load_journal, index.folder)
    assert again.renditions["audio"].segments[1].gap
    assert near(onsets(whole(again)), [1, 3, 5, 7])


async def test_a_segment_lost_everywhere_is_silence_of_its_length(tmp_path: Path) -> None:
    index = await journal_of(tmp_path, units_of(beeps([1, 3, 5, 7], 8), "four"))
    for name in ("audio", "source"):
        lost = index.renditions[name].segments[1]
        segment_path(index.folder, name, lost.msn, lost.epoch).unlink()
    again = await asyncio.to_thread(load_journal, index.folder)
    pcm = whole(again)
    assert length_ms(again) == length_ms(index)
    assert len(pcm) == length_ms(index) * SAMPLE_RATE // 1000
    assert near(onsets(pcm), [1, 5, 7])


async def test_a_segment_of_noise_does_not_move_the_others(tmp_path: Path) -> None:
    index = await journal_of(tmp_path, units_of(beeps([1, 3, 5, 7], 8), "four"))
    for name in ("audio", "source"):
        broken = index.renditions[name].segments[1]
        path = segment_path(index.folder, name, broken.msn, broken.epoch)
        path.write_bytes(bytes(255 - byte for byte in path.read_bytes()))
    found = onsets(whole(index))
    assert near([each for each in found if each < 2 or each > 4.2], [1, 5, 7])


async def test_a_journal_cut_by_a_crash_gives_what_is_left(tmp_path: Path) -> None:
    index = await journal_of(tmp_path, units_of(beeps([1, 3, 5, 7], 8), "four"))
    path = index.folder / JOURNAL
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: len(lines) * 2 // 3]) + lines[-1][:20])
    cut = await asyncio.to_thread(load_journal, index.folder)
    assert 2000 < length_ms(cut) < length_ms(index)
    assert near(onsets(whole(cut)), [each for each in (1, 3, 5, 7) if each + 0.1 < length_ms(cut) / 1000])


def test_an_empty_journal_has_neither_length_nor_sound(tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_bytes(b"")
    index = load_journal(tmp_path)
    assert length_ms(index) == 0
    assert not has_sound(index)
    assert list(read_sound(index)) == []


async def test_pieces_lie_where_the_whole_has_them(tmp_path: Path) -> None:
    index = await journal_of(tmp_path, units_of(beeps([0.5, 2.1, 3.9, 6.4], 8), "odd"))
    pcm, end = whole(index), length_ms(index)
    for start in range(0, end, 1234):
        piece = read_piece(index, start, min(start + 1234, end))
        same = pcm[start * 16 : min(start + 1234, end) * 16]
        assert len(piece) == len(same)
        assert np.abs(piece - same).max() < 0.05


def test_a_gap_of_hours_is_handed_on_in_small_blocks(tmp_path: Path) -> None:
    hours = 3 * 3600 * TICKS_PER_SECOND
    gap = SegmentRecord(0, "e", 0, "i", False, 0.0, 1, True, hours, True)
    index = LectureIndex("2026-11-2", tmp_path, renditions={"audio": RenditionIndex("audio", False, [gap])})
    blocks = [len(block) for block in read_sound(index)]
    assert sum(blocks) == 3 * 3600 * SAMPLE_RATE
    assert max(blocks) <= 10 * SAMPLE_RATE
