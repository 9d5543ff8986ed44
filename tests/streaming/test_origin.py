import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.clock import ManualClock
from schedules.states import AirState, ReplayState
from streaming.library import LectureFacts
from streaming.origin import Origin
from streaming.segment_cache import SegmentCache
from tests.support.asgi import begin, fetch
from tests.support.feeder import make_init, part_bytes
from tests.support.hls_checker import PlaylistWatch, read_playlist
from tests.support.origins import LIVE, REPLAY, media_uri, on_air, segment_bytes
from tests.support.stage import NUMBER, live_stage
from tests.support.until import until

LATER = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


class TestPlaylists:
    async def test_there_is_nothing_before_there_is_media(self, tmp_path: Path) -> None:
        async with on_air(tmp_path, hold=0.01) as (_stage, origin):
            for path in (f"{LIVE}/index.m3u8", f"{LIVE}/source.m3u8", f"{REPLAY}/index.m3u8"):
                answer = await fetch(origin, path)
                assert (answer.status, answer.headers["cache-control"]) == (404, "no-store")

    async def test_uris_lead_to_the_media_wherever_the_site_is_mounted(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(2)
            answer = await fetch(origin, f"{LIVE}/source.m3u8", root_path="/class")
            segment = read_playlist(answer.text).segments[1]
            assert segment.uri.startswith("../../media/")
            answer = await fetch(origin, segment.uri.removeprefix("../.."), root_path="/class")
            assert answer.body == segment_bytes("source", 1)
            assert segment.map_uri is not None
            answer = await fetch(origin, segment.map_uri.removeprefix("../.."))
            assert answer.body == make_init().data

    async def test_live_playlists_are_kept_for_a_moment(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(2)
            for name in ("index", "source"):
                answer = await fetch(origin, f"{LIVE}/{name}.m3u8")
                assert answer.status == 200
                assert answer.headers["cache-control"] == "public, max-age=1"
                assert answer.headers["content-type"] == "application/vnd.apple.mpegurl"
                assert answer.headers["vary"] == "Accept-Encoding"
                assert answer.headers["access-control-allow-origin"] == "*"
                assert int(answer.headers["content-length"]) == len(answer.body)

    async def test_gzip_says_the_same_in_fewer_bytes(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(20)
            plain = await fetch(origin, f"{LIVE}/source.m3u8")
            small = await fetch(origin, f"{LIVE}/source.m3u8", headers={"Accept-Encoding": "gzip, br"})
            assert "content-encoding" not in plain.headers
            assert small.headers["content-encoding"] == "gzip"
            assert gzip.decompress(small.body) == plain.body
            assert len(small.body) < len(plain.body) / 4

    async def test_delta_updates_are_for_those_who_ask(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(20)
            watch = PlaylistWatch()
            watch.load((await fetch(origin, f"{LIVE}/source.m3u8")).text)
            stage.feeder.segment()
            answer = await fetch(origin, f"{LIVE}/source.m3u8?_HLS_msn=20&_HLS_skip=YES")
            assert watch.load(answer.text).skipped > 0

    async def test_what_does_not_exist_is_404(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(2)
            for path in (
                f"{LIVE}/1080p.m3u8",
                f"{LIVE}/source",
                f"{LIVE}/source.m3u8/x",
                f"{LIVE}/",
                "/live/2026-11-3/index.m3u8",
                "/live/../journal.jsonl",
                "/live/index.m3u8",
                "/",
            ):
                answer = await fetch(origin, path)
                assert (answer.status, answer.headers["cache-control"]) == (404, "no-store"), path

    async def test_a_shed_rendition_is_404_once_its_gaps_are_listed(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(2)
            stage.media.shed("480p")
            stage.feeder.segments(3)
            assert (await fetch(origin, f"{LIVE}/480p.m3u8")).status == 200
            held = begin(origin, f"{LIVE}/480p.m3u8?_HLS_msn=5")
            await until(lambda: len(stage.media.renditions["480p"].changes) == 1)
            stage.feeder.segment()
            assert (await held.finish()).status == 404
            assert (await fetch(origin, f"{LIVE}/480p.m3u8")).status == 404

    async def test_there_is_no_replay_while_the_lecture_is_live(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(2)
            for name in ("index", "source"):
                answer = await fetch(origin, f"{REPLAY}/{name}.m3u8")
                assert (answer.status, answer.headers["cache-control"]) == (404, "no-store")
            stage.media.set_air(AirState.CLOSED)
            for name, keep in (("index", "max-age=5"), ("source", "max-age=5")):
                answer = await fetch(origin, f"{REPLAY}/{name}.m3u8")
                assert answer.status == 200
                assert keep in answer.headers["cache-control"]
            assert read_playlist((await fetch(origin, f"{REPLAY}/source.m3u8")).text).ended
            stage.media.set_air(AirState.ENDED)
            answer = await fetch(origin, f"{REPLAY}/source.m3u8")
            assert "max-age=60" in answer.headers["cache-control"]

    async def test_head_has_the_headers_of_get_without_the_body(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(2)
            for path in (f"{LIVE}/source.m3u8", media_uri(stage, "source/1.m4s"), f"{LIVE}/none.m3u8"):
                get = await fetch(origin, path)
                head = await fetch(origin, path, method="HEAD")
                assert head.body == b""
                assert (head.status, head.headers) == (get.status, get.headers)

    async def test_other_sites_may_ask_first(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (_stage, origin):
            answer = await fetch(origin, f"{LIVE}/index.m3u8", method="OPTIONS")
            assert answer.status == 204
            assert answer.headers["access-control-allow-origin"] == "*"
            assert "GET" in answer.headers["access-control-allow-methods"]
            assert answer.headers["access-control-max-age"] == "86400"

    async def test_nothing_can_be_posted(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (_stage, origin):
            answer = await fetch(origin, f"{LIVE}/index.m3u8", method="POST")
            assert answer.status == 405
            assert answer.headers["allow"] == "GET, HEAD, OPTIONS"

    async def test_a_lecture_that_cannot_be_looked_up_now_is_503(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, _):
            stage.feeder.segment()
            await stage.end()
        async with live_stage(tmp_path / "other") as other:
            other.facts.is_down = True
            (tmp_path / "other" / "lectures" / "2026-11-9").symlink_to(stage.media.folder)
            answer = await fetch(Origin(other.library), "/replay/2026-11-9/index.m3u8")
            assert (answer.status, answer.headers["cache-control"]) == (503, "no-store")


class TestMedia:
    async def test_hot_segments_and_parts_come_from_memory(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(3)
            stage.media.folder = tmp_path / "nowhere"
            answer = await fetch(origin, media_uri(stage, "480p/2.m4s"))
            assert answer.body == segment_bytes("480p", 2)
            assert answer.headers["content-type"] == "video/mp4"
            assert answer.headers["cache-control"] == "public, max-age=60"
            assert "Content-Range" in answer.headers["access-control-expose-headers"]
            answer = await fetch(origin, media_uri(stage, "480p/2.3.m4s"))
            assert answer.body == part_bytes("480p", 2, 3)

    async def test_older_segments_and_parts_come_from_their_file(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(20)
            journal = stage.media.journal
            assert journal is not None
            await journal.flush()
            assert stage.source.hot("3.m4s") is None
            assert (await fetch(origin, media_uri(stage, "source/3.m4s"))).body == segment_bytes("source", 3)
            assert stage.library.cache.size == 5000
            answer = await fetch(origin, media_uri(stage, "source/3.4.m4s"))
            assert answer.body == part_bytes("source", 3, 4)
            assert stage.library.cache.size == 5000

    async def test_after_a_restart_both_epochs_are_served(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, _):
            stage.feeder.segments(3)
            old = stage.library.epoch
        async with live_stage(tmp_path, clock=ManualClock(LATER)) as stage:
            origin = Origin(stage.library)
            stage.feeder.segment(discontinuity=True)
            uris = read_playlist((await fetch(origin, f"{LIVE}/source.m3u8")).text).uris
            assert [uri.split("/")[5] for uri in uris] == [old, old, old, stage.library.epoch]
            for msn, uri in enumerate(uris):
                assert (await fetch(origin, uri.removeprefix("../.."))).body == segment_bytes("source", msn)
            assert (await fetch(origin, media_uri(stage, "source/3.m4s", epoch=old))).status == 404
            assert (await fetch(origin, media_uri(stage, "source/2.m4s"))).status == 404

    async def test_sound_alone_says_so(self, tmp_path: Path) -> None:
        async with on_air(tmp_path, "source", "audio") as (stage, origin):
            stage.feeder.configure(make_init("s", codecs="mp4a.40.2", height=None))
            stage.feeder.segment()
            answer = await fetch(origin, media_uri(stage, "audio/0.m4s"))
            assert answer.headers["content-type"] == "audio/mp4"
            answer = await fetch(origin, f"/media/{NUMBER}/{stage.media.token}/init/s.mp4")
            assert answer.headers["content-type"] == "audio/mp4"

    async def test_a_range_is_answered_with_that_range(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segment()
            whole = segment_bytes("source", 0)
            uri = media_uri(stage, "source/0.m4s")
            answer = await fetch(origin, uri, headers={"Range": "bytes=100-299"})
            assert (answer.status, answer.body) == (206, whole[100:300])
            assert answer.headers["content-range"] == "bytes 100-299/5000"
            assert answer.headers["content-length"] == "200"
            answer = await fetch(origin, uri, headers={"Range": "bytes=9000-"})
            assert (answer.status, answer.headers["content-range"]) == (416, "bytes */5000")
            answer = await fetch(origin, uri, headers={"Range": "bytes=0-1,4-5"})
            assert (answer.status, answer.body) == (200, whole)

    async def test_media_of_a_lecture_that_has_ended_is_kept_longer_by_viewers_alone(
        self, tmp_path: Path
    ) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(3)
            uri = media_uri(stage, "source/0.m4s")
            await stage.end()
            answer = await fetch(origin, uri)
            assert answer.body == segment_bytes("source", 0)
            assert answer.headers["cache-control"] == "public, max-age=3600, s-maxage=60"

    async def test_media_of_an_older_generation_is_gone_and_of_none_unknown(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(3)
            segment, init = (
                media_uri(stage, "source/0.m4s"),
                f"/media/{NUMBER}/{stage.media.token}/init/a.mp4",
            )
            stage.media.set_generation(2)
            for uri in (segment, init):
                answer = await fetch(origin, uri)
                assert (answer.status, answer.headers["cache-control"]) == (410, "no-store")
            for uri in (media_uri(stage, "source/0.m4s"), f"/media/{NUMBER}/{stage.media.token}/init/a.mp4"):
                assert (await fetch(origin, uri)).status == 200
            assert (await fetch(origin, media_uri(stage, "source/0.m4s", token="a" * 16))).status == 404

    async def test_a_withdrawal_reaches_a_replay(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("streaming.library.FACTS_SECONDS", 0.0)
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(3)
            uri = media_uri(stage, "source/0.m4s")
            await stage.end()
            assert (await fetch(origin, uri)).status == 200
            stage.facts.facts = LectureFacts(2, AirState.ENDED)
            await fetch(origin, uri)
            await until(lambda: stage.media.token not in uri)
            assert (await fetch(origin, uri)).status == 410

    @pytest.mark.parametrize(
        "file",
        [
            "source/00.m4s",
            "source/0.m4s.bak",
            "source/..%2f..%2fjournal.jsonl",
            "source/..",
            "source/-1.m4s",
            "source/0.0.0.m4s",
            "source/٣.m4s",
            "../journal.jsonl",
            "nothing/0.m4s",
            "source/99.m4s",
        ],
    )
    async def test_no_path_leads_out_of_the_listed_media(self, tmp_path: Path, file: str) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segment()
            answer = await fetch(origin, media_uri(stage, file))
            assert (answer.status, answer.headers["cache-control"]) == (404, "no-store")

    async def test_gaps_have_no_media(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segment()
            stage.feeder.open()
            stage.feeder.now += 90_000
            stage.feeder.close()
            assert (await fetch(origin, media_uri(stage, "source/1.m4s"))).status == 404

    async def test_a_file_that_is_missing_is_404_and_logged(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(3)
            uri = media_uri(stage, "source/0.m4s")
            await stage.end()
            (stage.media.folder / "source" / f"0-{stage.library.epoch}.m4s").unlink()
            stage.library.cache = SegmentCache(0)
            assert (await fetch(origin, uri)).status == 404
            assert "origin.segment_missing" in capsys.readouterr().out


class TestWithdrawal:
    async def test_a_withdrawn_replay_answers_410_everywhere(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(3)
            segment = media_uri(stage, "source/1.m4s")
            stage.media.set_air(AirState.ENDED)
            assert (await fetch(origin, segment)).status == 200
            stage.media.set_generation(2)
            stage.media.set_replay(ReplayState.WITHDRAWN)
            init = f"/media/{NUMBER}/{stage.media.token}/init/x.mp4"
            for path in (
                segment,
                media_uri(stage, "source/1.m4s"),
                init,
                f"{REPLAY}/index.m3u8",
                f"{REPLAY}/source.m3u8",
                f"{LIVE}/index.m3u8",
                f"{LIVE}/source.m3u8",
            ):
                answer = await fetch(origin, path)
                assert (answer.status, answer.headers["cache-control"]) == (410, "no-store"), path

    async def test_a_withheld_replay_is_not_found_until_it_is_made_public(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(3)
            stage.media.set_replay(ReplayState.WITHHELD)
            assert (await fetch(origin, f"{LIVE}/index.m3u8")).status == 200, (
                "the live itself is for everybody"
            )
            stage.media.set_air(AirState.CLOSED)
            for path in (f"{LIVE}/index.m3u8", f"{REPLAY}/index.m3u8", media_uri(stage, "source/1.m4s")):
                assert (await fetch(origin, path)).status == 404, path
            stage.media.set_replay(ReplayState.PUBLIC)
            assert (await fetch(origin, f"{REPLAY}/index.m3u8")).status == 200
