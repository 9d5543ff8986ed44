"""Glass to glass: the age of the picture that a viewer's browser shows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser

from bench.browser import Join, Opener, chromium, joins, player_page, watch_page
from bench.figure import Bench, Detail, Row, log
from bench.peers.nginx_rtmp import nginx_rtmp
from bench.publisher import live_encoder
from bench.server import Lecture, weiketang
from bench.stats import median, percentile
from bench.waiting import first_listed

SOURCE_MEDIAN_MS, SOURCE_P95_MS, RUNG_MEDIAN_MS = 1500.0, 2500.0, 2200.0


@dataclass(frozen=True, slots=True)
class Session:
    """How often and how long to watch."""

    browser: Browser
    count: int
    seconds: float

    async def rows(
        self, subject: str, what: str, opener: Opener, *, goal_ms: float | None, p95_ms: float | None = None
    ) -> list[Row]:
        """Median, p95 and stalls of these joins."""
        seen = await joins(self.browser, opener, count=self.count, seconds=self.seconds)
        settled = [age for join in seen for age in join.settled()]
        details = details_of(seen)
        stalls = sum(join.stalls for join in seen)
        log.info("latency: %s %s: median %.0f ms, %d stalls", subject, what, median(settled), stalls)
        limit = None if goal_ms is None else 0.0
        return [
            Row(subject, f"{what}: median", median(settled), "ms", goal_ms, details=details),
            Row(subject, f"{what}: p95", percentile(settled, 0.95), "ms", p95_ms),
            Row(subject, f"{what}: stalls after the start", stalls, "", limit),
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
        "first_picture_median_ms": median([join.first_frame_ms for join in seen]),
        "longest_pause_ms": max(join.longest_pause_ms for join in seen),
        "dropped": sum(join.dropped for join in seen),
        "picture_height": seen[0].height,
    }


@asynccontextmanager
async def on_the_air(folder: Path, *, ladder: str, gop_seconds: int) -> AsyncIterator[Lecture]:
    """A lecture pushed by the stamping encoder, three segments old."""
    async with weiketang(folder, ladder=ladder) as server:
        lecture = await server.create("Bench latency")
        async with live_encoder(lecture.publish_url, gop_seconds=gop_seconds, folder=folder):
            await first_listed(lecture.playlist_url, segments=3)
            yield lecture


async def run(bench: Bench) -> list[Row]:
    rows: list[Row] = []
    async with chromium() as browser, player_page() as page:
        session = Session(browser, bench.choose(10, 3), bench.choose(15.0, 8.0))
        goals = {"goal_ms": SOURCE_MEDIAN_MS, "p95_ms": SOURCE_P95_MS}
        if bench.ours:
            for gop_seconds in (1, 2):
                async with (
                    bench.folder() as folder,
                    on_the_air(folder, ladder="none", gop_seconds=gop_seconds) as lecture,
                ):
                    opener = page(lecture.media_playlist_url("source"), True)
                    what = f"source, LL, keyframes every {gop_seconds} s"
                    rows += await session.rows("weiketang", what, opener, **goals)
                    if gop_seconds == 2:
                        opener = watch_page(lecture.watch_url)
                        rows += await session.rows("weiketang", "source, own watch page", opener, **goals)
                        opener = page(lecture.media_playlist_url("source"), False)
                        rows += await session.rows("weiketang", "source, plain HLS", opener, goal_ms=None)
            async with (
                bench.folder() as folder,
                on_the_air(folder, ladder="480p", gop_seconds=2) as lecture,
            ):
                opener = page(lecture.media_playlist_url("480p"), True)
                rows += await session.rows("weiketang", "480p transcode, LL", opener, goal_ms=RUNG_MEDIAN_MS)
        if bench.peers:
            async with (
                bench.folder() as folder,
                nginx_rtmp(folder) as peer,
                live_encoder(peer.publish_url, gop_seconds=2, folder=folder),
            ):
                await first_listed(peer.playlist_url, segments=4)
                opener = page(peer.playlist_url, False)
                rows += await session.rows("nginx-rtmp", "source, plain HLS", opener, goal_ms=None)
    return rows
