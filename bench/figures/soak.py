"""Memory of the media process over a long live with a few viewers: it must not grow."""

import asyncio
import sys
from collections.abc import AsyncIterator
from time import monotonic

from bench.figure import Bench, Detail, Row, log
from bench.media import clip
from bench.process import StartError, resident_mib, running
from bench.publisher import file_push
from bench.server import weiketang
from bench.stats import median, slope
from bench.waiting import first_listed

BAND_MIB = 15.0 * 1e6 / 2**20
VIEWERS = 5
SAMPLE_SECONDS = 5.0


async def run(bench: Bench) -> AsyncIterator[Row]:
    if not bench.ours:
        return
    minutes = bench.choose(bench.soak_minutes, min(bench.soak_minutes, 3.0))
    source = await clip()
    async with bench.folder() as folder, weiketang(folder) as server:
        lecture = await server.create("Bench soak")
        async with file_push(lecture.publish_url, source, folder=folder) as publisher:
            listed = await first_listed(lecture.playlist_url, segments=3)
            load = [sys.executable, "-m", "bench.load", listed.url, "--viewers", str(VIEWERS)]
            load += ["--seconds", str(minutes * 60 + 60), "--ramp", "1"]
            async with running(load, log=folder / "load.log"):
                samples = await sampled(server.media_pid, minutes)
            if not publisher.alive or not server.child.alive:
                raise StartError(f"the live did not last {minutes} min: {publisher.last_words()}")
    for row in rows(samples, minutes):
        yield row


async def sampled(pid: int, minutes: float) -> list[tuple[float, float]]:
    """(minute, resident MiB) every few seconds."""
    started = monotonic()
    samples = []
    while (minute := (monotonic() - started) / 60) < minutes:
        samples.append((minute, resident_mib(pid)))
        if len(samples) % 60 == 1:
            log.info("soak: minute %.0f, %.1f MiB", *samples[-1])
        await asyncio.sleep(SAMPLE_SECONDS)
    return samples


def rows(samples: list[tuple[float, float]], minutes: float) -> list[Row]:
    """Drift against the level after the first tenth, in which windows and caches fill."""
    settled = [sample for sample in samples if sample[0] >= minutes / 10]
    level = median([rss for _, rss in settled[: max(1, len(settled) // 10)]])
    drift = max(abs(rss - level) for _, rss in settled)
    details: dict[str, Detail] = {
        "minutes": minutes,
        "viewers": VIEWERS,
        "level_mib": round(level, 1),
        "last_mib": round(settled[-1][1], 1),
        "slope_mib_per_hour": round(slope(settled) * 60, 2),
        "every_minute_mib": [round(rss, 1) for _, rss in samples[:: max(1, int(60 / SAMPLE_SECONDS))]],
    }
    return [
        Row(
            "weiketang",
            f"resident memory, largest drift in {minutes:g} min",
            drift,
            "MiB",
            BAND_MIB,
            details=details,
        ),
        Row("weiketang", "resident memory, slope", slope(settled) * 60, "MiB/h"),
    ]
