"""`scripts/run` as a person types it: everything set up, a lecture on the air, and nothing left after Ctrl-C."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.support.repository import ROOT

START_SECONDS = 90
STOP_SECONDS = 40
PASSWORD = re.compile(r"一次性口令：(\S+?)（")


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


class Running:
    """A started `scripts/run`, its output so far, and the site it serves."""

    def __init__(
        self, process: asyncio.subprocess.Process, output: Path, http_port: int, rtmp_port: int
    ) -> None:
        self.process = process
        self.http_port = http_port
        self.rtmp_port = rtmp_port
        self._output = output

    @property
    def output(self) -> str:
        return self._output.read_text("utf-8")

    async def get(self, path: str) -> httpx2.Response:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{self.http_port}", timeout=10) as client:
            return await client.get(path)

    async def until(self, path: str, **wanted: Any) -> dict[str, Any]:
        """Wait until a JSON answer has these values; what it was at last is in the error."""
        answer: dict[str, Any] = {}
        try:
            async with asyncio.timeout(START_SECONDS):
                while not wanted.items() <= answer.items():
                    assert self.process.returncode is None, self.output
                    await asyncio.sleep(0.3)
                    try:
                        response = await self.get(path)
                    except httpx2.TransportError:
                        continue
                    answer = (
                        response.json() if response.status_code == 200 else {"status": response.status_code}
                    )
        except TimeoutError:
            raise AssertionError(f"{path}: {answer}\n{self.output}") from None
        return answer

    async def stop(self, number: signal.Signals) -> int:
        os.killpg(self.process.pid, number)  # as a terminal does it: to everything it has started
        return await asyncio.wait_for(self.process.wait(), STOP_SECONDS)


@asynccontextmanager
async def run(data: Path, *options: str) -> AsyncIterator[Running]:
    http_port, rtmp_port = free_ports()
    output = data.with_name("output.txt")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WEIKETANG_")}
    command = [str(ROOT / "scripts" / "run"), "--data-dir", str(data), *options]
    command += ["--http-port", str(http_port), "--rtmp-port", str(rtmp_port)]
    with output.open("wb") as sink:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=data.parent,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=sink,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Running(process, output, http_port, rtmp_port)
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


def processes_of(data: Path) -> list[str]:
    """Command lines of running processes that name the data folder."""
    found = []
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = command.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if str(data) in line:
            found.append(line)
    return found


def pushes_to(port: int) -> list[str]:
    return [line for line in processes_of(Path(f":{port}/live")) if "ffmpeg" in line]


async def pushed_number(site: Running) -> str:
    """The number of the lecture that the demo pushes, as soon as its log says so."""
    async with asyncio.timeout(START_SECONDS):
        while not (found := re.search(r"demo\.push .*broadcast=(\S+)", site.output)):
            assert site.process.returncode is None, site.output
            await asyncio.sleep(0.2)
    return found.group(1)


async def units(data: Path) -> list[Any]:
    command = [str(ROOT / ".venv" / "bin" / "weiketang"), "unit", "list", "--json", "--data-dir", str(data)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True)
    read: list[Any] = json.loads(done.stdout)
    return read


@pytest.mark.ffmpeg
async def test_on_a_first_start_a_lecture_is_live_and_ctrl_c_leaves_a_replay_and_no_process(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    async with run(data) as site:
        number = await pushed_number(site)
        status = await site.until(f"/api/v1/broadcasts/{number}/status", state="live", has_media=True)
        playlist = await site.get(status["playlist_url"])
        assert playlist.text.startswith("#EXTM3U")
        assert (await site.get("/")).status_code == 200
        assert "已装入 40 个示例单位" in site.output
        assert len(PASSWORD.findall(site.output)) == 1
        assert len(pushes_to(site.rtmp_port)) == 1
        assert await site.stop(signal.SIGINT) == 0, site.output
        assert not re.search(r"\[(error|critical) *\]|Traceback|died", site.output), site.output
        assert processes_of(data) == []
        assert pushes_to(site.rtmp_port) == []

    async with run(data, "--no-demo") as again:
        await again.until(f"/api/v1/broadcasts/{number}/status", state="ended", has_media=True)
        replay = await again.get(f"/replay/{number}/index.m3u8")
        assert replay.text.startswith("#EXTM3U")
        assert PASSWORD.findall(again.output) == []
        assert await again.stop(signal.SIGTERM) == 0, again.output
        assert processes_of(data) == []


async def test_without_the_demo_it_starts_empty_but_for_an_administrator(tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with run(data, "--no-demo") as site:
        await site.until("/healthz", status="ok")
        assert len(PASSWORD.findall(site.output)) == 1
        assert "demo." not in site.output
        assert await units(data) == []
        assert await site.stop(signal.SIGINT) == 0, site.output


async def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [
            str(ROOT / "scripts" / "run"),
            "--data-dir",
            str(tmp_path / "data"),
            "--http-port",
            str(port),
        ]
        done = await asyncio.to_thread(
            subprocess.run,
            [*command, "--no-demo", "--rtmp-port", "0"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    (line,) = [line for line in done.stderr.splitlines() if "错误" in line]
    assert str(port) in line
    assert "Traceback" not in done.stderr
