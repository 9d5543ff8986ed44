import itertools
from typing import Any

import m3u8
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.playlist import iso_date, seconds
from streaming.segments import TICKS_PER_SECOND
from tests.support.feeder import PART
from tests.support.hls_checker import read_playlist
from tests.support.renditions import RenditionStage


def parsed(text: str) -> Any:
    return m3u8.loads(text)  # type: ignore[no-untyped-call]


def test_durations_of_neighbours_add_up_to_the_time_between_them() -> None:
    step = 3003  # a frame of 29.97 frames a second
    times = [count * step for count in range(50_000)]
    total = sum(int(seconds(a, b).replace(".", "")) for a, b in itertools.pairwise(times))
    assert abs(total / 100_000 - times[-1] / TICKS_PER_SECOND) < 0.00002


@given(st.integers(0, 2**40))
@settings(deadline=None)
def test_a_part_as_long_as_the_target_is_never_listed_as_longer(start: int) -> None:
    assert seconds(start, start + PART) == "0.40000"
    assert float(seconds(start, start + PART - 1)) <= 0.4


def test_dates_are_rounded_to_the_millisecond_and_end_in_z() -> None:
    assert iso_date(1_795_000_000.0006) == "2026-11-18T11:06:40.001Z"
    assert iso_date(1_795_000_000.9996) == "2026-11-18T11:06:41.000Z"


def test_a_live_playlist_keeps_the_rules_and_lists_the_whole_lecture() -> None:
    stage = RenditionStage()
    stage.feeder.segments(20)
    stage.feeder.open()
    stage.feeder.part()
    playlist = read_playlist(stage.live())
    assert playlist.media_sequence == 0
    assert [segment.msn for segment in playlist.segments] == list(range(20))
    assert len(playlist.open.parts) == 1
    assert [bool(segment.parts) for segment in playlist.segments[-4:]] == [False, True, True, True]
    assert playlist.control == {
        "CAN-BLOCK-RELOAD": "YES",
        "PART-HOLD-BACK": "1.200",
        "HOLD-BACK": "12",
        "CAN-SKIP-UNTIL": "24",
    }
    assert "EXT-X-START" not in playlist.text


def test_only_parts_that_begin_with_a_keyframe_are_independent() -> None:
    stage = RenditionStage()
    stage.feeder.open()
    stage.feeder.part(independent=False)
    stage.feeder.part()
    stage.feeder.close()
    stage.feeder.open()
    stage.feeder.part()
    playlist = read_playlist(stage.live())
    assert [part.independent for part in playlist.segments[0].parts] == [False, False]
    assert playlist.open.parts[0].independent
    assert "EXT-X-INDEPENDENT-SEGMENTS" not in playlist.tags


def test_the_hint_is_the_next_segments_first_part_when_one_has_just_closed() -> None:
    stage = RenditionStage()
    stage.feeder.segments(2)
    hint = read_playlist(stage.live()).hint
    assert hint is not None
    assert hint.endswith("/source/2.0.m4s")


def test_dates_stand_at_the_start_behind_discontinuities_and_at_the_end() -> None:
    stage = RenditionStage()
    stage.feeder.segments(4)
    stage.feeder.segment(discontinuity=True)
    stage.feeder.segments(10)
    playlist = read_playlist(stage.live())
    dated = [segment.msn for segment in playlist.segments if segment.date is not None]
    assert dated == [0, 4, 9, 10, 11, 12, 13, 14]
    assert playlist.text.count("#EXT-X-DISCONTINUITY\n") == 1


def test_a_map_is_repeated_only_where_it_changes() -> None:
    stage = RenditionStage()
    stage.feeder.segments(2)
    stage.configure("b")
    stage.feeder.segments(2)
    playlist = read_playlist(stage.live())
    assert playlist.text.count("#EXT-X-MAP") == 2
    assert [(segment.map_uri or "")[-10:] for segment in playlist.segments] == [
        "init/a.mp4",
        "init/a.mp4",
        "init/b.mp4",
        "init/b.mp4",
    ]


def test_a_delta_update_leaves_out_what_is_older_than_the_skip_boundary() -> None:
    stage = RenditionStage()
    stage.feeder.segments(20)
    stage.feeder.open()
    stage.feeder.part()
    full, delta = read_playlist(stage.live()), read_playlist(stage.live(delta=True))
    end = full.duration + 0.4
    assert delta.skipped == 8
    assert sum(segment.duration for segment in full.segments[: delta.skipped]) <= end - 24
    assert delta.uris == full.uris[delta.skipped :]
    assert delta.hint == full.hint


def test_a_short_playlist_has_no_delta_update() -> None:
    stage = RenditionStage()
    stage.feeder.segments(12)
    assert stage.live(delta=True) == stage.live()


def test_a_finished_lecture_ends_without_hint_parts_or_delta() -> None:
    stage = RenditionStage()
    stage.feeder.segments(20)
    stage.finish()
    playlist = read_playlist(stage.live())
    assert playlist.ended
    assert playlist.hint is None
    assert not any(segment.parts for segment in playlist.segments)
    assert stage.live(delta=True) == stage.live()


def test_a_replay_is_vod_without_parts() -> None:
    stage = RenditionStage()
    stage.feeder.segments(3)
    stage.feeder.segment(discontinuity=True)
    playlist = read_playlist(stage.replay())
    assert playlist.ended
    assert playlist.tags["EXT-X-PLAYLIST-TYPE"] == "VOD"
    assert "EXT-X-INDEPENDENT-SEGMENTS" in playlist.tags
    assert "EXT-X-PART" not in playlist.text
    assert playlist.tags["EXT-X-VERSION"] == "7"
    assert [segment.msn for segment in playlist.segments if segment.date] == [0, 3]


def test_a_replay_with_a_segment_that_starts_without_keyframe_says_nothing_of_independence() -> None:
    stage = RenditionStage()
    stage.feeder.segments(1)
    stage.feeder.open()
    stage.feeder.part(independent=False)
    stage.feeder.close()
    assert "EXT-X-INDEPENDENT-SEGMENTS" not in read_playlist(stage.replay()).tags


def test_an_independent_parser_reads_the_same_from_live_and_replay() -> None:
    stage = RenditionStage()
    stage.feeder.segments(10)
    stage.feeder.segment(discontinuity=True)
    stage.feeder.open()
    stage.feeder.part()
    live = parsed(stage.live())
    assert live.target_duration == 4
    assert live.media_sequence == 0
    assert [segment.uri for segment in live.segments if segment.uri] == read_playlist(stage.live()).uris
    assert live.part_inf.part_target == 0.4
    assert live.server_control.can_skip_until == 24
    assert live.preload_hint.uri == read_playlist(stage.live()).hint
    assert [segment.discontinuity for segment in live.segments][10]
    replay = parsed(stage.replay())
    assert replay.is_endlist
    assert sum(segment.duration for segment in replay.segments) == 22.0
    stage.feeder.close()
    stage.feeder.segments(5)
    assert parsed(stage.live(delta=True)).skip.skipped_segments == 4


@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(int(PART * 0.85) + 1, PART), min_size=1, max_size=10),
            st.booleans(),
            st.booleans(),
        ),
        min_size=1,
        max_size=15,
    )
)
@settings(deadline=None, max_examples=60)
def test_any_lecture_makes_playlists_that_keep_the_rules(
    segments: list[tuple[list[int], bool, bool]],
) -> None:
    stage = RenditionStage()
    total = 0
    for place, (parts, discontinuity, configures) in enumerate(segments):
        if configures:
            stage.configure(f"i{place}")
        stage.feeder.open(discontinuity=discontinuity and place > 0)
        for duration in parts:
            stage.feeder.part(duration=duration)
            total += duration
            playlist = stage.load()
            listed = playlist.duration + sum(part.duration for part in playlist.open.parts)
            assert abs(listed - total / TICKS_PER_SECOND) < 0.0001
        stage.feeder.close()
        stage.load()
    replay = read_playlist(stage.replay())
    assert abs(replay.duration - total / TICKS_PER_SECOND) < 0.0001
