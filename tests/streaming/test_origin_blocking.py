import asyncio
import socket
from pathlib import Path

import pytest
import uvicorn

from schedules.states import AirState
from tests.support.asgi import begin, fetch
from tests.support.feeder import PARTS_PER_SEGMENT, part_bytes
from tests.support.hls_checker import PlaylistWatch, read_playlist
from tests.support.origins import LIVE, media_uri, on_air
from tests.support.until import until


class TestBlockingReload:
    async def test_a_request_waits_for_its_part(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(2)
            held = begin(origin, f"{LIVE}/source.m3u8?_HLS_msn=2&_HLS_part=1")
            stage.feeder.open()
            stage.feeder.part()
            await until(lambda: len(stage.source.changes) == 1)
            assert held.answer.status == 0
            stage.feeder.part()
            answer = await held.finish()
            assert len(read_playlist(answer.text).open.parts) == 2
            assert answer.headers["cache-control"] == "public, max-age=24"

    async def test_a_request_without_part_waits_for_the_whole_segment(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(2)
            held = begin(origin, f"{LIVE}/source.m3u8?_HLS_msn=2")
            stage.feeder.open()
            stage.feeder.part()
            await until(lambda: len(stage.source.changes) == 1)
            stage.feeder.close()
            assert read_playlist((await held.finish()).text).segments[-1].msn == 2

    async def test_a_part_behind_the_segments_end_is_the_next_segments_first(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(2)
            stage.feeder.open()
            stage.feeder.part()
            held = begin(origin, f"{LIVE}/source.m3u8?_HLS_msn=2&_HLS_part=1")
            await until(lambda: len(stage.source.changes) == 1)
            stage.feeder.close()
            await until(lambda: len(stage.source.changes) == 1)
            assert held.answer.status == 0
            stage.feeder.open()
            stage.feeder.part()
            assert read_playlist((await held.finish()).text).open.msn == 3

    @pytest.mark.parametrize(
        "query",
        ["_HLS_msn=4", "_HLS_msn=99&_HLS_part=0", "_HLS_part=1", "_HLS_msn=x", "_HLS_msn=2&_HLS_part=7"],
    )
    async def test_what_is_too_far_or_makes_no_sense_is_400_at_once(self, tmp_path: Path, query: str) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(2)
            answer = await fetch(origin, f"{LIVE}/source.m3u8?{query}")
            assert (answer.status, answer.headers["cache-control"]) == (400, "no-store")

    async def test_it_is_held_for_a_time_only_and_then_kept_by_no_cache(self, tmp_path: Path) -> None:
        async with on_air(tmp_path, hold=0.02) as (stage, origin):
            stage.feeder.segments(2)
            answer = await fetch(origin, f"{LIVE}/source.m3u8?_HLS_msn=2&_HLS_part=0")
            assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
            assert len(read_playlist(answer.text).segments) == 2

    async def test_it_is_answered_at_once_when_the_lecture_closes(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(2)
            held = begin(origin, f"{LIVE}/source.m3u8?_HLS_msn=2&_HLS_part=0")
            await until(lambda: len(stage.source.changes) == 1)
            stage.media.set_air(AirState.ENDED)
            answer = await held.finish()
            assert read_playlist(answer.text).ended
            assert answer.headers["cache-control"] == "no-store"
            later = await fetch(origin, f"{LIVE}/source.m3u8?_HLS_msn=77")
            assert read_playlist(later.text).ended

    async def test_it_ends_when_the_client_leaves(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(2)
            held = begin(origin, f"{LIVE}/source.m3u8?_HLS_msn=2&_HLS_part=0")
            await until(lambda: len(stage.source.changes) == 1)
            held.leave()
            assert (await held.finish()).status == 0
            assert len(stage.source.changes) == 0

    async def test_a_rendition_that_is_listed_but_empty_is_waited_for(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.open()
            stage.feeder.part(to=("source",))
            held = begin(origin, f"{LIVE}/480p.m3u8")
            await until(lambda: len(stage.media.renditions["480p"].changes) == 1)
            stage.feeder.part(to=("480p",))
            assert len(read_playlist((await held.finish()).text).open.parts) == 1

    async def test_many_players_follow_the_lecture_part_by_part(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(15)
            stage.feeder.open()
            stage.feeder.part()

            async def play() -> PlaylistWatch:
                watch = PlaylistWatch()
                now = watch.load((await fetch(origin, f"{LIVE}/source.m3u8")).text)
                while now.open.msn < 17:
                    query = f"_HLS_msn={now.open.msn}&_HLS_part={len(now.open.parts)}&_HLS_skip=YES"
                    now = watch.load((await fetch(origin, f"{LIVE}/source.m3u8?{query}")).text)
                    assert now.hint is not None
                    part = await fetch(origin, now.hint.removeprefix("../.."))
                    assert part.status in (200, 404)  # the hinted part may not come when a segment ends
                return watch

            players = [asyncio.create_task(play()) for _ in range(60)]
            for count in range(1, 2 * PARTS_PER_SEGMENT + 1):
                await until(lambda: len(stage.source.changes) == len(players))
                if count % PARTS_PER_SEGMENT == 0:
                    stage.feeder.close()
                    stage.feeder.open()
                stage.feeder.part()
            watches = await asyncio.gather(*players)
            assert {max(watch.segments) for watch in watches} == {16}


class TestHintedParts:
    async def test_a_hinted_part_is_waited_for(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(2)
            hint = read_playlist((await fetch(origin, f"{LIVE}/source.m3u8")).text).hint
            assert hint is not None
            held = begin(origin, hint.removeprefix("../.."))
            await until(lambda: len(stage.source.changes) == 1)
            stage.feeder.open()
            stage.feeder.part()
            answer = await held.finish()
            assert answer.body == part_bytes("source", 2, 0)
            assert answer.headers["cache-control"] == "public, max-age=60"

    async def test_one_that_never_comes_is_404_as_soon_as_that_is_known(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(1)
            stage.feeder.open()
            stage.feeder.part()
            held = begin(origin, media_uri(stage, "source/1.1.m4s"))
            await until(lambda: len(stage.source.changes) == 1)
            stage.feeder.close()
            answer = await held.finish()
            assert (answer.status, answer.headers["cache-control"]) == (404, "no-store")

    async def test_it_is_held_for_a_time_only(self, tmp_path: Path) -> None:
        async with on_air(tmp_path, hold=0.02) as (stage, origin):
            stage.feeder.segments(1)
            assert (await fetch(origin, media_uri(stage, "source/1.0.m4s"))).status == 404

    async def test_a_client_that_leaves_gets_no_answer(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(1)
            held = begin(origin, media_uri(stage, "source/1.0.m4s"))
            await until(lambda: len(stage.source.changes) == 1)
            held.leave()
            assert (await held.finish()).status == 0

    async def test_parts_that_are_not_hinted_at_are_404(self, tmp_path: Path) -> None:
        async with on_air(tmp_path) as (stage, origin):
            stage.feeder.segments(1)
            for file in ("source/1.1.m4s", "source/2.0.m4s", "source/0.9.m4s"):
                assert (await fetch(origin, media_uri(stage, file))).status == 404


async def test_a_player_that_hangs_up_is_not_waited_for_behind_a_real_server(tmp_path: Path) -> None:
    async with on_air(tmp_path, hold=60) as (stage, origin):
        stage.feeder.segments(2)
        config = uvicorn.Config(origin, log_config=None, lifespan="off", http="httptools", ws="none")
        with socket.create_server(("127.0.0.1", 0)) as listener:
            server = uvicorn.Server(config)
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            await until(lambda: server.started)
            reader, writer = await asyncio.open_connection(*listener.getsockname())
            writer.write(
                f"GET {LIVE}/source.m3u8?_HLS_msn=2&_HLS_part=0 HTTP/1.1\r\nHost: h\r\n\r\n".encode()
            )
            await until(lambda: len(stage.source.changes) == 1)
            writer.close()
            await writer.wait_closed()
            await until(lambda: len(stage.source.changes) == 0)
            server.should_exit = True
            await serving
        assert reader.at_eof()
