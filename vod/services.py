"""What may be done with a lecture that has ended."""

import asyncio
import fcntl
import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from core.errors import Conflict
from streaming.journal_loading import load_journal
from streaming.lecture_index import JOURNAL
from vod.models import ReceiptSummary
from vod.receipt import Receipt, make_receipt
from vod.verification import verify_files

RECEIPT = "receipt.json"


class StillWritten(Conflict):
    """这一期还在写入磁盘，请稍后再核对。"""


async def write_receipt(folder: Path, *, now: datetime) -> Receipt:
    """Check a lecture's files against its journal and keep the receipt beside it, as receipt.json.

    Running it again changes nothing unless something has changed. Raises StillWritten while a media process
    holds the journal (ask again later), FileNotFoundError when there is none, OSError.
    """
    return await asyncio.to_thread(_write_receipt, folder, now)


async def keep_summary(broadcast_id: UUID, receipt: Receipt, *, now: datetime) -> None:
    """What the bureau is told of a receipt, wherever its web site runs. Again: the last one counts."""
    values = {
        "written_at": now,
        "expected_seconds": receipt.expected_seconds,
        "received_seconds": receipt.received_seconds,
        "problems": [asdict(problem) for problem in receipt.problems],
    }
    await ReceiptSummary.update_or_create(values, broadcast_id=broadcast_id)


async def note_archived(broadcast_id: UUID, size: int, *, now: datetime) -> None:
    """The copy in the store has been compared; size in bytes."""
    await ReceiptSummary.filter(broadcast_id=broadcast_id).update(archived_at=now, archived_bytes=size)


def _write_receipt(folder: Path, now: datetime) -> Receipt:
    with (folder / JOURNAL).open("rb") as journal:
        try:
            # The writer of a lecture holds this lock for as long as anything may still be added.
            fcntl.flock(journal, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StillWritten from None
        index = load_journal(folder)
        receipt = make_receipt(index, verify_files(index))
    _keep(folder / RECEIPT, receipt.to_json(now))
    return receipt


def _keep(path: Path, receipt: dict[str, Any]) -> None:
    if _without_date(_read(path)) == _without_date(json.loads(json.dumps(receipt))):
        return
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8") as file:
        json.dump(receipt, file, ensure_ascii=False, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _read(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _without_date(receipt: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in receipt.items() if name != "written_at"}
