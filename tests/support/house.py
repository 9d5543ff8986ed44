"""A real house: `weiketang serve` as a process of its own, and what people do to it from outside."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2

from tests.support.api_contract import check_api_answer
from tests.support.cast import UNIT_A
from tests.support.nginx import free_port

WEIKETANG = str(Path(sys.executable).with_name("weiketang"))
START_SECONDS = 90
STOP_SECONDS = 20
COMMAND_SECONDS = 60
UNHURRIED = {"ladder": "480p", "encoder_queue_seconds": "20", "encoder_queue_mib": "64"}
"""One rung, and room in its queue: a machine that runs tests is busy, and must not shed what a test looks at."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A lecture as `broadcast create` tells of it."""

    id: str
    number: str
    rtmp_url: str
    stream_key: str
    watch_url: str
    playlist_url: str
    replay_url: str

    @property
    def push_url(self) -> str:
        return f"{self.rtmp_url}/{self.stream_key}"

    def live(self, rendition: str) -> str:
        """The address of one rendition's live playlist."""
        return self.playlist_url.replace("index", rendition)

    def replay(self, rendition: str) -> str:
        return self.replay_url.replace("index", rendition)


class House:
    """One data folder on two free ports. settings: by their names, as WEIKETANG_* variables.

    part: the command that runs it; `web` is the site alone, which is there sooner and does nothing by itself.
    """

    def __init__(self, folder: Path, *, part: str = "serve", **settings: str) -> None:
        self.folder = folder
        self._part = part
        self.http_port, self.rtmp_port = free_port(), free_port()
        self._log = folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._environment = {
            name: value for name, value in os.environ.items() if not name.startswith("WEIKETANG_")
        }
        self._environment |= {f"WEIKETANG_{name.upper()}": value for name, value in settings.items()}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def pid(self) -> int:
        assert self._process is not None, "it is not running"
        return self._process.pid

    @property
    def log(self) -> str:
        return self._log.read_text("utf-8", "replace") if self._log.exists() else ""

    # -- the server

    def start(self) -> None:
        """Start it and wait until it is ready. After a kill or stop: once more, on the same folder and ports."""
        ports = ["--http-port", str(self.http_port)]
        if self._part == "serve":
            ports += ["--rtmp-port", str(self.rtmp_port)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [WEIKETANG, self._part, *ports, *self._data_dir()],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready():
            assert self._process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        try:
            return httpx2.get(f"{self.url}/healthz", timeout=2, trust_env=False).status_code == 200
        except httpx2.TransportError:
            return False

    def kill(self) -> None:
        """kill -9: it has no chance to write anything down."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """A polite stop. Fails when the server does not end well."""
        if self._process is not None:
            assert self._end(signal.SIGTERM) == 0, self.log

    def _end(self, number: signal.Signals) -> int:
        process, self._process = self._process, None
        assert process is not None, "it is not running"
        process.send_signal(number)
        try:
            return process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise

    # -- the command line, beside the server

    async def command(self, *arguments: str, stdin: str = "") -> str:
        """What `weiketang …` prints; fails unless it ends with 0."""
        done = await asyncio.to_thread(self._run, arguments, stdin)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _run(self, arguments: tuple[str, ...], stdin: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [WEIKETANG, *arguments, *self._data_dir()],
            env=self._environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )

    def _data_dir(self) -> tuple[str, str]:
        return ("--data-dir", str(self.folder / "data"))

    def seed(self) -> None:
        assert self._run(("seed",), "").returncode == 0

    async def plan(self, title: str, *, start: datetime | None = None) -> Planned:
        begins = () if start is None else ("--start", start.isoformat(timespec="seconds"))
        command = ("broadcast", "create", "--unit", UNIT_A, "--title", title, *begins, "--json")
        return Planned(**json.loads(await self.command(*command)))

    async def end(self, lecture: Planned) -> None:
        await self.command("broadcast", "end", lecture.number)

    async def show(self, lecture: Planned) -> dict[str, Any]:
        shown: dict[str, Any] = json.loads(await self.command("broadcast", "show", lecture.number, "--json"))
        return shown

    # -- HTTP

    async def get(self, url: str) -> httpx2.Response:
        """url: a path of the site, or a whole address."""
        hooks = {"response": [check_api_answer]}
        async with httpx2.AsyncClient(
            base_url=self.url, timeout=10, trust_env=False, event_hooks=hooks
        ) as client:
            return await client.get(url)

    async def status(self, lecture: Planned) -> dict[str, Any]:
        answer: dict[str, Any] = (await self.get(f"/api/v1/broadcasts/{lecture.number}/status")).json()
        return answer

    async def until_on_air(self, lecture: Planned, seconds: float = 20) -> None:
        """Until there is something to play. Fails when it never comes."""
        last: dict[str, Any] = {}
        deadline = time.monotonic() + seconds
        while not (last.get("state") == "live" and last.get("has_media")):
            assert time.monotonic() < deadline, f"{last}\n{self.log}"
            await asyncio.sleep(0.1)
            last = await self.status(lecture)


@contextmanager
def running_house(folder: Path, **settings: str) -> Iterator[House]:
    """A house with the sample units, started; stopped at the end, however it was left."""
    house = House(folder, **settings)
    house.seed()
    house.start()
    try:
        yield house
    finally:
        house.stop()
