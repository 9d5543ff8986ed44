"""CPU of taking in and packaging one stream that nobody watches, beside peers, interleaved in one run."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.figure import Bench, Detail, Row, log
from bench.media import Clip, clip
from bench.peers.ffmpeg_hls import ffmpeg_hls
from bench.peers.live import LivePeer
from bench.peers.nginx_rtmp import nginx_rtmp
from bench.process import StartError, cpu_seconds, tree_cpu_seconds
from bench.publisher import file_push
from bench.server import weiketang
from bench.stats import median
from bench.waiting import first_listed

TARGET_SECONDS = 1.5
WHAT = "CPU per stream-minute, whole process tree"

Starter = Callable[[Path], AbstractAsyncContextManager[LivePeer]]


@dataclass(slots=True)
class Measured:
    """CPU seconds per minute, one value a round: of the tree with a stream, and of its root alone."""

    tree: list[float] = field(default_factory=list)
    root: list[float] = field(default_factory=list)


@asynccontextmanager
async def ours(folder: Path) -> AsyncIterator[LivePeer]:
    async with weiketang(folder) as server:
        lecture = await server.create("Bench cpu")
        yield LivePeer("weiketang", lecture.publish_url, lecture.playlist_url, server.child)


async def over(seconds: float, pid: int) -> tuple[float, float]:
    """CPU seconds per minute of (tree, root) over this time."""
    tree, root = tree_cpu_seconds(pid), cpu_seconds(pid)
    await asyncio.sleep(seconds)
    scale = 60 / seconds
    return (tree_cpu_seconds(pid) - tree) * scale, (cpu_seconds(pid) - root) * scale


async def one_round(start: Starter, source: Clip, folder: Path, seconds: float, measured: Measured) -> str:
    """Start a server, push the clip, let it settle, measure; the name of what was measured."""
    async with start(folder) as server, file_push(server.publish_url, source, folder=folder):
        await first_listed(server.playlist_url, segments=2)
        tree, root = await over(seconds, server.child.pid)
        measured.tree.append(tree)
        measured.root.append(root)
        log.info("cpu: %s %.2f s/min", server.name, tree)
        return server.name


async def idle(seconds: float) -> float:
    """CPU seconds per minute of our server with nothing on the air."""
    async with AsyncExitStack() as stack:
        folder = await stack.enter_async_context(Bench().folder())
        server = await stack.enter_async_context(ours(folder))
        await asyncio.sleep(3.0)
        return (await over(seconds, server.child.pid))[0]


async def run(bench: Bench) -> AsyncIterator[Row]:
    source = await clip()
    seconds, rounds = bench.choose(60.0, 15.0), bench.choose(3, 1)
    starters: list[Starter] = [
        *([ours] if bench.ours else []),
        *([nginx_rtmp, ffmpeg_hls] if bench.peers else []),
    ]
    results: dict[str, Measured] = {}
    by_starter = {start: Measured() for start in starters}
    for _ in range(rounds):
        for start in starters:
            async with bench.folder() as folder:
                try:
                    name = await one_round(start, source, folder, seconds, by_starter[start])
                except StartError as error:
                    if start is ours:
                        raise
                    log.warning("cpu: a round without %s: %s", start.__name__, error)
                    continue
                results[name] = by_starter[start]
    for name, measured in results.items():
        is_ours = name == "weiketang"
        details: dict[str, Detail] = {
            "rounds": [round(value, 2) for value in measured.tree],
            "root_process": round(median(measured.root), 2),
            "seconds_a_round": seconds,
        }
        if is_ours:
            details["idle"] = round(await idle(bench.choose(30.0, 10.0)), 2)
        target = TARGET_SECONDS if is_ours else None
        yield Row(name, WHAT, median(measured.tree), "s/min", target, details=details)
