"""A media process under test: a real database, a real RTMP port, real ffmpeg as the encoder."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from accounts.models import Unit
from accounts.services import seed_sample_units
from core.clock import Clock, SystemClock
from core.events import EventBus
from core.secrets import AppSecrets
from core.settings import Settings
from schedules.models import Broadcast
from schedules.services import NewBroadcast, create_broadcast
from schedules.states import AirState
from streaming.facts import facts_from_rows
from streaming.keys import stream_key
from streaming.library import Library
from streaming.media import MediaService
from streaming.origin import Origin
from streaming.rungs import EncodingCapacity
from tests.support.cast import UNIT_A
from tests.support.media import FFMPEG
from tests.support.recording import Recording, read_recording

SECRETS = AppSecrets(b"a secret of thirty-two bytes or more")


@dataclass
class Studio:
    """settings.rtmp_port is 0: the port is the service's own."""

    settings: Settings
    service: MediaService
    library: Library

    async def broadcast(self, title: str = "行政复议法解读", starts_at: datetime | None = None) -> Broadcast:
        now = SystemClock().now()
        return await create_broadcast(NewBroadcast(title, UNIT_A, starts_at), now=now)

    async def state_of(self, broadcast: Broadcast) -> AirState:
        return (await Broadcast.get(id=broadcast.id)).air_state

    async def until_state(self, broadcast: Broadcast, *states: AirState, seconds: float = 15.0) -> None:
        """Wait until the row says one of these."""

        async def reached() -> bool:
            return await self.state_of(broadcast) in states

        await until(reached, seconds)

    async def recording(self, broadcast: Broadcast) -> Recording:
        """The replay, once the lecture is closed or has ended."""
        return await read_recording(Origin(self.library), broadcast.number)

    def address(self, broadcast: Broadcast, key_version: int = 1) -> str:
        key = stream_key(SECRETS.current, broadcast.id, broadcast.number, key_version)
        return f"rtmp://127.0.0.1:{self.service.rtmp_port}/live/{key}"


@asynccontextmanager
async def studio(
    settings: Settings, *, clock: Clock | None = None, capacity: EncodingCapacity | None = None
) -> AsyncIterator[Studio]:
    """A running media process over an open database; the sample units are made when there are none."""
    if not await Unit.exists():
        await seed_sample_units()
    clock = clock or SystemClock()
    library = Library(settings, SECRETS, facts_from_rows, clock)
    service = MediaService(
        library,
        capacity or EncodingCapacity(None),
        EventBus(),
        SECRETS,
        holder="studio",
        settings=settings,
        clock=clock,
    )
    await service.start()
    try:
        yield Studio(settings, service, library)
    finally:
        await service.aclose()


@asynccontextmanager
async def pushing(
    file: Path, address: str, *, realtime: bool = False, loop: bool = False
) -> AsyncIterator[asyncio.subprocess.Process]:
    """ffmpeg pushes a ready-made file, with `loop` over and over; killed at the end if it still runs."""
    pace = (["-stream_loop", "-1"] if loop else []) + (["-re"] if realtime else [])
    process = await asyncio.create_subprocess_exec(
        FFMPEG, "-nostdin", "-v", "error", *pace, "-i", str(file), "-c", "copy", "-f", "flv", address,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


async def push_whole(file: Path, address: str) -> str:
    """Push a file to its end; gives what ffmpeg complained about."""
    async with pushing(file, address) as process:
        _, complaints = await asyncio.wait_for(process.communicate(), 60)
        return complaints.decode()


async def until(holds: Callable[[], Awaitable[bool]], seconds: float = 15.0) -> None:
    """Wait until it holds; fails when it never does."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 - what is waited for is in another process or a row
            await asyncio.sleep(0.02)
