"""Beacons taken in a second on SQLite and on PostgreSQL, how long an answer takes, and what a kill -9 loses.

An answer comes after the commit, so that a batch's wait (0.2 s) is in every time. First as fast as they are answered,
for the rate; then at the rate of 5,000 players, for the time an answer takes then; then killed in the middle.
"""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from bench.figure import Bench, Row, log
from bench.process import outcome
from bench.server import Weiketang, data_of, weiketang
from tests.support.postgres import running_cluster

LIMITS = {"beacons_per_address_minute": "1000000"}
"""All viewers of a bench come from one address."""
PLAYERS = 5000
EVERY_SECONDS = 15.0
RATE = PLAYERS / EVERY_SECONDS
P99_MS = 1000.0


async def run(bench: Bench) -> AsyncIterator[Row]:
    if not bench.ours:
        return
    for name in ("SQLite", "PostgreSQL"):
        async with AsyncExitStack() as stack:
            folder = await stack.enter_async_context(bench.folder())
            settings = dict(LIMITS)
            if name == "PostgreSQL":
                cluster = stack.enter_context(running_cluster())
                settings["database_url"] = await cluster.create_database()
            number = await live_lecture(folder, settings)
            async with weiketang(folder, **settings) as server:
                fast = await load(server, number, viewers=400, beacons=bench.choose(60, 8))
                yield Row(
                    "weiketang", f"{name}: beacons taken", fast["per_second"], "/s", RATE, "higher", fast
                )
                players = bench.choose(PLAYERS, 500)
                paced = await load(
                    server, number, viewers=players, beacons=bench.choose(8, 2), every=EVERY_SECONDS
                )
                what = f"{name}: p99 of an answer, {players} players"
                yield Row("weiketang", what, paced["p99_ms"], "ms", P99_MS, details=paced)
                lost = await killed(server, number, folder, settings)
                yield Row(
                    "weiketang", f"{name}: lost after an answer, killed", lost["lost"], "", 0.0, details=lost
                )


async def live_lecture(folder: Path, settings: dict[str, str]) -> str:
    """Prepares the data folder of the server that will run there; the number of a lecture on the air."""
    data_of(folder).mkdir(parents=True)
    made = json.loads(await rows(folder, settings, "live"))
    return str(made["number"])


async def rows(folder: Path, settings: dict[str, str], *arguments: str) -> str:
    environment = {"WEIKETANG_DATA_DIR": str(data_of(folder))}
    environment |= {f"WEIKETANG_{name.upper()}": value for name, value in settings.items()}
    return await outcome([sys.executable, "-m", "bench.audience_rows", *arguments], environment=environment)


async def load(
    server: Weiketang,
    number: str,
    *,
    viewers: int,
    beacons: int,
    every: float = 0.0,
    units: str = "",
    told: Path = Path("/dev/null"),
) -> dict[str, Any]:
    url = f"http://127.0.0.1:{server.http_port}/api/v1/beacons"
    maker = [sys.executable, "-m", "bench.beacon_load", url, number, "--viewers", str(viewers)]
    maker += ["--beacons", str(beacons), "--every", str(every), "--units", units, "--tell", str(told)]
    seen: dict[str, Any] = json.loads(await outcome(maker))
    log.info("beacons: %s", seen)
    return seen


async def killed(server: Weiketang, number: str, folder: Path, settings: dict[str, str]) -> dict[str, Any]:
    """Under full load, after a thousand answers."""
    told = folder / "answered"
    loading = asyncio.create_task(load(server, number, viewers=200, beacons=10_000, told=told))
    async with asyncio.timeout(120):
        while not await asyncio.to_thread(told.exists) or _lines(told) < 1000:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    server.child.send_group(signal.SIGKILL)
    seen = await loading
    found: dict[str, Any] = json.loads(await rows(folder, settings, "tell", str(told)))
    return {**found, "statuses": seen["statuses"]}


def _lines(file: Path) -> int:
    return file.read_bytes().count(b"\n")
