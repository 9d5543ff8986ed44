"""Background work for what stays of a lecture: its receipt, written as soon as it has ended."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from core.jobs import JobContext, job, on_start, sweep
from core.logs import bind, get_logger
from schedules.models import Broadcast
from schedules.queries import ended_between, find_by_number
from streaming.events import BroadcastEnded
from streaming.lecture_index import JOURNAL, lecture_folder
from vod.queries import receipts_of
from vod.receipt import Receipt
from vod.services import StillWritten, keep_summary, write_receipt

log = get_logger(__name__)

LOOK_BACK = timedelta(days=7)
JOBS_TURN = timedelta(minutes=1)
"""So long the sweep leaves a lecture to the job that its end has asked for."""


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
        await _check(broadcast, folder, now=context.clock.now())


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
                await _check(broadcast, folder, now=now)
            except (StillWritten, OSError) as error:  # one bad lecture must not keep the others waiting
                log.error("receipt.failed", error=str(error))
            else:
                log.warning("receipt.was_missed")


async def _check(broadcast: Broadcast, folder: Path, *, now: datetime) -> None:
    receipt = await write_receipt(folder, now=now)
    await keep_summary(broadcast.id, receipt, now=now)
    _tell(receipt)


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
