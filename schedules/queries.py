"""What may be read about lectures. Every Broadcast comes with its unit loaded."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.context import require_context
from tortoise.expressions import Q

from core.errors import NotFound
from schedules.models import Broadcast
from schedules.numbers import is_number
from schedules.states import AirState

ON_AIR = (AirState.LIVE, AirState.INTERRUPTED)
LATE = timedelta(hours=2)
"""For so long after its planned start a lecture that has not begun is still announced."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What the holder of a lecture is told through its row."""

    key_version: int
    media_generation: int
    end_requested_at: datetime | None


async def by_number(number: str) -> Broadcast:
    """Raises NotFound, also for what is no number at all."""
    broadcast = await find_by_number(number)
    if broadcast is None:
        raise NotFound(f"没有编号为 {number[:20]} 的期次。")
    return broadcast


async def find_by_number(number: str) -> Broadcast | None:
    if not is_number(number):
        return None
    return await Broadcast.get_or_none(number=number).prefetch_related("unit")


async def live_now() -> list[Broadcast]:
    """On the air or interrupted, the earliest begun first."""
    rows = Broadcast.filter(air_state__in=ON_AIR).order_by("first_live_at")
    return await rows.prefetch_related("unit")


async def upcoming(now: datetime, limit: int = 10) -> list[Broadcast]:
    """Announced with a start, the next first."""
    rows = Broadcast.filter(air_state=AirState.SCHEDULED, starts_at__gt=now - LATE, end_requested_at=None)
    return await rows.order_by("starts_at").limit(limit).prefetch_related("unit")


async def latest_replays(limit: int = 10) -> list[Broadcast]:
    """Closed or ended lectures that have been on the air, the latest first."""
    rows = Broadcast.filter(
        air_state__in=(AirState.CLOSED, AirState.ENDED), first_live_at__isnull=False
    ).order_by("-first_live_at")
    return await rows.limit(limit).prefetch_related("unit")


async def recent(*, unit_code: str | None = None, limit: int = 100) -> list[Broadcast]:
    """Lectures of one unit or of all, the last created first."""
    rows = Broadcast.all() if unit_code is None else Broadcast.filter(unit_id=unit_code)
    return await rows.order_by("-created_at", "-number").limit(limit).prefetch_related("unit")


async def ended_between(since: datetime, until: datetime) -> list[Broadcast]:
    """Lectures that were on the air and ended in that time, the first ended first."""
    rows = Broadcast.filter(
        air_state=AirState.ENDED, first_live_at__isnull=False, ended_at__gte=since, ended_at__lte=until
    )
    return await rows.order_by("ended_at").prefetch_related("unit")


async def unfinished() -> list[Broadcast]:
    """Lectures that have been on the air and have not ended, and those whose end is asked for and owed."""
    on_air = Q(air_state__in=(*ON_AIR, AirState.CLOSED))
    owed = Q(end_requested_at__isnull=False, air_state=AirState.SCHEDULED)
    return await Broadcast.filter(on_air | owed).prefetch_related("unit")


async def orders(broadcast_ids: Collection[UUID]) -> dict[UUID, Orders]:
    """What the holder of these lectures is to look at several times a second: one small query.

    Written out, because asking it costs less than having it composed anew each time.
    """
    if not broadcast_ids:
        return {}
    listed = ",".join(f"'{UUID(str(each))}'" for each in broadcast_ids)
    wanted = "id, key_version, media_generation, end_requested_at"
    database = require_context().db()
    rows = await database.execute_query_dict(f"SELECT {wanted} FROM broadcast WHERE id IN ({listed})")
    moment = Broadcast._meta.fields_map["end_requested_at"]
    return {
        UUID(str(row["id"])): Orders(
            row["key_version"], row["media_generation"], moment.to_python_value(row["end_requested_at"])
        )
        for row in rows
    }
