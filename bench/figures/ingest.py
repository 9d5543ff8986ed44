"""Publish accepted → first media listed: how long a lecturer waits to be seen by a player."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from bench.figure import Bench, Detail, Row, log
from bench.peers.nginx_rtmp import nginx_rtmp
from bench.publisher import live_encoder
from bench.server import weiketang
from bench.stats import median
from bench.tap import tapped
from bench.waiting import first_listed

TARGET_SECONDS = 1.5
WHAT = "publish accepted → first media listed"


async def once(publish_url: str, playlist_url: str, folder: Path) -> float:
    """Seconds from NetStream.Publish.Start to a playlist that lists media, polled every 20 ms."""
    async with tapped(publish_url) as tap, live_encoder(tap.url, gop_seconds=1, folder=folder):
        listed = await first_listed(playlist_url)
        return listed.at - await asyncio.wait_for(tap.accepted_at, 1.0)


async def run(bench: Bench) -> AsyncIterator[Row]:
    runs = bench.choose(7, 2)
    if bench.ours:
        async with bench.folder() as folder, weiketang(folder) as server:
            waits = []
            for number in range(runs):
                lecture = await server.create(f"Bench ingest {number}")
                waits.append(await once(lecture.publish_url, lecture.playlist_url, folder))
                log.info("ingest: weiketang %.3f s", waits[-1])
        yield _row("weiketang", waits, TARGET_SECONDS)
    if bench.peers:
        waits = []
        for _ in range(bench.choose(3, 1)):
            async with bench.folder() as folder, nginx_rtmp(folder) as peer:
                waits.append(await once(peer.publish_url, peer.playlist_url, folder))
                log.info("ingest: nginx-rtmp %.3f s", waits[-1])
        yield _row("nginx-rtmp", waits, None)


def _row(subject: str, waits: list[float], target: float | None) -> Row:
    details: dict[str, Detail] = {"runs": len(waits), "max": max(waits)}
    return Row(subject, WHAT, median(waits), "s", target, details=details)
