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
from bench.peers.bare_asgi import bare_asgi
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
    bare: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    failures: int = 0

    def rows(self) -> list[Row]:
        ratio = median(self.ours) / median(self.nginx)
        details: dict[str, Detail] = {
            "bytes": median(self.sizes),
            "rounds_weiketang": [round(rate) for rate in self.ours],
            "rounds_nginx": [round(rate) for rate in self.nginx],
            "rounds_bare_asgi": [round(rate) for rate in self.bare],
            "failures": self.failures,
        }
        return [
            Row("weiketang", f"{self.name}: ratio to nginx", ratio, "", self.goal, "higher", details),
            Row("weiketang", self.name, median(self.ours), "req/s", better="higher"),
            Row("nginx sendfile", self.name, median(self.nginx), "req/s", better="higher"),
            Row("bare uvicorn, bytes in memory", self.name, median(self.bare), "req/s", better="higher"),
        ]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Our origin, and peers that are given the same bytes in one file."""

    playlist_url: str
    nginx_url: str
    bare_url: str
    file: Path
    seconds: int

    async def compare(self, url: str, body: bytes, series: Series) -> None:
        """One round: ours, nginx, the bare one."""
        await asyncio.to_thread(self.file.write_bytes, body)
        rates = [await wrk(each, seconds=self.seconds) for each in (url, self.nginx_url, self.bare_url)]
        for rate, kept in zip(rates, (series.ours, series.nginx, series.bare), strict=True):
            kept.append(rate.requests_per_second)
            series.failures += rate.failures
        series.sizes.append(len(body))
        ours, nginx_rate, bare = (rate.requests_per_second for rate in rates)
        log.info("serve: %s %.0f, nginx %.0f, bare %.0f req/s", series.name, ours, nginx_rate, bare)

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
        file = folder / "nginx" / "www" / "file"
        async with (
            file_push(lecture.publish_url, source, folder=folder),
            nginx(folder / "nginx", port=port),
            bare_asgi(folder, file) as bare_url,
        ):
            listed = await first_listed(lecture.playlist_url, segments=4)
            nginx_url = f"http://127.0.0.1:{port}/file"
            comparison = Comparison(listed.url, nginx_url, bare_url, file, bench.choose(3, 2))
            for _ in range(bench.choose(7, 3)):
                await comparison.round(segment, playlist)
    for row in (*segment.rows(), *playlist.rows()):
        yield row
