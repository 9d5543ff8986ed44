"""The grown shape, alive: web, media and worker as processes of their own over PostgreSQL, behind nginx."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.support.media import FFMPEG, make_flv
from tests.support.nginx import free_port, running_nginx, until_listening

WEIKETANG = str(Path(sys.executable).with_name("weiketang"))
PATIENCE_SECONDS = 60


class House:
    """Commands and processes that share a database, a secret and addresses, each with a folder of its own."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder = folder
        self.web, self.media, self.rtmp = free_port(), free_port(), free_port()
        secret = folder / "database_url"
        secret.write_text(database_url)
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("WEIKETANG_")
        }
        self.environment |= {
            "WEIKETANG_DATABASE_URL_FILE": str(secret),
            "WEIKETANG_APP_SECRET": "s" * 64,
            "WEIKETANG_PUBLIC_RTMP_URL": f"rtmp://127.0.0.1:{self.rtmp}/live",
            "WEIKETANG_LADDER": "none",
        }

    async def start(self, *arguments: str, data: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(WEIKETANG, *arguments, "--data-dir", str(self.folder / data)),
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )

    async def command(self, *arguments: str) -> str:
        """As somebody at another machine types it: with a data folder that none of the processes has."""
        process = await self.start(*arguments, data="elsewhere")
        said, _ = await process.communicate()
        assert process.returncode == 0, said.decode()
        return said.decode()

    @asynccontextmanager
    async def running(self, *arguments: str, data: str) -> AsyncIterator[None]:
        process = await self.start(*arguments, data=data)
        told = asyncio.create_task(process.communicate())
        try:
            yield
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
            said, _ = await told
        assert process.returncode == 0, said.decode()


@pytest.fixture
async def house(tmp_path: Path, postgres_url: str) -> House:
    house = House(tmp_path, postgres_url)
    await house.command("seed")
    return house


async def until(look: Callable[[], Awaitable[Any]], wanted: Callable[[Any], bool]) -> Any:
    last: Any = None
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not wanted(last):
                await asyncio.sleep(0.2)
                last = await look()
    except TimeoutError:
        raise AssertionError(f"at last: {last}") from None
    return last


@pytest.mark.ffmpeg
@pytest.mark.postgres
async def test_a_lecture_goes_from_plan_to_replay_through_the_parts_and_the_proxy(house: House) -> None:
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(house.running("worker", data="media"))
        await stack.enter_async_context(house.running("web", "--http-port", str(house.web), data="web"))
        ports = ("--http-port", str(house.media), "--rtmp-port", str(house.rtmp))
        await stack.enter_async_context(house.running("media", *ports, data="media"))
        for port in (house.web, house.media, house.rtmp):
            await until_listening(port, PATIENCE_SECONDS)
        proxy = await stack.enter_async_context(running_nginx(web=house.web, media=house.media))
        site = await stack.enter_async_context(
            httpx2.AsyncClient(base_url=f"http://127.0.0.1:{proxy}", timeout=10)
        )

        made = json.loads(
            await house.command("broadcast", "create", "--unit", "520013", "--title", "欠薪怎么办", "--json")
        )
        number = made["number"]

        async def status() -> Any:
            return (await site.get(f"/api/v1/broadcasts/{number}/status")).json()

        assert (await status())["state"] == "scheduled"
        film = make_flv()
        push = await asyncio.create_subprocess_exec(
            *(FFMPEG, "-v", "error", "-nostdin", "-re", "-stream_loop", "100", "-i", str(film), "-c", "copy"),
            *("-f", "flv", f"{made['rtmp_url']}/{made['stream_key']}"),
        )
        try:
            await until(status, lambda answer: answer and answer["state"] == "live" and answer["has_media"])
            multivariant = await site.get(f"/live/{number}/index.m3u8")
            assert "source.m3u8" in multivariant.text

            async def playlist() -> str:
                return (await site.get(f"/live/{number}/source.m3u8")).text

            listed = await until(playlist, lambda text: text and ".m4s" in text and "#EXT-X-PART" in text)
            part = next(
                line.split('URI="')[1].split('"')[0] for line in listed.splitlines() if "PART:" in line
            )
            for expected in ("MISS", "HIT"):
                answer = await site.get(f"/live/{number}/{part}")
                assert answer.status_code == 200
                assert answer.headers["x-cache"] == expected
            page = await site.get(f"/l/{number}")
            assert page.status_code == 200
            assert "欠薪怎么办" in page.text

            await house.command("broadcast", "end", number)
            await until(status, lambda answer: answer and answer["state"] == "ended")
        finally:
            if push.returncode is None:
                push.terminate()
            await push.wait()

        replay = await site.get(f"/replay/{number}/source.m3u8")
        assert "#EXT-X-ENDLIST" in replay.text
        shown = json.loads(await house.command("broadcast", "show", number, "--json"))
        assert shown["state"] == "ended"
        assert shown["received_seconds"] > 0
