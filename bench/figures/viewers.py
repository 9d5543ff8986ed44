"""Hundreds of low-latency viewers of a passed-through source; server and viewers share the cores."""

import json
import sys
from collections.abc import AsyncIterator

from bench.figure import Bench, Detail, Row, log
from bench.media import clip
from bench.process import outcome, resident_mib, tree_cpu_seconds
from bench.publisher import file_push
from bench.server import weiketang
from bench.waiting import first_listed

PART_P99_MS = 300.0


async def run(bench: Bench) -> AsyncIterator[Row]:
    if not bench.ours:
        return
    count, seconds = bench.choose(500, 100), bench.choose(60, 15)
    source = await clip()
    async with bench.folder() as folder, weiketang(folder) as server:
        lecture = await server.create("Bench viewers")
        async with file_push(lecture.publish_url, source, folder=folder):
            listed = await first_listed(lecture.playlist_url, segments=3)
            before = tree_cpu_seconds(server.child.pid)
            maker = [sys.executable, "-m", "bench.load", listed.url]
            maker += ["--viewers", str(count), "--seconds", str(seconds), "--ramp", str(count / 50)]
            seen: dict[str, Detail] = json.loads(await outcome(maker))
            seen["server_cpu_seconds"] = round(tree_cpu_seconds(server.child.pid) - before, 2)
            seen["server_rss_mib"] = round(resident_mib(server.media_pid), 1)
    log.info("viewers: %s", seen)
    what = f"{count} viewers"
    stalls = f"{what}: stalls, playhead three parts behind"
    errors = number(seen["errors"]) + number(seen["missed_parts"])
    p99 = number(seen["part_p99_ms"]) - number(seen["lag_p99_ms"])
    yield Row("weiketang", stalls, number(seen["stalls"]), "", 0.0, details=seen)
    yield Row("weiketang", f"{what}: errors and missed parts", errors, "", 0.0)
    yield Row("weiketang", f"{what}: p99 of a part less the load maker's own lag", p99, "ms", PART_P99_MS)
    yield Row("weiketang", f"{what}: p50 of a part", number(seen["part_p50_ms"]), "ms")


def number(value: Detail) -> float:
    assert isinstance(value, int | float)
    return float(value)
