"""Samples → parts: the rules of Partial Segments, whatever the times of the samples."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.cuts import Cut, CutTable, Cutter
from streaming.packager import Packager, RunTracks
from streaming.segments import Init
from tests.support.collecting_sink import CollectingSink
from tests.support.part_rules import check_part_rules

SECOND = 90_000
TARGET = 36_000
AUDIO_RATE = 48_000
INIT = Init("abc", b"init", "avc1.64001f,mp4a.40.2", 1280, 720, 30.0)


@dataclass
class Bench:
    """A source packager with its cutter, and a rung that gets the same pictures `lag` samples later."""

    sound: bool = True
    lag: int = 0
    first: int = 0

    def __post_init__(self) -> None:
        self.table = CutTable()
        self.cutter = Cutter(self.table, target=2 * SECOND, grid_frames=60, publication=1)
        self.source_sink = CollectingSink()
        self.rung_sink = CollectingSink()
        self.source = Packager(self.table, self.source_sink, lambda time: time / SECOND, part_target=TARGET)
        self.rung = Packager(self.table, self.rung_sink, lambda time: time / SECOND, part_target=TARGET)
        tracks = RunTracks(INIT, has_video=True, samples_per_frame=1024 if self.sound else None)
        self.source.start_run(tracks)
        self.rung.start_run(tracks)
        self.waiting: list[tuple[int, bool]] = []
        self.audio_frames = 0
        self.started = False

    def picture(self, time: int, keyframe: bool, offset: int = 0) -> None:
        """One picture at presentation `time`; its sound up to that time came before it."""
        while self.sound and self.audio_frames * 1920 < time - offset:
            position = self.audio_frames * 1024
            for packager in (self.source, self.rung) if position * 90 // 48 >= self.first else ():
                packager.push_audio(position, position * 90 // 48, (position + 1024) * 90 // 48, b"a")
            self.audio_frames += 1
        if not self.started:
            cut: Cut | None = self.cutter.begin(time, discontinuity=False)
            self.started = True
        else:
            cut = self.cutter.video(time, keyframe=keyframe)
        self.source.push_video(time - offset, time, b"v", keyframe=keyframe, cut=cut)
        self.waiting.append((time, keyframe or cut is not None))
        if len(self.waiting) > self.lag:
            self._rung_picture()

    def _rung_picture(self) -> None:
        time, keyframe = self.waiting.pop(0)
        self.rung.push_video(time, time, b"r", keyframe=keyframe)

    def finish(self, end: int) -> None:
        self.table.close(end)
        self.source.finish(end)
        while self.waiting:
            self._rung_picture()
        self.rung.finish(end)


def test_thirty_frames_a_second_make_parts_of_twelve() -> None:
    bench = Bench()
    for frame in range(150):
        bench.picture(frame * 3000, frame % 60 == 0)
    bench.finish(150 * 3000)
    check_part_rules(bench.source_sink)
    assert [segment.head.start for segment in bench.source_sink.segments] == [0, 180_000, 360_000]
    assert {part.duration for part in bench.source_sink.parts[:-1]} == {36_000}
    assert [part.independent for part in bench.source_sink.segments[0].parts] == [
        True,
        False,
        False,
        False,
        False,
    ]


def test_a_part_is_out_as_soon_as_the_next_picture_makes_it_certain() -> None:
    bench = Bench()
    for frame in range(13):
        bench.picture(frame * 3000, frame == 0)
    assert [part.duration for part in bench.source_sink.parts] == [36_000]


@pytest.mark.parametrize("pause", [18_000, 45_000, 135_000], ids=["0.2 s", "0.5 s", "1.5 s"])
@pytest.mark.parametrize("sound", [True, False])
def test_a_pause_of_the_picture_makes_no_part_too_long_or_too_short(pause: int, sound: bool) -> None:
    bench = Bench(sound=sound)
    time = 0
    for frame in range(120):
        bench.picture(time, frame % 60 == 0)
        time += pause if frame == 25 else 3000
    bench.finish(time)
    check_part_rules(bench.source_sink)
    check_part_rules(bench.rung_sink)


@settings(max_examples=60, deadline=None)
@given(
    intervals=st.lists(st.integers(min_value=1, max_value=300), min_size=30, max_size=250),
    keyframe_every=st.integers(min_value=1, max_value=80),
    lag=st.integers(min_value=0, max_value=20),
    sound=st.booleans(),
    offset_frames=st.integers(min_value=0, max_value=2),
)
def test_every_picture_and_sound_comes_out_once_in_parts_that_keep_the_rules(
    intervals: list[int], keyframe_every: int, lag: int, sound: bool, offset_frames: int
) -> None:
    bench = Bench(sound=sound, lag=lag, first=9_000)
    time = 9_000
    for frame, interval in enumerate(intervals):
        bench.picture(time, frame % keyframe_every == 0, offset=offset_frames * 3000)
        time += interval * 90
    bench.finish(time)
    for sink, letter in ((bench.source_sink, b"v"), (bench.rung_sink, b"r")):
        check_part_rules(sink)
        payload = b"".join(part.data[part.data.index(b"mdat") + 4 :] for part in sink.parts)
        assert payload.count(letter) == len(intervals)
        if sound:
            assert payload.count(b"a") == sum(1 for n in range(bench.audio_frames) if n * 1920 >= 9_000)
    assert [(s.head.msn, s.head.start, s.end) for s in bench.source_sink.segments] == [
        (s.head.msn, s.head.start, s.end) for s in bench.rung_sink.segments
    ]


def test_what_a_rung_lacks_is_listed_as_a_gap() -> None:
    bench = Bench()
    for frame in range(300):
        bench.picture(frame * 3000, frame % 60 == 0)
        if frame == 100:
            bench.waiting.clear()
            bench.lag = 1000
        if frame == 239:
            bench.waiting.clear()
            bench.rung.skip()
            bench.lag = 0
    bench.finish(300 * 3000)
    check_part_rules(bench.rung_sink)
    assert [segment.head.gap for segment in bench.rung_sink.segments] == [False, False, True, True, False]
    assert [segment.head.gap for segment in bench.source_sink.segments] == [False] * 5


def test_a_rung_that_starts_late_begins_at_the_next_segment() -> None:
    bench = Bench()
    bench.lag = 1000
    for frame in range(180):
        bench.picture(frame * 3000, frame % 30 == 0)
        if frame == 80:
            bench.waiting.clear()
            bench.lag = 0
    bench.finish(180 * 3000)
    assert [segment.head.msn for segment in bench.rung_sink.segments] == [2]
    check_part_rules(bench.rung_sink)


def test_sound_goes_on_while_the_picture_is_held() -> None:
    bench = Bench()
    for frame in range(70):
        bench.picture(frame * 3000, frame % 60 == 0)
    for n in range(bench.audio_frames, bench.audio_frames + 300):
        position = n * 1024
        bench.source.push_audio(position, position * 90 // 48, (position + 1024) * 90 // 48, b"a")
        held = position * 90 // 48 - SECOND
        if held > bench.source.last_time + SECOND:
            bench.cutter.without_video(held)
            bench.source.hold_video(held)
    end = (bench.audio_frames + 300) * 1920
    bench.table.close(end)
    bench.source.finish(end)
    check_part_rules(bench.source_sink)
    assert len(bench.source_sink.segments) >= 4
    assert sum(part.duration for part in bench.source_sink.parts) == end


def test_sound_alone_makes_a_rendition() -> None:
    table = CutTable()
    sink = CollectingSink()
    packager = Packager(table, sink, lambda time: 0.0, part_target=TARGET)
    packager.start_run(RunTracks(INIT, has_video=False, samples_per_frame=1024))
    table.cut(0, publication=1)
    for n in range(300):
        if n == 150:
            table.cut(n * 1920, publication=1)
        packager.push_audio(n * 1024, n * 1920, (n + 1) * 1920, b"a")
    table.close(300 * 1920)
    packager.finish(300 * 1920)
    check_part_rules(sink)
    assert [segment.head.msn for segment in sink.segments] == [0, 1]
    assert all(part.independent for part in sink.parts)
