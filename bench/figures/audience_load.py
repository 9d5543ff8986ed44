"""5,000 players that report for a quarter of an hour while a lecture is on the air: counted exactly, nothing stalls.

Server, players and the viewers who fetch the picture share the cores.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from datetime import timedelta

from bench.figure import Bench, Row, log
from bench.figures.beacons import LIMITS, load
from bench.media import clip
from bench.process import outcome, resident_mib, tree_cpu_seconds
from bench.publisher import file_push
from bench.server import weiketang
from bench.waiting import first_listed
from core.clock import CHINA, SystemClock

EVERY_SECONDS = 15.0
WATCHING = 20
"""Who fetch every part beside, and say whether it came in time."""


async def run(bench: Bench) -> AsyncIterator[Row]:
    if not bench.ours:
        return
    players, beacons = bench.choose(5000, 1000), bench.choose(60, 4)
    source = await clip()
    async with bench.folder() as folder, weiketang(folder, **LIMITS) as server:
        lecture = await server.create("Bench audience")
        codes = [unit["code"] for unit in json.loads(await server.command("unit", "list", "--json"))]
        async with file_push(lecture.publish_url, source, folder=folder):
            listed = await first_listed(lecture.playlist_url, segments=3)
            seconds = beacons * EVERY_SECONDS
            maker = [sys.executable, "-m", "bench.load", listed.url, "--viewers", str(WATCHING)]
            maker += ["--seconds", str(round(seconds)), "--ramp", "1"]
            before = tree_cpu_seconds(server.child.pid)
            watching = asyncio.create_task(outcome(maker))
            seen = await load(
                server, lecture.number, viewers=players, beacons=beacons, every=EVERY_SECONDS,
                units=",".join(codes),
            )  # fmt: skip
            picture = json.loads(await watching)
            cpu = tree_cpu_seconds(server.child.pid) - before
        today = SystemClock().now().astimezone(CHINA).date()
        days = ("--from", f"{today - timedelta(days=1)}", "--to", f"{today + timedelta(days=1)}")
        report = json.loads(await server.command("report", *days, "--format", "json"))
        [figures] = [each for each in report["lectures"] if each["number"] == lecture.number]
        counted = {unit["unit"] or "": unit["live"] for unit in figures["units"]}
        expected = {unit: views for unit, views in seen["views"].items() if views}
        log.info("audience: %s, picture %s", seen, picture)
        what = f"{players} players, {beacons} beacons each"
        wrong = sum(abs(counted.get(unit, 0) - expected.get(unit, 0)) for unit in {*counted, *expected})
        seen |= {"server_cpu_seconds": round(cpu, 1), "rss_mib": round(resident_mib(server.media_pid), 1)}
        yield Row("weiketang", f"{what}: views counted wrongly", wrong, "", 0.0, details=seen)
        yield Row("weiketang", f"{what}: p99 of an answer", seen["p99_ms"], "ms", 1000.0)
        yield Row("weiketang", f"{what}: stalls of the picture", picture["stalls"], "", 0.0, details=picture)
        lost = picture["errors"] + picture["missed_parts"]
        yield Row("weiketang", f"{what}: parts of the picture missed", lost, "", 0.0)
