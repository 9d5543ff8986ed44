"""The replay is the whole lecture: as long as what was received, every rung decodes to its end."""

import asyncio
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
    async with Client(replay_url) as client:
        multivariant = (await client.get(replay_url)).text
        return [
            await read_rung(client, variant.uri) for variant in parse_multivariant(multivariant, replay_url)
        ]


async def run(bench: Bench) -> list[Row]:
    """Push a ready-made file to its end, the ladder on; end the lecture; read the replay back."""
    if not bench.ours:
        return []
    source = await clip()
    async with bench.folder() as folder, weiketang(folder, ladder="480p") as server:
        lecture = await server.create("Bench replay")
        async with file_push(lecture.publish_url, source, folder=folder, loop=False) as publisher:
            await first_listed(lecture.playlist_url)
            await publisher.process.wait()
        shown = await server.show(lecture)
        await server.end(lecture)
        await playable(lecture.replay_url)
        rungs = await read_replay(lecture.replay_url)
    log.info("replay: %s", shown)
    if not rungs:
        raise StartError(f"the replay at {lecture.replay_url} lists no rendition")
    return [row for rung in rungs for row in rows(rung, source)]


def rows(rung: Rung, source: Clip) -> list[Row]:
    details: dict[str, Detail] = {
        "replay_seconds": round(rung.playlist.duration, 3),
        "received_seconds": source.seconds,
        "pictures": rung.decoded.pictures,
        "pictures_sent": source.frames,
        "audio_frames": rung.decoded.audio_frames,
        "first_errors": [*rung.decoded.errors[:3]],
    }
    off = abs(rung.playlist.duration - source.seconds)
    return [
        Row("weiketang", f"{rung.name}: replay length off by", off, "s", PART_SECONDS, details=details),
        Row("weiketang", f"{rung.name}: decoding faults and gaps", rung.faults, "", 0.0),
        Row("weiketang", f"{rung.name}: pictures missing", source.frames - rung.decoded.pictures, "", 0.0),
    ]
