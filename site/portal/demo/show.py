"""Puts the sample lecture on the air: rows in the database, a push through the real RTMP port, and its end.

With the server, the show is: one lecture of one pass (three minutes), so that a replay is there soon; after
a short countdown a second one that repeats the film for up to two hours. Then it is over until the next
start, and the disk stays small: sample lectures of earlier starts are removed, but for the newest two.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from tortoise.queryset import QuerySet

from accounts.models import Unit
from core.clock import Clock
from core.errors import Conflict, DomainError
from core.events import EventBus
from core.secrets import AppSecrets
from core.settings import Settings
from portal.demo.push import ffmpeg_of, push
from portal.demo.script import FILM, Lecture, load
from schedules.models import Broadcast
from schedules.services import NewBroadcast, create_broadcast
from schedules.states import AirState
from streaming.addresses import encoder_address
from streaming.lecture_index import lecture_folder
from streaming.services import end_broadcast

log = structlog.get_logger()

SHORT_PASSES, LONG_PASSES = 1, 38  # the film takes three minutes and seven seconds
PASS_MINUTES = 3.2
COUNTDOWN_SECONDS = 20
KEPT = 2
END_PATIENCE_SECONDS = 5.0


class NoUnits(DomainError):
    """数据库里还没有单位，示例课不知道算谁的。请先运行 weiketang seed。"""


class NothingListens(DomainError):
    """推流端口没有程序在听。请先启动 weiketang serve。"""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a show works with. The database is open around it; `rtmp_url` is the server's own RTMP address."""

    settings: Settings
    secrets: AppSecrets
    clock: Clock
    events: EventBus
    rtmp_url: str
    film: Path = FILM
    retry_seconds: float = 2.0


@asynccontextmanager
async def sample_on_air(stage: Stage) -> AsyncIterator[None]:
    """The show beside a running server; on leaving, the lecture on the air is ended and becomes a replay."""
    task = asyncio.create_task(_show(stage), name="demo.show")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _show(stage: Stage) -> None:
    try:
        await remove_old_samples(stage)
        first = await find_unfinished() or await new_lecture(stage, SHORT_PASSES)
        await put_on_air(stage, first, passes_of(first))
        second = await new_lecture(stage, LONG_PASSES, in_seconds=COUNTDOWN_SECONDS)
        await put_on_air(stage, second, LONG_PASSES, in_seconds=COUNTDOWN_SECONDS)
        log.info("demo.over")
    except DomainError as error:
        log.warning("demo.not_possible", reason=error.message)


async def new_lecture(stage: Stage, passes: int, *, in_seconds: float | None = None) -> Broadcast:
    """A sample lecture; without `in_seconds` it is on the air as soon as its encoder connects.

    Raises NoUnits.
    """
    lecture, now = load(), stage.clock.now()
    return await create_broadcast(
        NewBroadcast(
            title=lecture.title,
            unit_code=await _unit_code(lecture),
            starts_at=None if in_seconds is None else now + timedelta(seconds=in_seconds),
            planned_minutes=round(passes * PASS_MINUTES),
            lecturer_name=lecture.lecturer,
            lecturer_post=lecture.post,
            is_sample=True,
        ),
        now=now,
    )


async def _unit_code(lecture: Lecture) -> str:
    unit = await Unit.filter(name=lecture.unit).first() or await Unit.all().first()
    if unit is None:
        raise NoUnits
    return unit.code


def passes_of(broadcast: Broadcast) -> int:
    """How often the film runs in a lecture that was planned by `new_lecture`."""
    return max(1, round(broadcast.planned_minutes / PASS_MINUTES))


async def put_on_air(stage: Stage, broadcast: Broadcast, passes: int, *, in_seconds: float = 0) -> None:
    """Pushes the film into the lecture, again when the push breaks, until it has run `passes` times or
    somebody has ended the lecture; then, and when cancelled, ends it."""
    try:
        await asyncio.sleep(in_seconds)
        while await _is_open(broadcast):
            address = encoder_address(
                stage.settings, stage.secrets, broadcast.id, broadcast.number, broadcast.key_version
            )
            log.info("demo.push", broadcast=broadcast.number, passes=passes)
            target = f"{stage.rtmp_url}/{address.stream_key}"
            fault = await push(ffmpeg_of(stage.settings), target, passes, stage.film)
            if fault is None:
                break
            log.info(
                "demo.push_broke", broadcast=broadcast.number, reason=fault.replace(address.stream_key, "…")
            )
            await asyncio.sleep(stage.retry_seconds)
    finally:
        with suppress(Conflict):  # somebody else has ended it
            await end_broadcast(
                broadcast.number,
                clock=stage.clock,
                settings=stage.settings,
                events=stage.events,
                wait_seconds=END_PATIENCE_SECONDS,
            )


async def _is_open(broadcast: Broadcast) -> bool:
    """Reads the row again: the key may have been changed, the end asked for."""
    await broadcast.refresh_from_db()
    return broadcast.air_state is not AirState.ENDED and broadcast.end_requested_at is None


async def find_unfinished() -> Broadcast | None:
    """A sample lecture left behind when the server was killed: the show goes on with it."""
    rows = _of_shows().filter(end_requested_at=None).exclude(air_state=AirState.ENDED)
    return await rows.order_by("-created_at").first()


async def remove_old_samples(stage: Stage) -> None:
    """Removes ended sample lectures of earlier shows, but for the newest `KEPT`, with their media.

    Only lectures that a show made are touched: marked as samples, with the sample's title and lecturer. The
    newest stay, so no number is given out twice.
    """
    for broadcast in (await _of_shows().order_by("-created_at"))[KEPT:]:
        if broadcast.air_state is not AirState.ENDED:
            continue
        await broadcast.delete()
        folder = lecture_folder(stage.settings.data_dir, broadcast.number)
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        log.info("demo.old_sample_removed", broadcast=broadcast.number)


def _of_shows() -> QuerySet[Broadcast]:
    lecture = load()
    return Broadcast.filter(is_sample=True, title=lecture.title, lecturer_name=lecture.lecturer)


def local_rtmp_url(host: str, port: int) -> str:
    """The RTMP address of a server on this machine that listens on `host` and `port`."""
    if host in ("0.0.0.0", "::", ""):  # every address of the machine, so the loopback one too
        host = "127.0.0.1"
    return f"rtmp://{f'[{host}]' if ':' in host else host}:{port}/live"


async def check_listening(rtmp_url: str) -> None:
    """Raises NothingListens when nobody answers at the address."""
    parts = urlsplit(rtmp_url)
    try:
        _, writer = await asyncio.open_connection(parts.hostname, parts.port or 1935)
    except OSError as error:
        raise NothingListens(
            f"推流地址 {rtmp_url} 连不上（{error.strerror}）。请先启动 weiketang serve。"
        ) from None
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
