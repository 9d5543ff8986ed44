"""How long the server takes over each page, with ten years of the plan behind it and with the least there can be.

One request at a time, page after page in rounds, from a client beside the server: nothing but the server's own time
and the loopback. nginx's answer to the same home page as a file says what of it is the loopback.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from bench.desk import desk
from bench.figure import Bench, Detail, Row, log
from bench.http1 import Client
from bench.peers.nginx import nginx
from bench.process import StartError, free_port, outcome
from bench.server import data_of, weiketang
from bench.stats import median, percentile

P95_MS = 50.0
WARM_ROUNDS = 3
YEARS, FEW_YEARS = 10, 2


@dataclass(frozen=True, slots=True)
class Page:
    """role: who asks; empty for a visitor. path may name what bench.plan_years tells of."""

    name: str
    path: str
    role: str = ""


PAGES = (
    Page("home", "/"),
    Page("watch page /l/N", "/l/{given}"),
    Page("/replays", "/replays"),
    Page("/schedule", "/schedule"),
    Page("/schedule.ics", "/schedule.ics"),
    Page("/api/v1/broadcasts", "/api/v1/broadcasts?size=50"),
    Page("/api/v1/schedule", "/api/v1/schedule"),
    Page("bureau's desk", "/desk", "administrator"),
    Page("lectures of the desk", "/desk/broadcasts", "administrator"),
    Page("year by month", "/desk/year/{draft_year}", "administrator"),
    Page("year as a list", "/desk/year/{draft_year}?view=list", "administrator"),
    Page("rota of a year, tried", "/desk/year/{draft_year}/generate", "administrator"),
    Page("moving a lecture", "/desk/year/{draft_year}/lectures/{draft}", "administrator"),
    Page("review of a lecture", "/desk/review/{given}", "administrator"),
    Page("排期表", "/desk/table/{given_year}", "administrator"),
    Page("值班表", "/desk/duty", "administrator"),
    Page("reminders", "/desk/reminders", "administrator"),
    Page("audit log", "/desk/audit", "administrator"),
    Page("unit's desk", "/desk/unit", "liaison"),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds of each answer, in order, its bytes, and what was in the database."""

    times: Mapping[str, list[float]]
    sizes: Mapping[str, int]
    told: Mapping[str, Detail]
    home: bytes


async def filled(folder: Path, years: int) -> dict[str, Detail]:
    """A server's data folder with so many years of the plan, before the server starts."""
    data = data_of(folder)
    data.mkdir(parents=True)
    log.info("pages: writing %d years", years)
    maker = [sys.executable, "-m", "bench.plan_years", str(years)]
    told: dict[str, Detail] = json.loads(await outcome(maker, environment={"WEIKETANG_DATA_DIR": str(data)}))
    for name in ("given", "draft"):
        told[f"{name}_year"] = str(told[name]).partition("-")[0]
    return told


async def measured(folder: Path, years: int, rounds: int) -> Measured:
    told = await filled(folder, years)
    async with (
        weiketang(folder) as server,
        desk(server, "administrator") as bureau,
        desk(server, "liaison", unit=str(told["unit"])) as liaison,
    ):
        base = f"http://127.0.0.1:{server.http_port}"
        cookies = {"": "", "administrator": bureau.cookie, "liaison": liaison.cookie}
        clients = {role: Client(base, cookie=cookie) for role, cookie in cookies.items()}
        times: dict[str, list[float]] = {page.name: [] for page in PAGES}
        sizes: dict[str, int] = {}
        home = b""
        for number in range(WARM_ROUNDS + rounds):
            for page in PAGES:
                url = base + page.path.format(**told)
                begun = monotonic()
                answer = await clients[page.role].get(url)
                if answer.status != 200:
                    raise StartError(f"{url} answered {answer.status}")
                if number >= WARM_ROUNDS:
                    times[page.name].append((answer.completed_at - begun) * 1000)
                sizes[page.name] = len(answer.body)
                home = answer.body if page.path == "/" else home
        for client in clients.values():
            client.close()
    return Measured(times, sizes, told, home)


async def as_file(folder: Path, body: bytes, rounds: int) -> list[float]:
    """Milliseconds of nginx's answers to the same client with the same bytes."""
    (folder / "www").mkdir(parents=True)
    await asyncio.to_thread((folder / "www" / "home.html").write_bytes, body)
    port = free_port()
    url = f"http://127.0.0.1:{port}/home.html"
    times = []
    async with nginx(folder, port=port), Client(url) as client:
        for _ in range(rounds):
            begun = monotonic()
            times.append(((await client.get(url)).completed_at - begun) * 1000)
    return times


def rows(many: Measured, few: Measured) -> list[Row]:
    found = []
    for page in PAGES:
        times, before = many.times[page.name], few.times[page.name]
        details: dict[str, Detail] = {
            "p50_ms": round(median(times), 2),
            "p99_ms": round(percentile(times, 0.99), 2),
            "bytes": many.sizes[page.name],
            f"p50_ms_with_{FEW_YEARS}_years": round(median(before), 2),
            "ratio_p50": round(median(times) / median(before), 2),
            "answers": len(times),
        }
        halves = f"p50 {median(times):.1f}; with {FEW_YEARS}: {median(before):.1f}"
        words = f"{page.name}: p95 with {YEARS} years ({halves})"
        found.append(Row("weiketang", words, percentile(times, 0.95), "ms", P95_MS, details=details))
    return found


async def run(bench: Bench) -> AsyncIterator[Row]:
    if not bench.ours:
        return
    rounds = bench.choose(200, 20)
    async with bench.folder() as folder:
        many = await measured(folder / "many", YEARS, rounds)
        few = await measured(folder / "few", FEW_YEARS, rounds)
        for row in rows(many, few):
            yield row
        if bench.peers:
            times = await as_file(folder / "nginx", many.home, rounds)
            yield Row("nginx sendfile", "home, as a file: p50", median(times), "ms", details=dict(many.told))
