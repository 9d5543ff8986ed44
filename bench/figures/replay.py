"""The replay is the whole lecture: as long as what was received, every rung decodes to its end."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urljoin

from bench.decode import Decoded, decode
from bench.figure import Bench, Detail, Row, log
from bench.figures.end import playable
from bench.hls import MediaPlaylist, parse_media, parse_multivariant
from bench.http1 import Client
from bench.media import Clip, clip
from bench.process import StartError
from bench.publisher import file_push
from bench.server import weiketang
from bench.waiting import first_listed

PART_SECONDS = 0.4


@dataclass(frozen=True, slots=True)
class Rung:
    """A replay rendition: its name, its playlist, and what decoding all of it gave."""

    name: str
    playlist: MediaPlaylist
    decoded: Decoded

    @property
    def faults(self) -> int:
        gaps = sum(segment.gap for segment in self.playlist.segments)
        return len(self.decoded.errors) + self.decoded.corrupt + gaps


async def read_rung(client: Client, url: str) -> Rung:
    """Fetch and decode a whole rendition, init section by init section."""
    answer = await client.get(url)
    playlist = parse_media(answer.text)
    runs: list[tuple[str | None, list[bytes]]] = []
    for segment in playlist.segments:
        if segment.gap:
            continue
        media = await client.get(urljoin(url, segment.uri))
        if media.status != 200:
            raise StartError(f"{segment.uri} answered {media.status}")
        if not runs or runs[-1][0] != segment.init_uri:
            runs.append((segment.init_uri, []))
        runs[-1][1].append(media.body)
    whole = Decoded()
    for init_uri, bodies in runs:
        init = (await client.get(urljoin(url, init_uri))).body if init_uri else b""
        decoded = await asyncio.to_thread(decode, init + b"".join(bodies), stamps=False)
        whole.pictures += decoded.pictures
        whole.corrupt += decoded.corrupt
        whole.audio_frames += decoded.audio_frames
        whole.errors += decoded.errors
    return Rung(url.rpartition("/")[2].partition(".")[0], playlist, whole)


async def read_replay(replay_url: str) -> list[Rung]:
    """Every rung of the ladder, and the audio-only rendition, which is a playlist of its own beside it."""
    async with Client(replay_url) as client:
        multivariant = (await client.get(replay_url)).text
        urls = [variant.uri for variant in parse_multivariant(multivariant, replay_url)]
        return [await read_rung(client, url) for url in (*urls, urljoin(replay_url, "audio.m3u8"))]


async def run(bench: Bench) -> AsyncIterator[Row]:
    """Push a ready-made file to its end, the ladder on; end the lecture; read the replay back."""
    if not bench.ours:
        return
    source = await clip()
    async with bench.folder() as folder, weiketang(folder, ladder="480p") as server:
        lecture = await server.create("Bench replay")
        async with file_push(lecture.publish_url, source, folder=folder, loop=False) as publisher:
            await first_listed(lecture.playlist_url)
            await publisher.process.wait()
        await server.end(lecture)
        await playable(lecture.replay_url)
        received = (await server.show(lecture))["received_seconds"]
        rungs = await read_replay(lecture.replay_url)
    for rung in rungs:
        log.info("replay: %s %.3f s of %.3f s", rung.name, rung.playlist.duration, received)
        for row in rows(rung, source, received):
            yield row


def rows(rung: Rung, source: Clip, received: float) -> list[Row]:
    details: dict[str, Detail] = {
        "replay_seconds": round(rung.playlist.duration, 3),
        "received_seconds": received,
        "file_seconds": source.seconds,
        "pictures": rung.decoded.pictures,
        "audio_frames": rung.decoded.audio_frames,
        "first_errors": [*rung.decoded.errors[:3]],
    }
    off = max(abs(rung.playlist.duration - seconds) for seconds in (received, source.seconds))
    measured = [
        Row("weiketang", f"{rung.name}: replay length off by", off, "s", PART_SECONDS, details=details),
        Row("weiketang", f"{rung.name}: decoding faults and gaps", rung.faults, "", 0.0),
    ]
    if rung.name != "audio":
        missing = source.frames - rung.decoded.pictures
        measured.append(Row("weiketang", f"{rung.name}: pictures missing", missing, "", 0.0))
    return measured
