"""The lecture is ended → its replay is playable: its playlists have ENDLIST, its first segment is there.

Ended by the bureau's button, counted from the sending of the form; and by `weiketang broadcast end`, counted from
the start of the command (whose own start is Python's). Both while the encoder is still pushing.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from time import monotonic
from urllib.parse import urljoin

from bench.desk import desk
from bench.figure import Bench, Detail, Row, log
from bench.hls import parse_media
from bench.http1 import Client
from bench.media import Clip, clip
from bench.publisher import file_push
from bench.server import Lecture, Weiketang, weiketang
from bench.stats import median
from bench.waiting import Listed, first_listed, media_playlist_url, until

TARGET_SECONDS = 1.0

Ender = Callable[[Lecture], Awaitable[None]]


async def playable(replay_url: str) -> Listed:
    """Wait until a player would play the replay from its start to its end."""
    async with Client(replay_url) as client:

        async def look() -> Listed | None:
            url = await media_playlist_url(client, replay_url)
            if url is None:
                return None
            playlist = parse_media((await client.get(url)).text)
            if not playlist.ended or not playlist.segments:
                return None
            first = await client.get(urljoin(url, playlist.segments[0].uri))
            return Listed(url, playlist, first.completed_at) if first.status == 200 else None

        return await until(look, f"a replay at {replay_url}")


async def once(server: Weiketang, end: Ender, source: Clip) -> float:
    """Seconds from the request to end to a playable replay."""
    lecture = await server.create("Bench end")
    async with file_push(lecture.publish_url, source, folder=server.child.log.parent):
        await first_listed(lecture.playlist_url, segments=3)
        waiting = asyncio.create_task(playable(lecture.replay_url))
        begun = monotonic()
        await end(lecture)
        return (await waiting).at - begun


async def run(bench: Bench) -> AsyncIterator[Row]:
    if not bench.ours:
        return
    source = await clip()
    runs = bench.choose(7, 2)
    async with bench.folder() as folder, weiketang(folder) as server, desk(server) as bureau:
        by_button = [await once(server, bureau.end, source) for _ in range(runs)]
        log.info("end: by the button %s", by_button)
        by_command = [await once(server, server.end, source) for _ in range(runs)]
        log.info("end: by the command %s", by_command)
    yield Row(
        "weiketang",
        "the bureau's button → replay playable",
        median(by_button),
        "s",
        TARGET_SECONDS,
        details=details(by_button),
    )
    what = "weiketang broadcast end → replay playable (start of Python included)"
    yield Row("weiketang", what, median(by_command), "s", details=details(by_command))


def details(waits: list[float]) -> dict[str, Detail]:
    return {"runs": len(waits), "max": round(max(waits), 3)}
