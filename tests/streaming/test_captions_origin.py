"""Live captions as the origin gives them out: listed only while they are on, 410 the moment they are off."""

from pathlib import Path

import pytest

from schedules.states import AirState, ReplayState
from streaming.captions import Caption, CaptionTrack
from streaming.segments import TICKS_PER_SECOND
from tests.support.asgi import begin, fetch
from tests.support.hls_checker import PlaylistWatch, attributes
from tests.support.origins import LIVE, REPLAY, media_uri, on_air
from tests.support.stage import Stage
from tests.support.until import until

CAPTIONS = f"{LIVE}/captions.m3u8"
SECOND = TICKS_PER_SECOND


class Nobody:
    """A `CaptionSource` that is told and does nothing."""

    def placed(self, heard: Caption, shown: Caption) -> None:
        pass


def switched_on(stage: Stage) -> CaptionTrack:
    return stage.media.open_captions(Nobody())


async def test_the_multivariant_playlist_lists_them_only_while_they_are_on(tmp_path: Path) -> None:
    async with on_air(tmp_path) as (stage, origin):
        stage.feeder.segments(1)
        before = (await fetch(origin, f"{LIVE}/index.m3u8")).text
        assert "SUBTITLES" not in before
        switched_on(stage)
        lines = (await fetch(origin, f"{LIVE}/index.m3u8")).text.splitlines()
        media = [attributes(line.partition(":")[2]) for line in lines if line.startswith("#EXT-X-MEDIA:")]
        assert media == [
            {
                "TYPE": "SUBTITLES",
                "GROUP-ID": "captions",
                "NAME": "实时字幕，可能有误",
                "LANGUAGE": "zh-CN",
                "DEFAULT": "NO",
                "AUTOSELECT": "YES",
                "FORCED": "NO",
                "URI": "captions.m3u8",
            }
        ]
        streams = [line for line in lines if line.startswith("#EXT-X-STREAM-INF:")]
        assert len(streams) == 2
        assert all(line.endswith(',SUBTITLES="captions"') for line in streams)
        stage.media.close_captions()
        assert (await fetch(origin, f"{LIVE}/index.m3u8")).text == before


async def test_the_rendition_has_the_segments_of_the_media_with_their_numbers_lengths_and_dates(
    tmp_path: Path,
) -> None:
    async with on_air(tmp_path) as (stage, origin):
        stage.feeder.segments(2)
        stage.feeder.open()
        track = switched_on(stage)
        track.add(Caption(3 * SECOND, 7 * SECOND, "行政复议"))
        for _ in range(5):
            stage.feeder.part()
        stage.feeder.close()
        stage.feeder.segment(discontinuity=True)
        stage.feeder.segments(1)
        captions, source = PlaylistWatch(), PlaylistWatch()
        captions.load((await fetch(origin, CAPTIONS)).text, subtitles=True)
        source.load((await fetch(origin, f"{LIVE}/source.m3u8")).text)
        assert list(captions.segments) == [2, 3, 4]
        for msn, segment in captions.segments.items():
            other = source.segments[msn]
            for name in ("duration", "date", "discontinuity", "discontinuity_sequence"):
                assert getattr(segment, name) == getattr(other, name), (msn, name)
        for msn, is_there in {2: True, 3: True, 4: False}.items():
            answer = await fetch(origin, media_uri(stage, f"captions/{msn}.vtt"))
            assert answer.status == 200
            assert answer.headers["content-type"] == "text/vtt; charset=utf-8"
            assert answer.headers["cache-control"] == "public, max-age=1"
            assert ("00:00:04.000 --> 00:00:08.000\n行政复议" in answer.text) == is_there


async def test_a_player_waits_for_the_next_segment_and_gets_delta_updates(tmp_path: Path) -> None:
    async with on_air(tmp_path) as (stage, origin):
        switched_on(stage)
        stage.feeder.segments(16)
        watch = PlaylistWatch()
        watch.load((await fetch(origin, CAPTIONS)).text, subtitles=True)
        held = begin(origin, f"{CAPTIONS}?_HLS_msn=16&_HLS_skip=YES")
        await until(lambda: len(stage.media.captions.changes) == 1 if stage.media.captions else False)
        stage.feeder.segments(1)
        delta = watch.load((await held.finish()).text, subtitles=True)
        assert delta.skipped > 0
        assert delta.segments[-1].msn == 16
        assert (await fetch(origin, f"{CAPTIONS}?_HLS_msn=19")).status == 400


async def test_without_a_switch_there_are_none_and_before_the_first_segment_it_is_waited_for(
    tmp_path: Path,
) -> None:
    async with on_air(tmp_path, hold=0.05) as (stage, origin):
        stage.feeder.segments(1)
        assert (await fetch(origin, CAPTIONS)).status == 410
        assert (await fetch(origin, media_uri(stage, "captions/0.vtt"))).status == 410
        switched_on(stage)
        assert (await fetch(origin, CAPTIONS)).status == 404
        stage.feeder.segments(1)
        assert (await fetch(origin, CAPTIONS)).status == 200
        assert (await fetch(origin, media_uri(stage, "captions/0.vtt"))).status == 404
        assert (await fetch(origin, media_uri(stage, "captions/1.vtt", epoch="older"))).status == 410


def _switch(stage: Stage) -> None:
    stage.media.close_captions()


def _close(stage: Stage) -> None:
    stage.media.set_air(AirState.CLOSED)


def _end(stage: Stage) -> None:
    stage.media.set_air(AirState.ENDED)


def _cut(stage: Stage) -> None:
    stage.media.set_replay(ReplayState.WITHDRAWN)
    stage.media.set_generation(2)


@pytest.mark.parametrize("what", [_switch, _close, _end, _cut])
async def test_whatever_ends_them_answers_410_at_once_to_who_waits_too(tmp_path: Path, what: object) -> None:
    async with on_air(tmp_path, hold=30) as (stage, origin):
        track = switched_on(stage)
        stage.feeder.segments(2)
        segment = media_uri(stage, "captions/0.vtt")
        assert (await fetch(origin, segment)).status == 200
        held = begin(origin, f"{CAPTIONS}?_HLS_msn=2")
        await until(lambda: len(track.changes) == 1)
        assert callable(what)
        what(stage)
        assert (await held.finish()).status == 410
        for path in (CAPTIONS, f"{CAPTIONS}?_HLS_msn=1", segment):
            assert (await fetch(origin, path)).status == 410
        assert stage.media.captions is None


async def test_a_replay_knows_nothing_of_them_and_switched_on_again_no_address_has_two_contents(
    tmp_path: Path,
) -> None:
    async with on_air(tmp_path) as (stage, origin):
        first = switched_on(stage)
        stage.feeder.segments(2)
        stage.media.close_captions()
        second = switched_on(stage)
        stage.feeder.segments(1)
        assert [entry.msn for entry in first.closed] == [0, 1]
        assert [entry.msn for entry in second.closed] == [2]
        await stage.end()
        assert "SUBTITLES" not in (await fetch(origin, f"{REPLAY}/index.m3u8")).text
        assert (await fetch(origin, f"{REPLAY}/captions.m3u8")).status == 404
        assert (await fetch(origin, CAPTIONS)).status == 410
        assert not list(stage.media.folder.rglob("*captions*"))
