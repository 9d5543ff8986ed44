"""Lectures of a year's plan, put into the database as they would stand there."""

from datetime import UTC, datetime, timedelta
from typing import Any

from schedules.models import Broadcast
from schedules.states import PlanState
from tests.support.cast import UNIT_A
from tests.support.website import Website

FIRST = datetime(2027, 1, 14, 7, 0, tzinfo=UTC)
"""15:00 in China on the second Thursday of January 2027."""


async def planned(website: Website, number: str, **fields: Any) -> Broadcast:
    """A draft of 州司法局 on the first usual day of 2027, if nothing else is said."""
    now = website.clock.now()
    given = {
        "title": "",
        "unit_id": UNIT_A,
        "starts_at": FIRST,
        "plan_state": PlanState.DRAFT,
        "reason": "按最久未轮值排到。",
        "created_at": now,
        "changed_at": now,
    }
    made = await Broadcast.create(number=number, **{**given, **fields})
    return await Broadcast.get(id=made.id).prefetch_related("unit")


async def told(website: Website, number: str, **fields: Any) -> Broadcast:
    """One that was issued to its unit."""
    start = fields.get("starts_at", FIRST)
    given = {"plan_state": PlanState.ISSUED, "first_starts_at": start, "version": 1}
    return await planned(website, number, **{**given, **fields})


def days_later(days: int) -> datetime:
    return FIRST + timedelta(days=days)
