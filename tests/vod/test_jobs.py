import asyncio
import dataclasses
import fcntl
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog.testing

from accounts.services import seed_sample_units
from core.clock import ManualClock
from core.database import database
from core.events import EventBus
from core.jobs import JobContext, make_context
from core.settings import Settings
from core.worker import run_worker
from schedules.services import NewBroadcast, create_broadcast, move_air_state
from schedules.states import AirState
from streaming.lecture_index import JOURNAL, lecture_folder
from streaming.services import finish
from tests.support.small_journal import write_journal
from vod.jobs import archive_lecture, archive_what_was_missed, check_lecture, check_what_was_missed
from vod.models import ReceiptSummary
from vod.services import RECEIPT, StillWritten


@pytest.fixture
async def context(db: object, db_settings: Settings, clock: ManualClock) -> AsyncIterator[JobContext]:
    await seed_sample_units()
    context = make_context(db_settings, clock)
    yield context
    await context.queue.aclose()


async def ended_lecture(context: JobContext, events: EventBus, *, segments: int = 2) -> Path:
    """One that was on the air, with its journal closed. Returns its folder."""
    now = context.clock.now()
    row = await create_broadcast(NewBroadcast("题目", "520013"), now=now)
    await move_air_state(row.id, AirState.LIVE, now=now, events=events)
    folder = await write_journal(context.settings.data_dir, row.number, segments=segments)
    await finish(row.id, now=now, events=events)
    return folder


async def receipt(folder: Path) -> dict[str, Any] | None:
    def read() -> dict[str, Any] | None:
        path = folder / RECEIPT
        return json.loads(path.read_text()) if path.exists() else None

    return await asyncio.to_thread(read)


async def test_the_end_of_a_lecture_gets_its_receipt_from_the_worker(context: JobContext) -> None:
    folder = await ended_lecture(context, context.events)
    assert await receipt(folder) is None
    stop = asyncio.Event()
    worker = asyncio.create_task(run_worker(context.settings, stop))
    try:
        async with asyncio.timeout(30):
            while (written := await receipt(folder)) is None:
                await asyncio.wait([worker], timeout=0.1)
    finally:
        stop.set()
        await worker
    assert written["is_clean"]
    assert written["received_seconds"] == 4.0


async def test_a_lecture_that_brought_nothing_has_nothing_to_check(context: JobContext) -> None:
    await check_lecture.run(context, number="2026-11-9")
    assert await receipt(lecture_folder(context.settings.data_dir, "2026-11-9")) is None


async def test_the_job_fails_while_the_journal_is_written_so_that_it_is_tried_again(
    context: JobContext,
) -> None:
    folder = await ended_lecture(context, EventBus())
    with (folder / JOURNAL).open("rb") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        with pytest.raises(StillWritten):
            await check_lecture.run(context, number=folder.name)
    await check_lecture.run(context, number=folder.name)
    assert await receipt(folder) is not None
    assert check_lecture.retries > 0


async def test_what_is_wrong_is_logged_and_in_a_row_for_the_desk(context: JobContext) -> None:
    folder = await ended_lecture(context, EventBus())
    next(folder.glob("source/1-*.m4s")).unlink()
    with structlog.testing.capture_logs() as logs:
        await check_lecture.run(context, number=folder.name)
    summary = await ReceiptSummary.get(broadcast__number=folder.name)
    assert {problem["kind"] for problem in summary.problems} >= {"lost", "gap"}
    assert summary.received_seconds == 2.0
    (line,) = [line for line in logs if line["event"] == "receipt.problems"]
    assert line["log_level"] == "warning"
    assert line["problems"]


async def test_the_sweep_finds_a_lecture_whose_job_was_lost(context: JobContext, clock: ManualClock) -> None:
    lost = await ended_lecture(context, EventBus())  # nobody subscribes: the process died at the end
    busy = await ended_lecture(context, EventBus())
    empty = await create_broadcast(NewBroadcast("题目", "520013"), now=clock.now())
    await move_air_state(empty.id, AirState.ENDED, now=clock.now(), events=EventBus())
    await check_what_was_missed(context)
    assert await receipt(lost) is None  # the job still has its turn
    clock.advance(minutes=2)
    with (busy / JOURNAL).open("rb") as writer:
        fcntl.flock(writer, fcntl.LOCK_EX)
        await check_what_was_missed(context)
    written = await receipt(lost)
    assert written is not None
    assert await receipt(busy) is None
    clock.advance(minutes=1)
    await check_what_was_missed(context)
    assert await receipt(busy) is not None
    assert await ReceiptSummary.all().count() == 2
    assert await receipt(lost) == written


async def test_the_sweep_does_not_look_at_old_lectures(context: JobContext, clock: ManualClock) -> None:
    folder = await ended_lecture(context, EventBus())
    clock.advance(timedelta(days=8).total_seconds())
    await check_what_was_missed(context)
    assert await receipt(folder) is None


async def test_areas_jobs_are_found_by_the_worker(sqlite_settings: Settings) -> None:
    async with database(sqlite_settings):
        context = make_context(sqlite_settings)
        huey = await context.queue.huey()
        assert any(name.endswith("check_lecture") for name in huey._registry._registry)
        await context.queue.aclose()


@pytest.fixture
def archiving(context: JobContext, tmp_path: Path) -> JobContext:
    """The same with a store beside the data folder."""
    settings = context.settings.model_copy(update={"store_url": f"file://{tmp_path}/store"})
    return dataclasses.replace(context, settings=settings)


async def test_an_ended_lecture_is_copied_to_the_store_and_its_row_says_when(
    archiving: JobContext, tmp_path: Path
) -> None:
    folder = await ended_lecture(archiving, EventBus())
    await check_lecture.run(archiving, number=folder.name)
    await archive_lecture.run(archiving, number=folder.name)
    summary = await ReceiptSummary.get(broadcast__number=folder.name)
    assert summary.archived_at == archiving.clock.now()
    copied = [path.stat().st_size for path in (tmp_path / "store" / "lectures" / folder.name).rglob("*.*")]
    assert summary.archived_bytes == sum(copied) > 0


async def test_the_sweep_copies_what_the_job_could_not(archiving: JobContext, clock: ManualClock) -> None:
    gone, whole = await ended_lecture(archiving, EventBus()), await ended_lecture(archiving, EventBus())
    for folder in (gone, whole):
        await check_lecture.run(archiving, number=folder.name)
    (gone / JOURNAL).unlink()
    await archive_what_was_missed(archiving)
    assert await ReceiptSummary.filter(archived_at=None).count() == 2  # the job still has its turn
    clock.advance(minutes=6)
    await archive_what_was_missed(archiving)
    assert (await ReceiptSummary.get(broadcast__number=whole.name)).archived_at is not None
    assert (await ReceiptSummary.get(broadcast__number=gone.name)).archived_at is None


async def test_without_a_store_nothing_is_copied(context: JobContext, clock: ManualClock) -> None:
    folder = await ended_lecture(context, EventBus())
    await check_lecture.run(context, number=folder.name)
    await archive_lecture.run(context, number=folder.name)
    clock.advance(minutes=6)
    await archive_what_was_missed(context)
    assert (await ReceiptSummary.get(broadcast__number=folder.name)).archived_at is None
