"""Where segments begin."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.cuts import LONGEST_TICKS, CutTable, Cutter

SECOND = 90_000
FRAME = 3_000


def cut_starts(keyframe_frames: set[int], frames: int) -> list[float]:
    table = CutTable()
    cutter = Cutter(table, target=2 * SECOND, grid_frames=60, publication=1)
    cutter.begin(0, discontinuity=False)
    starts = [0.0]
    for frame in range(1, frames):
        cut = cutter.video(frame * FRAME, keyframe=frame in keyframe_frames)
        if cut is not None:
            starts.append(cut.start / SECOND)
    return starts


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (30, [0, 2, 4, 6, 8]),  # every second: every other keyframe
        (60, [0, 2, 4, 6, 8]),
        (120, [0, 4, 8]),
        (90, [0, 3, 6, 9]),
        (250, [0, 4, 6, 8, 250 / 30, 250 / 30 + 2]),  # OBS's own default: our grid, and its keyframe
    ],
)
def test_segments_begin_at_keyframes_about_every_two_seconds(interval: int, expected: list[float]) -> None:
    keyframes = set(range(0, 320, interval))
    starts = [start for start in cut_starts(keyframes, 320) if start <= expected[-1]]
    assert starts == pytest.approx(expected)


@given(st.sets(st.integers(min_value=1, max_value=900)))
def test_no_segment_is_longer_than_the_target_duration_allows(keyframes: set[int]) -> None:
    starts = cut_starts(keyframes, 900)
    for before, after in pairwise([*starts, 30.0]):
        assert 0 < (after - before) * SECOND <= LONGEST_TICKS


@given(st.sets(st.integers(min_value=1, max_value=900)))
def test_every_segment_begins_where_the_encoder_has_a_keyframe(keyframes: set[int]) -> None:
    for start in cut_starts(keyframes, 900):
        frame = round(start * SECOND / FRAME)
        last_keyframe = max((keyframe for keyframe in keyframes if keyframe <= frame), default=0)
        assert (frame - last_keyframe) % 60 == 0


def test_keyframes_that_become_rarer_but_not_too_rare_are_no_reason_to_replace_the_source() -> None:
    table = CutTable()
    cutter = Cutter(table, target=2 * SECOND, grid_frames=60, publication=1)
    cutter.begin(0, discontinuity=False)
    for frame in range(1, 600):  # every second to the fifth, then every 4 s
        cutter.video(frame * FRAME, keyframe=frame in {30, 60, 90, 120, 150, 270, 390, 510})
        assert not cutter.sparse
    found = [cut.start / SECOND for msn in range(table.next_msn) if (cut := table.get(msn)) is not None]
    assert found == [0, 2, 4, 7, 9, 13, 17]


def test_a_change_to_closer_keyframes_ends_the_sparse_mode() -> None:
    keyframes = {0, 250, 500, *range(560, 900, 60)}
    starts = cut_starts(keyframes, 900)
    assert starts[-4:] == pytest.approx([680 / 30, 740 / 30, 800 / 30, 860 / 30])


def test_a_pause_of_everything_is_cut_like_a_pause_of_the_picture() -> None:
    table = CutTable()
    cutter = Cutter(table, target=2 * SECOND, grid_frames=60, publication=1)
    cutter.begin(0, discontinuity=False)
    cutter.without_video(10 * SECOND)
    starts = [cut.start for msn in range(table.next_msn) if (cut := table.get(msn)) is not None]
    assert starts == [0, LONGEST_TICKS, 2 * LONGEST_TICKS]


def test_a_segment_ends_where_the_next_one_begins_unless_the_run_was_closed() -> None:
    table = CutTable()
    table.cut(0, publication=1)
    assert table.end_of(0) is None
    table.cut(180_000, publication=1)
    assert table.end_of(0) == 180_000
    table.close(200_000)
    assert table.end_of(1) == 200_000
    table.cut(200_000, publication=2, discontinuity=True)
    assert table.end_of(1) == 200_000
    assert table.end_of(2) is None


def test_cuts_rise_in_time() -> None:
    table = CutTable()
    table.cut(90, publication=1)
    with pytest.raises(ValueError, match="rise"):
        table.cut(90, publication=1)


def test_numbers_go_on_after_a_restart() -> None:
    table = CutTable(first_msn=17)
    assert table.cut(0, publication=3).msn == 17
    assert table.get(16) is None


@pytest.mark.parametrize("fps", [25, 29.97, 30, 60])
def test_grid_cuts_with_reordered_pictures_fall_where_the_encoder_has_its_keyframes(fps: float) -> None:
    grid_frames = round(2 * fps)
    times = [round(frame * 1000 / fps) * 90 for frame in range(int(20 * fps))]
    table = CutTable()
    cutter = Cutter(table, target=2 * SECOND, grid_frames=grid_frames, publication=1)
    cutter.begin(0, discontinuity=False)
    starts = []
    for first in range(1, len(times) - 4, 4):  # a pyramid: the fourth picture comes first, then 2, 1, 3
        for frame in (first + 3, first + 1, first, first + 2):
            cut = cutter.video(times[frame], keyframe=False)
            if cut is not None:
                starts.append(times.index(cut.start))
    assert len(starts) >= 7
    assert all(frame % grid_frames == 0 for frame in starts)
