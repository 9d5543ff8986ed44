"""Requests a second: hot segment and live playlist, against nginx's sendfile of the same bytes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin

from bench.figure import Bench, Detail, Row, log
from bench.hls import parse_media
from bench.http1 import Client
from bench.media import clip
from bench.peers.nginx import nginx
from bench.process import StartError, free_port
from bench.publisher import file_push
from bench.server import weiketang
from bench.stats import median
from bench.waiting import first_listed
from bench.wrk import wrk

SEGMENT_RATIO, PLAYLIST_RATIO = 0.6, 0.35


@dataclass(slots=True)
class Series:
    """Rates of one kind of file, one entry a round."""

    name: str
    goal: float
    ours: list[float] = field(default_factory=list)
    nginx: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    failures: int = 0

    def rows(self) -> list[Row]:
        ratio = median([a / b for a, b in zip(self.ours, self.nginx, strict=True)])
        details: dict[str, Detail] = {
            "bytes": median(self.sizes),
            "rounds_weiketang": [round(rate) for rate in self.ours],
            "rounds_nginx": [round(rate) for rate in self.nginx],
            "failures": self.failures,
        }
        return [
            Row("weiketang", f"{self.name}: ratio to nginx", ratio, "", self.goal, "higher", details),
            Row("weiketang", self.name, median(self.ours), "req/s", better="higher"),
            Row("nginx sendfile", self.name, median(self.nginx), "req/s", better="higher"),
        ]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Our origin and an nginx that is given the same bytes."""

    playlist_url: str
    nginx_url: str
    www: Path
    seconds: int

    async def compare(self, url: str, body: bytes, series: Series) -> None:
        """One round: ours, then nginx."""
        await asyncio.to_thread((self.www / "file").write_bytes, body)
        ours = await wrk(url, seconds=self.seconds)
        theirs = await wrk(f"{self.nginx_url}/file", seconds=self.seconds)
        series.ours.append(ours.requests_per_second)
        series.nginx.append(theirs.requests_per_second)
        series.sizes.append(len(body))
        series.failures += ours.failures + theirs.failures
        log.info("serve: %s %.0f against %.0f req/s", series.name, series.ours[-1], series.nginx[-1])

    async def round(self, segment: Series, playlist: Series) -> None:
        """The newest whole segment (so that it is hot), then the live playlist as it is now."""
        async with Client(self.playlist_url) as client:
            listed = parse_media((await client.get(self.playlist_url)).text)
            newest = urljoin(self.playlist_url, listed.segments[-1].uri)
            answer = await client.get(newest)
            if answer.status != 200:
                raise StartError(f"{newest} answered {answer.status}")
            await self.compare(newest, answer.body, segment)
            await self.compare(self.playlist_url, (await client.get(self.playlist_url)).body, playlist)


async def run(bench: Bench) -> AsyncIterator[Row]:
    if not (bench.ours and bench.peers):
        return
    segment = Series("hot segment", SEGMENT_RATIO)
    playlist = Series("live playlist", PLAYLIST_RATIO)
    source = await clip()
    async with bench.folder() as folder, weiketang(folder) as server:
        lecture = await server.create("Bench serve")
        port = free_port()
        peer = folder / "nginx"
        async with file_push(lecture.publish_url, source, folder=folder), nginx(peer, port=port):
            listed = await first_listed(lecture.playlist_url, segments=4)
            comparison = Comparison(listed.url, f"http://127.0.0.1:{port}", peer / "www", bench.choose(3, 2))
            for _ in range(bench.choose(7, 3)):
                await comparison.round(segment, playlist)
    for row in (*segment.rows(), *playlist.rows()):
        yield row
