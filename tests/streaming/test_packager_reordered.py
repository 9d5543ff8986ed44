"""Pictures that are decoded in another order than they are displayed (B-frames), cut at keyframes or without."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.cuts import Cut, CutTable, Cutter
from streaming.packager import Packager, RunTracks
from streaming.segments import Init
from tests.support.collecting_sink import CollectingSink
from tests.support.part_rules import TARGET, check_part_rules

SECOND = 90_000
MS = 90
INIT = Init("abc", b"init", "avc1.64001f", 1280, 720, 30.0)


@dataclass(frozen=True)
class Coded:
    """A picture in the order of decoding; name is its place in the order of display. Times in ticks."""

    name: int
    decode_time: int
    time: int
    keyframe: bool


def coded(times: list[int], keyframes: set[int], b_frames: int) -> list[Coded]:
    """As x264 orders and times them: groups of B-frames behind the picture that follows them, decode times those
    of display, later by one picture.
    """
    order: list[int] = []
    place = 0
    while place < len(times):
        anchor = place
        while place not in keyframes and anchor < min(place + b_frames, len(times) - 1):
            if anchor + 1 in keyframes:
                break
            anchor += 1
        order += [anchor, *range(place, anchor)]
        place = anchor + 1
    delay = 1 if b_frames else 0
    step = times[1] - times[0]
    clock = [times[0] - step * (delay - n) for n in range(delay)] + times
    return [
        Coded(name, clock[number], times[name], name in keyframes or name == 0)
        for number, name in enumerate(order)
    ]


def packaged(pictures: list[Coded], end: int) -> tuple[CutTable, CollectingSink]:
    table = CutTable()
    cutter = Cutter(table, target=2 * SECOND, grid_frames=60, publication=1)
    sink = CollectingSink()
    packager = Packager(table, sink, lambda time: time / SECOND, part_target=TARGET)
    packager.start_run(RunTracks(INIT, has_video=True, samples_per_frame=None))
    for number, picture in enumerate(pictures):
        if number == 0:
            cut: Cut | None = cutter.begin(picture.time, discontinuity=False)
        else:
            pauses = cutter.pauses(picture.time)
            if pauses:
                packager.hold_video(pauses[-1].start)
            cut = cutter.video(picture.time, keyframe=picture.keyframe) or (pauses[-1] if pauses else None)
        packager.push_video(
            picture.decode_time,
            picture.time,
            f"[{picture.name}]".encode(),
            keyframe=picture.keyframe,
            cut=cut,
        )
    table.close(end)
    packager.finish(end)
    return table, sink


def check(pictures: list[Coded], end: int) -> CollectingSink:
    table, sink = packaged(pictures, end)
    check_part_rules(sink)
    assert [(s.head.msn, s.head.start, s.end) for s in sink.segments] == [
        (msn, cut.start, table.end_of(msn))
        for msn in range(table.next_msn)
        if (cut := table.get(msn)) is not None
    ]
    packed = b"".join(part.data[part.data.index(b"mdat") + 4 :] for part in sink.parts)
    assert packed == b"".join(f"[{picture.name}]".encode() for picture in pictures)
    return sink


@pytest.mark.parametrize("b_frames", [1, 2, 3, 4])
@pytest.mark.parametrize("keyframe_every", [60, 90, 249, 1000])
def test_a_steady_stream_never_stands_still(b_frames: int, keyframe_every: int) -> None:
    times = [3000 + frame * 3000 for frame in range(700)]
    pictures = coded(times, set(range(0, 700, keyframe_every)), b_frames)
    sink = check(pictures, times[-1] + 3000)
    assert len(sink.segments) >= 7


@settings(max_examples=150, deadline=None)
@given(
    steps=st.lists(st.integers(min_value=15, max_value=90), min_size=60, max_size=400),
    keyframes=st.sets(st.integers(min_value=1, max_value=400), max_size=12),
    b_frames=st.integers(min_value=1, max_value=4),
)
def test_uneven_streams_come_out_whole_and_in_order(
    steps: list[int], keyframes: set[int], b_frames: int
) -> None:
    times, now = [], SECOND
    for step in steps:
        times.append(now)
        now += step * MS
    check(coded(times, keyframes, b_frames), now)


def test_the_last_picture_is_not_lost_where_the_stream_went_faster_than_it_began() -> None:
    times = [SECOND, *range(SECOND + 30 * MS, SECOND + 915 * MS, 15 * MS)]
    check(coded(times, {1}, 1), times[-1] + 15 * MS)
