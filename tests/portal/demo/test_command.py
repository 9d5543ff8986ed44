"""`weiketang demo` as a person types it beside a running server."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from core.clock import SystemClock
from core.database import database
from core.settings import Settings
from schedules.models import Broadcast
from schedules.states import AirState
from streaming.rtmp.gate import MessageKind, PublishRequest, PublishSink
from streaming.rtmp.limits import RtmpLimits
from streaming.rtmp.server import RtmpServer


class Gate:
    """Lets everybody in and takes what comes."""

    def __init__(self) -> None:
        self.media_came = asyncio.Event()
        self.over = asyncio.Event()

    async def publish(self, request: PublishRequest) -> PublishSink:
        return self

    async def media(self, kind: MessageKind, timestamp_ms: int, payload: bytes) -> None:
        self.media_came.set()

    async def closed(self, reason: str) -> None:
        self.over.set()


async def weiketang(settings: Settings, rtmp_port: int, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(str(Path(sys.executable).with_name("weiketang")), *arguments, "--data-dir", str(settings.data_dir)),
        env={"PATH": "/usr/bin:/bin", "WEIKETANG_RTMP_PORT": str(rtmp_port), "PYTHONUTF8": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.mark.ffmpeg
async def test_ctrl_c_ends_the_push_and_the_lecture(sqlite_settings: Settings) -> None:
    gate = Gate()
    server = RtmpServer(gate, RtmpLimits(), SystemClock())
    await server.start("127.0.0.1", 0)
    try:
        seed = await weiketang(sqlite_settings, server.port, "seed")
        await seed.communicate()
        demo = await weiketang(sqlite_settings, server.port, "demo", "--loop")
        async with asyncio.timeout(60):
            await gate.media_came.wait()
            demo.send_signal(signal.SIGINT)
            said, told = await demo.communicate()
            await gate.over.wait()
    finally:
        await server.aclose()
    assert demo.returncode == 0, told.decode()
    async with database(sqlite_settings):
        (lecture,) = await Broadcast.all()
    assert lecture.air_state is AirState.ENDED
    assert f"/l/{lecture.number}" in told.decode()
    assert "已结束" in said.decode()


async def test_without_a_server_it_says_so_in_one_line_and_makes_no_lecture(
    sqlite_settings: Settings,
) -> None:
    listener = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    listener.close()
    await listener.wait_closed()
    demo = await weiketang(sqlite_settings, port, "demo")
    _, told = await demo.communicate()
    assert demo.returncode == 1
    assert told.decode().count("\n") == 1
    assert "weiketang serve" in told.decode()
    async with database(sqlite_settings):
        assert await Broadcast.all().count() == 0
