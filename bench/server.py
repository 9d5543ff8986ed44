"""Our own server, as anybody else would run it: the `weiketang` command and the addresses it prints."""

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from bench.http1 import Client, HttpError
from bench.process import Child, StartError, free_port, outcome, running

COMMAND = str(Path(sys.executable).with_name("weiketang"))


@dataclass(frozen=True, slots=True)
class Lecture:
    """A lecture made by `weiketang broadcast create`, and where to push and watch it."""

    number: str
    publish_url: str
    playlist_url: str
    replay_url: str
    watch_url: str

    def media_playlist_url(self, rung: str) -> str:
        return urljoin(self.playlist_url, f"{rung}.m3u8")


@dataclass(frozen=True, slots=True)
class Weiketang:
    """A running `weiketang serve` over a data folder of its own."""

    child: Child
    http_port: int
    rtmp_port: int
    environment: dict[str, str]
    unit: str

    async def command(self, *arguments: str) -> str:
        return await outcome([COMMAND, *arguments], environment=self.environment)

    async def create(self, title: str) -> Lecture:
        """A lecture without a start time: on the air as soon as it is pushed."""
        answer = await self.command("broadcast", "create", "--unit", self.unit, "--title", title, "--json")
        made = json.loads(answer)
        return Lecture(
            number=made["number"],
            publish_url=f"{made['rtmp_url']}/{made['stream_key']}",
            playlist_url=made["playlist_url"],
            replay_url=made["replay_url"],
            watch_url=made["watch_url"],
        )

    async def show(self, lecture: Lecture) -> dict[str, Any]:
        shown: dict[str, Any] = json.loads(await self.command("broadcast", "show", lecture.number, "--json"))
        return shown

    async def end(self, lecture: Lecture) -> None:
        await self.command("broadcast", "end", lecture.number)

    @property
    def media_pid(self) -> int:
        """The process that takes RTMP and serves HLS: `weiketang serve` itself."""
        return self.child.pid


async def _ready(child: Child, port: int, *, patience: float = 60.0) -> None:
    url = f"http://127.0.0.1:{port}/healthz"
    async with Client(url) as client:
        for _ in range(int(patience / 0.1)):
            if not child.alive:
                break
            with suppress(OSError, HttpError, TimeoutError):
                if (await client.get(url)).status == 200:
                    return
            await asyncio.sleep(0.1)
    raise StartError(f"weiketang serve is not ready: {child.last_words()}")


def data_of(folder: Path) -> Path:
    """The data folder of the server that `weiketang` starts in `folder`."""
    return folder / "weiketang"


@asynccontextmanager
async def weiketang(folder: Path, *, ladder: str = "none", **settings: str) -> AsyncIterator[Weiketang]:
    """`weiketang serve` with the sample roster, on free ports, its data in `folder`; what is there stays.

    settings: more of them, by their names.
    """
    if shutil.which(COMMAND) is None:
        raise StartError("the weiketang command is not set up: run scripts/setup")
    data = data_of(folder)
    data.mkdir(exist_ok=True)
    http_port, rtmp_port = free_port(), free_port()
    environment = {
        "WEIKETANG_DATA_DIR": str(data),
        "WEIKETANG_HTTP_PORT": str(http_port),
        "WEIKETANG_RTMP_PORT": str(rtmp_port),
        "WEIKETANG_LADDER": ladder,
        **{f"WEIKETANG_{name.upper()}": value for name, value in settings.items()},
    }
    if not (data / "weiketang.sqlite3").exists():
        await outcome([COMMAND, "seed"], environment=environment)
    units = json.loads(await outcome([COMMAND, "unit", "list", "--json"], environment=environment))
    serve = [COMMAND, "serve", "--data-dir", str(data)]
    serve += ["--http-port", str(http_port), "--rtmp-port", str(rtmp_port)]
    log = folder / "weiketang.log"
    async with running(serve, log=log, environment=environment, patience=15.0) as child:
        await _ready(child, http_port)
        yield Weiketang(child, http_port, rtmp_port, environment, units[0]["code"])
