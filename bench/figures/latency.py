"""Glass to glass: the age of the picture that a viewer's browser shows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.browser import Join, Opener, chromium, joins, player_page, watch_page
from bench.figure import Bench, Detail, Row, log
from bench.peers.nginx_rtmp import nginx_rtmp
from bench.publisher import live_encoder
from bench.server import Lecture, weiketang
from bench.stats import median, percentile
from bench.waiting import first_listed

SOURCE_MEDIAN_MS, SOURCE_P95_MS, RUNG_MEDIAN_MS = 1500.0, 2500.0, 2200.0


@asynccontextmanager
async def on_the_air(bench: Bench, *, ladder: str, gop_seconds: int) -> AsyncIterator[Lecture]:
    """A lecture pushed by the stamping encoder, three segments old."""
    async with bench.folder() as folder, weiketang(folder, ladder=ladder) as server:
        lecture = await server.create("Bench latency")
        async with live_encoder(lecture.publish_url, gop_seconds=gop_seconds, folder=folder):
            await first_listed(lecture.playlist_url, segments=3)
            yield lecture


async def watched(
    bench: Bench,
    opener: Opener,
    subject: str,
    what: str,
    *,
    goal_ms: float | None,
    p95_ms: float | None = None,
) -> list[Row]:
    """Median, p95 and stalls of ten joins."""
    async with chromium() as browser:
        seen = await joins(browser, opener, count=bench.choose(10, 3), seconds=bench.choose(15.0, 8.0))
    settled = [age for join in seen for age in join.settled()]
    stalls = sum(join.stalls for join in seen)
    log.info("latency: %s %s: median %.0f ms, %d stalls", subject, what, median(settled), stalls)
    no_stall = None if goal_ms is None else 0.0
    return [
        Row(subject, f"{what}: median", median(settled), "ms", goal_ms, details=details_of(seen)),
        Row(subject, f"{what}: p95", percentile(settled, 0.95), "ms", p95_ms),
        Row(subject, f"{what}: stalls after the start", stalls, "", no_stall),
    ]


def details_of(seen: list[Join]) -> dict[str, Detail]:
    every = [age for join in seen for age in join.all_ages()]
    return {
        "joins": len(seen),
        "pictures": len(every),
        "unreadable": sum(join.unreadable for join in seen),
        "median_of_all_pictures_ms": median(every),
        "p95_of_all_pictures_ms": percentile(every, 0.95),
        "medians_by_join_ms": [median(join.settled()) for join in seen],
        "first_picture_median_ms": round(median([join.first_frame_ms for join in seen])),
        "longest_pause_ms": max(join.longest_pause_ms for join in seen),
        "dropped": sum(join.dropped for join in seen),
        "picture_height": seen[0].height,
    }


async def source(bench: Bench) -> AsyncIterator[Row]:
    """hls.js by parts on the source rung, keyframes every 1 s and every 2 s."""
    if not bench.ours:
        return
    for gop_seconds in (1, 2):
        what = f"source by parts, keyframes every {gop_seconds} s"
        async with (
            on_the_air(bench, ladder="none", gop_seconds=gop_seconds) as lecture,
            player_page() as page,
        ):
            opener = page(lecture.media_playlist_url("source"), True)
            goals = {"goal_ms": SOURCE_MEDIAN_MS, "p95_ms": SOURCE_P95_MS}
            for row in await watched(bench, opener, "weiketang", what, **goals):
                yield row


async def own_page(bench: Bench) -> AsyncIterator[Row]:
    """The shipped watch page with the shipped player."""
    if not bench.ours:
        return
    async with on_the_air(bench, ladder="none", gop_seconds=2) as lecture:
        opener = watch_page(lecture.watch_url)
        goals = {"goal_ms": SOURCE_MEDIAN_MS, "p95_ms": SOURCE_P95_MS}
        for row in await watched(bench, opener, "weiketang", "own watch page", **goals):
            yield row


async def rung(bench: Bench) -> AsyncIterator[Row]:
    """hls.js by parts on the transcoded 480p rung."""
    if not bench.ours:
        return
    async with on_the_air(bench, ladder="480p", gop_seconds=2) as lecture, player_page() as page:
        opener = page(lecture.media_playlist_url("480p"), True)
        what = "480p transcode by parts"
        for row in await watched(bench, opener, "weiketang", what, goal_ms=RUNG_MEDIAN_MS):
            yield row


async def plain(bench: Bench) -> AsyncIterator[Row]:
    """Plain HLS, ours and a peer's: what a player without low latency gets."""
    async with player_page() as page:
        if bench.ours:
            async with on_the_air(bench, ladder="none", gop_seconds=2) as lecture:
                opener = page(lecture.media_playlist_url("source"), False)
                for row in await watched(bench, opener, "weiketang", "source, plain HLS", goal_ms=None):
                    yield row
        if bench.peers:
            async with (
                bench.folder() as folder,
                nginx_rtmp(folder) as peer,
                live_encoder(peer.publish_url, gop_seconds=2, folder=folder),
            ):
                await first_listed(peer.playlist_url, segments=4)
                opener = page(peer.playlist_url, False)
                for row in await watched(bench, opener, "nginx-rtmp", "plain HLS", goal_ms=None):
                    yield row
