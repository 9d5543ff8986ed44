"""What `weiketang broadcast show` says of one lecture: its row, its publications, its journal."""

import asyncio
from typing import Any

from core.clock import SystemClock
from core.settings import Settings
from portal.cli.console import iso, say, say_table
from schedules.models import Broadcast
from schedules.states import LABELS, AirState
from streaming.journal_loading import load_journal
from streaming.lecture_index import RenditionIndex, lecture_folder
from streaming.models import Publication
from streaming.queries import expected_seconds, publications
from streaming.segments import TICKS_PER_SECOND
from vod.models import ReceiptSummary
from vod.queries import receipt_summary


async def describe(broadcast: Broadcast, settings: Settings) -> dict[str, Any]:
    """Everything as plain values. Seconds are rounded to a millisecond.

    Segments and received seconds are those of the rendition that has most, as its journal in the data folder
    tells; without the journal (it lies with the media process) the publications' rows tell the seconds.
    """
    found = await publications(broadcast.id)
    folder = lecture_folder(settings.data_dir, broadcast.number)
    renditions = (await asyncio.to_thread(load_journal, folder)).renditions
    fullest = max(renditions.values(), key=lambda each: each.received, default=None)
    received = (
        fullest.received / TICKS_PER_SECOND if fullest else sum(each.received_seconds for each in found)
    )
    return {
        "number": broadcast.number,
        "id": str(broadcast.id),
        "title": broadcast.title,
        "unit": broadcast.unit.code,
        "unit_name": broadcast.unit.name,
        "state": broadcast.air_state.value,
        "starts_at": iso(broadcast.starts_at),
        "first_live_at": iso(broadcast.first_live_at),
        "ended_at": iso(broadcast.ended_at),
        "publications": [_publication(each) for each in found],
        "expected_seconds": round(expected_seconds(found, SystemClock().now()), 3),
        "received_seconds": round(received, 3),
        "segments": _segments(fullest) if fullest else 0,
        "renditions": {
            name: {"segments": _segments(each), "seconds": round(each.received / TICKS_PER_SECOND, 3)}
            for name, each in renditions.items()
        },
        "receipt": _receipt(await receipt_summary(broadcast.id)),
    }


def say_description(description: dict[str, Any]) -> None:
    say(f"{description['number']}　{description['title']}　{description['unit_name']}")
    say(f"状态：{LABELS[AirState(description['state'])]}")
    seconds = f"应收 {description['expected_seconds']} 秒，已收 {description['received_seconds']} 秒"
    say(f"{seconds}，{description['segments']} 段")
    if (receipt := description["receipt"]) is not None:
        found = f"{len(receipt['problems'])} 处问题" if receipt["problems"] else "完整无缺"
        copy = f"，副本存于 {receipt['archived_at']}" if receipt["archived_at"] else ""
        say(f"录像核对：{found}{copy}")
    if description["publications"]:
        say_table(
            ("推流", "来自", "软件", "开始", "结束", "原因"),
            [
                (
                    str(each["ordinal"]),
                    each["peer"],
                    each["encoder"],
                    each["started_at"],
                    each["ended_at"] or "正在推流",
                    each["end_reason"],
                )
                for each in description["publications"]
            ],
        )


def _receipt(summary: ReceiptSummary | None) -> dict[str, Any] | None:
    if summary is None:
        return None
    return {
        "written_at": iso(summary.written_at),
        "problems": summary.problems,
        "archived_at": iso(summary.archived_at),
        "archived_bytes": summary.archived_bytes,
    }


def _segments(rendition: RenditionIndex) -> int:
    return sum(not segment.gap for segment in rendition.segments)


def _publication(publication: Publication) -> dict[str, Any]:
    return {
        "ordinal": publication.ordinal,
        "peer": publication.peer,
        "encoder": publication.encoder,
        "started_at": iso(publication.started_at),
        "ended_at": iso(publication.ended_at),
        "end_reason": publication.end_reason,
        "received_seconds": round(publication.received_seconds, 3),
    }
