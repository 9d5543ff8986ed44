"""What `weiketang broadcast show` says of one lecture: its row, its publications, its journal."""

from typing import Any

from core.clock import SystemClock
from core.settings import Settings
from portal.cli.console import iso, say, say_table
from schedules.models import Broadcast
from schedules.states import LABELS, AirState
from streaming.models import Publication
from streaming.queries import expected_seconds, publications


async def describe(broadcast: Broadcast, settings: Settings) -> dict[str, Any]:
    """Everything as plain values. Seconds are rounded to a millisecond."""
    found = await publications(broadcast.id)
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
        "received_seconds": round(sum(each.received_seconds for each in found), 3),
    }


def say_description(description: dict[str, Any]) -> None:
    say(f"{description['number']}　{description['title']}　{description['unit_name']}")
    say(f"状态：{LABELS[AirState(description['state'])]}")
    say(f"应收 {description['expected_seconds']} 秒，已收 {description['received_seconds']} 秒")
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
