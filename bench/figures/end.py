"""`broadcast end` → the replay is playable: its playlists have ENDLIST, its first segment is there."""

import asyncio
from dataclasses import dataclass
from time import monotonic
from urllib.parse import urljoin

from bench.figure import Bench, Detail, Row, log
from bench.hls import parse_media
from bench.http1 import Client
from bench.media import clip
from bench.publisher import file_push
from bench.server import Lecture, Weiketang, weiketang
from bench.stats import median
from bench.waiting import Listed, first_listed, media_playlist_url, until

TARGET_SECONDS = 1.0
WHAT = "broadcast end done → replay playable"


@dataclass(frozen=True, slots=True)
class Ending:
    """Seconds: the command's own run, and from its begin and its end to a playable replay."""

    command: float
    from_begin: float
    from_end: float


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


async def once(server: Weiketang, lecture: Lecture) -> Ending:
    waiting = asyncio.create_task(playable(lecture.replay_url))
    begun = monotonic()
    await server.end(lecture)
    ended = monotonic()
    at = (await waiting).at
    return Ending(ended - begun, at - begun, at - ended)


async def run(bench: Bench) -> list[Row]:
    if not bench.ours:
        return []
    source = await clip()
    endings = []
    async with bench.folder() as folder, weiketang(folder) as server:
        for number in range(bench.choose(7, 2)):
            lecture = await server.create(f"Bench end {number}")
            async with file_push(lecture.publish_url, source, folder=folder):
                await first_listed(lecture.playlist_url, segments=3)
                endings.append(await once(server, lecture))
            log.info("end: %s", endings[-1])
    details: dict[str, Detail] = {
        "runs": len(endings),
        "max": round(max(ending.from_end for ending in endings), 3),
        "command_itself": round(median([ending.command for ending in endings]), 3),
    }
    after_command = median([ending.from_end for ending in endings])
    whole = median([ending.from_begin for ending in endings])
    return [
        Row(
            "weiketang",
            "broadcast end done → replay playable",
            after_command,
            "s",
            TARGET_SECONDS,
            details=details,
        ),
        Row("weiketang", "the same, from the command's begin (Python's start included)", whole, "s"),
    ]
