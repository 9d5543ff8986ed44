"""Background work for what stays of a lecture: its receipt, written as soon as it has ended."""

import asyncio
from datetime import timedelta
from pathlib import Path

from core.jobs import JobContext, job, on_start, sweep
from core.logs import bind, get_logger
from schedules.models import Broadcast
from schedules.queries import ended_between
from streaming.events import BroadcastEnded
from streaming.lecture_index import JOURNAL, lecture_folder
from vod.receipt import Receipt
from vod.services import RECEIPT, StillWritten, write_receipt

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
        if await asyncio.to_thread(_has_journal, folder):
            _tell(await write_receipt(folder, now=context.clock.now()))
        else:
            log.info("receipt.nothing_to_check")


@sweep(every_seconds=60)
async def check_what_was_missed(context: JobContext) -> None:
    """Ended lectures whose job was lost: the process died between the end and the asking, or the queue did."""
    now = context.clock.now()
    ended = await ended_between(now - LOOK_BACK, now - JOBS_TURN)
    for number, folder in await asyncio.to_thread(_without_receipt, context.settings.data_dir, ended):
        with bind(broadcast=number):
            try:
                receipt = await write_receipt(folder, now=now)
            except (StillWritten, OSError) as error:  # one bad lecture must not keep the others waiting
                log.error("receipt.failed", error=str(error))
            else:
                log.warning("receipt.was_missed")
                _tell(receipt)


def _without_receipt(data_dir: Path, ended: list[Broadcast]) -> list[tuple[str, Path]]:
    folders = [(broadcast.number, lecture_folder(data_dir, broadcast.number)) for broadcast in ended]
    return [
        (number, folder)
        for number, folder in folders
        if _has_journal(folder) and not (folder / RECEIPT).exists()
    ]


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
