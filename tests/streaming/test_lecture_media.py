from pathlib import Path
from typing import Any

import m3u8
import pytest

from schedules.states import AirState
from streaming.multivariant import Nominal
from streaming.segments import TICKS_PER_SECOND
from tests.support.feeder import DATE, PART, make_init
from tests.support.hls_checker import PlaylistWatch, read_playlist
from tests.support.stage import NUMBER, Stage, live_stage


def listed(text: str | None) -> list[str]:
    assert text is not None
    playlist: Any = m3u8.loads(text)  # type: ignore[no-untyped-call]
    return [variant.uri for variant in playlist.playlists]


async def test_there_is_no_multivariant_playlist_before_there_is_media(tmp_path: Path) -> None:
    async with live_stage(tmp_path) as stage:
        assert stage.media.live_multivariant() is None
        stage.feeder.open()
        assert stage.media.live_multivariant() is None
        stage.feeder.part()
        assert listed(stage.media.live_multivariant()) == ["source.m3u8", "480p.m3u8"]


async def test_a_rendition_that_is_expected_is_listed_before_its_first_part(tmp_path: Path) -> None:
    async with live_stage(tmp_path, ["source"]) as stage:
        stage.media.expect("480p", Nominal("avc1.4d401e,mp4a.40.2", 800_000, 854, 480, 30.0))
        stage.feeder.segment()
        assert listed(stage.media.live_multivariant()) == ["source.m3u8", "480p.m3u8"]


async def test_the_source_is_listed_first_then_the_largest_picture_whichever_began_first(
    tmp_path: Path,
) -> None:
    async with live_stage(tmp_path, []) as stage:
        for height in (480, 720):
            stage.media.expect(f"{height}p", Nominal("avc1.4d401e", 800_000, height * 16 // 9, height, 30.0))
        stage.feeder.sinks["source"] = stage.media.rendition("source")
        stage.feeder.configure(make_init(height=360))
        stage.feeder.segment()
        assert listed(stage.media.live_multivariant()) == ["source.m3u8", "720p.m3u8", "480p.m3u8"]


async def test_sound_alone_is_listed_only_where_there_is_nothing_else(tmp_path: Path) -> None:
    async with live_stage(tmp_path / "a", ["source", "audio"]) as stage:
        stage.feeder.segment()
        assert listed(stage.media.live_multivariant()) == ["source.m3u8"]
        await stage.end()
        assert listed(stage.media.replay_multivariant()) == ["source.m3u8"]
    async with live_stage(tmp_path / "b", ["audio"]) as stage:
        stage.feeder.configure(make_init("s", codecs="mp4a.40.2", height=None))
        stage.feeder.segment()
        text = stage.media.live_multivariant()
        assert listed(text) == ["audio.m3u8"]
        assert 'CODECS="mp4a.40.2"' in (text or "")


async def test_sound_alone_reports_no_siblings_and_is_reported_by_none(tmp_path: Path) -> None:
    async with live_stage(tmp_path, ["source", "480p", "audio"]) as stage:
        stage.feeder.segment()
        reports = {
            name: [report["URI"] for report in read_playlist(one.live_playlist().decode()).reports]
            for name, one in stage.media.renditions.items()
        }
        assert reports == {"source": ["480p.m3u8"], "480p": ["source.m3u8"], "audio": []}


async def test_the_replay_lists_only_renditions_that_cover_the_whole_lecture(tmp_path: Path) -> None:
    async with live_stage(tmp_path, ["source", "480p", "720p"]) as stage:
        stage.feeder.open(to=("source", "480p"))
        stage.feeder.part(to=("source", "480p"))
        stage.feeder.close(to=("source", "480p"))
        stage.feeder.segments(4)
        await stage.end()
        assert listed(stage.media.replay_multivariant()) == ["source.m3u8", "480p.m3u8"]


async def test_a_shed_rendition_leaves_both_multivariant_playlists(tmp_path: Path) -> None:
    async with live_stage(tmp_path) as stage:
        stage.feeder.segments(2)
        stage.media.shed("480p")
        assert listed(stage.media.live_multivariant()) == ["source.m3u8"]
        await stage.end()
        assert listed(stage.media.replay_multivariant()) == ["source.m3u8"]


async def test_the_cuts_of_the_lecture_feed_a_shed_rendition_with_gaps(tmp_path: Path) -> None:
    async with live_stage(tmp_path) as stage:
        stage.feeder.segments(2)
        stage.media.shed("480p")
        stage.feeder.segments(3)
        shed = read_playlist(stage.media.renditions["480p"].live_playlist().decode(), shed=True)
        assert [segment.gap for segment in shed.segments] == [False, False, True, True, True]
        source = read_playlist(stage.source.live_playlist().decode())
        assert shed.segments[-1].date == source.segments[-1].date
        stage.feeder.segment()
        assert stage.media.renditions["480p"].is_gone


async def test_the_name_of_a_rendition_cannot_be_a_path(tmp_path: Path) -> None:
    async with live_stage(tmp_path) as stage:
        for name in ("..", "a/b", "", "A", "ü"):
            with pytest.raises(ValueError, match="cannot be the name"):
                stage.media.rendition(name)


async def test_closing_ends_the_playlist_and_reopening_goes_on(tmp_path: Path) -> None:
    async with live_stage(tmp_path) as stage:
        watch = PlaylistWatch()
        stage.feeder.segments(3)
        watch.load(stage.source.live_playlist().decode())
        stage.media.set_air(AirState.CLOSED)
        assert stage.media.is_finished
        assert read_playlist(stage.source.live_playlist().decode()).ended
        stage.media.set_air(AirState.LIVE)
        stage.feeder.publication = 2
        stage.feeder.segment(discontinuity=True)
        playlist = watch.load(stage.source.live_playlist().decode())
        assert not playlist.ended
        assert playlist.segments[3].discontinuity


async def test_another_generation_changes_every_uri(tmp_path: Path) -> None:
    async with live_stage(tmp_path) as stage:
        stage.feeder.segments(10)
        before, old = read_playlist(stage.source.live_playlist().decode()), stage.media.token
        stage.media.set_generation(2)
        after = read_playlist(stage.source.live_playlist().decode())
        assert not set(before.uris) & set(after.uris)
        assert old in stage.media.outdated_tokens
        assert stage.media.token not in stage.media.outdated_tokens


class TestAfterARestart:
    async def killed(self, folder: Path) -> None:
        async with live_stage(folder) as stage:
            stage.media.publication_began(1, at=DATE, encoder="OBS")
            stage.feeder.segments(8)
            stage.feeder.open()
            stage.feeder.part()
            stage.feeder.part(to=("source",))

    async def taken_up(self, stage: Stage) -> None:
        """The next encoder begins."""
        stage.feeder.publication = 2
        stage.feeder.segment(discontinuity=True)

    async def test_the_same_lecture_goes_on(self, tmp_path: Path) -> None:
        await self.killed(tmp_path)
        async with live_stage(tmp_path) as stage:
            assert stage.media.end == 42 * PART
            assert stage.media.last_publication == 1
            assert stage.media.dates_end == pytest.approx(DATE + 42 * PART / TICKS_PER_SECOND)
            assert stage.media.cut_table().next_msn == 9
            await self.taken_up(stage)
            source, rung = (
                read_playlist(stage.media.renditions[name].live_playlist().decode())
                for name in ("source", "480p")
            )
            assert [segment.msn for segment in source.segments] == list(range(10))
            assert source.duration == rung.duration
            assert source.segments[9].discontinuity
            assert rung.segments[9].discontinuity
            assert source.duration == pytest.approx(47 * 0.4)

    async def test_no_uri_has_two_contents(self, tmp_path: Path, clock: Any) -> None:
        await self.killed(tmp_path)
        clock.advance(seconds=1)
        async with live_stage(tmp_path, clock=clock) as stage:
            await self.taken_up(stage)
            epochs = {segment.epoch for segment in stage.source.closed}
            assert len(epochs) == 2
            assert stage.source.closed[-1].epoch == stage.library.epoch

    async def test_the_parts_of_a_segment_that_was_cut_short_are_listed_only_where_they_fill_it(
        self, tmp_path: Path
    ) -> None:
        await self.killed(tmp_path)
        async with live_stage(tmp_path) as stage:
            await self.taken_up(stage)
            rung = read_playlist(stage.media.renditions["480p"].live_playlist().decode())
            assert [len(segment.parts) for segment in rung.segments[-3:]] == [5, 0, 5]

    async def test_a_rendition_that_the_new_encoder_lacks_for_a_while_has_gaps(self, tmp_path: Path) -> None:
        await self.killed(tmp_path)
        async with live_stage(tmp_path) as stage:
            for _ in range(2):
                stage.feeder.open(to=("source",))
                stage.feeder.part(to=("source",))
                stage.feeder.close(to=("source",))
            stage.feeder.segment()
            rung = read_playlist(stage.media.renditions["480p"].live_playlist().decode())
            assert [segment.gap for segment in rung.segments[-4:]] == [False, True, True, False]

    async def test_a_shed_rendition_stays_shed(self, tmp_path: Path) -> None:
        async with live_stage(tmp_path) as stage:
            stage.feeder.segments(2)
            stage.media.shed("480p")
        async with live_stage(tmp_path, ["source"]) as stage:
            assert stage.media.renditions["480p"].is_gone
            assert NUMBER in str(stage.media.folder)
