"""Background work for what stays of a lecture: its receipt as soon as it has ended, then its copy in the store."""

import asyncio
from datetime import timedelta
from pathlib import Path

from core.jobs import JobContext, job, on_start, sweep
from core.logs import bind, get_logger
from core.storage import open_store
from schedules.models import Broadcast
from schedules.queries import ended_between, find_by_number
from streaming.events import BroadcastEnded
from streaming.lecture_index import JOURNAL, lecture_folder
from vod.archive import copy_plan, copy_to
from vod.queries import not_archived, receipts_of
from vod.receipt import Receipt
from vod.services import StillWritten, keep_summary, note_archived, write_receipt

log = get_logger(__name__)

LOOK_BACK = timedelta(days=7)
JOBS_TURN = timedelta(minutes=1)
"""So long the sweep leaves a lecture to the job that its end has asked for."""
ARCHIVE_TURN = timedelta(minutes=5)


@on_start
def ask_for_receipts(context: JobContext) -> None:
    async def ask(event: BroadcastEnded) -> None:
        await context.queue.enqueue(check_lecture, number=event.number)

    context.events.subscribe(BroadcastEnded, ask)


@job(retries=6, retry_delay_seconds=5)
async def check_lecture(context: JobContext, number: str) -> None:
    """Write the receipt. Fails, to be tried again, while the journal is still being written."""
    folder = lecture_folder(context.settings.data_dir, number)
    with bind(broadcast=number):
        broadcast = await find_by_number(number)
        if broadcast is None or not await asyncio.to_thread(_has_journal, folder):
            log.info("receipt.nothing_to_check")
            return
        await _check(context, broadcast, folder)


@sweep(every_seconds=60)
async def check_what_was_missed(context: JobContext) -> None:
    """Ended lectures whose job was lost: the process died between the end and the asking, or the queue did."""
    now = context.clock.now()
    ended = await ended_between(now - LOOK_BACK, now - JOBS_TURN)
    known = await receipts_of([broadcast.id for broadcast in ended])
    missing = [broadcast for broadcast in ended if broadcast.id not in known]
    for broadcast, folder in await asyncio.to_thread(_with_journal, context.settings.data_dir, missing):
        with bind(broadcast=broadcast.number):
            try:
                await _check(context, broadcast, folder)
            except (StillWritten, OSError) as error:  # one bad lecture must not keep the others waiting
                log.error("receipt.failed", error=str(error))
            else:
                log.warning("receipt.was_missed")


@job(retries=3, retry_delay_seconds=30)
async def archive_lecture(context: JobContext, number: str) -> None:
    """Copy a lecture to the store, when there is one. Fails, to be tried again, when the store does not answer."""
    broadcast = await find_by_number(number)
    if broadcast is not None and context.settings.store_url is not None:
        with bind(broadcast=number):
            await _archive(context, broadcast)


@sweep(every_seconds=600)
async def archive_what_was_missed(context: JobContext) -> None:
    """Lectures without a copy: the job was lost, or the store was away for longer than it is tried."""
    if context.settings.store_url is None:
        return
    now = context.clock.now()
    for summary in await not_archived(now - LOOK_BACK, now - ARCHIVE_TURN):
        with bind(broadcast=summary.broadcast.number):
            try:
                await _archive(context, summary.broadcast)
            except (
                Exception
            ):  # a store fails in its client's own ways; one bad lecture must not hold up others
                log.exception("archive.failed")


async def _archive(context: JobContext, broadcast: Broadcast) -> None:
    folder = lecture_folder(context.settings.data_dir, broadcast.number)
    now = context.clock.now()
    receipt = await write_receipt(folder, now=now)
    plan = await asyncio.to_thread(copy_plan, folder, receipt)
    size = await copy_to(open_store(context.settings), plan)
    await note_archived(broadcast.id, size, now=now)
    log.info("archive.copied", objects=len(plan), bytes=size)


async def _check(context: JobContext, broadcast: Broadcast, folder: Path) -> None:
    now = context.clock.now()
    receipt = await write_receipt(folder, now=now)
    await keep_summary(broadcast.id, receipt, now=now)
    _tell(receipt)
    if context.settings.store_url is not None:
        await context.queue.enqueue(archive_lecture, number=broadcast.number)


def _with_journal(data_dir: Path, ended: list[Broadcast]) -> list[tuple[Broadcast, Path]]:
    folders = [(broadcast, lecture_folder(data_dir, broadcast.number)) for broadcast in ended]
    return [(broadcast, folder) for broadcast, folder in folders if _has_journal(folder)]


def _has_journal(folder: Path) -> bool:
    return (folder / JOURNAL).exists()


def _tell(receipt: Receipt) -> None:
    expected, received = round(receipt.expected_seconds, 1), round(receipt.received_seconds, 1)
    if not receipt.problems:
        log.info("receipt.written", expected=expected, received=received)
        return
    log.warning(
        "receipt.problems",
        expected=expected,
        received=received,
        problems=[f"{problem.kind.value}: {problem.detail}" for problem in receipt.problems],
    )
