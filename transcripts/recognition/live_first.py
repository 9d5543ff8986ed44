"""The live comes first: from when until when recognition rests for a lecture. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.settings import Settings
from schedules.models import Broadcast
from schedules.states import AirState, Delivery, PlanState
from schedules.window import planned_end

ON_AIR = (AirState.LIVE, AirState.INTERRUPTED)
MAY_COME = (AirState.SCHEDULED, AirState.CLOSED)
"""A picture may come, for the first time or again, until the planned end."""


@dataclass(frozen=True, slots=True)
class LiveFirst:
    """The lecture that recognition waits for. starts_at: None while it is on the air."""

    number: str
    title: str
    starts_at: datetime | None


def live_first(lectures: Iterable[Broadcast], now: datetime, settings: Settings) -> LiveFirst | None:
    """The first of these lectures that leaves the machine no time for recognition; None: it may go on.

    On the air counts whether it was planned or not; the time from shortly before the start until the planned end,
    with or without a picture, for lectures that are 已排期. The sample lecture never counts.
    """
    if not settings.speech_live_first:
        return None
    candidates = [each for each in lectures if not each.is_sample and each.delivery is not Delivery.EXTERNAL]
    for each in candidates:
        if each.air_state in ON_AIR:
            return LiveFirst(each.number, each.title, None)
    coming = [each for each in candidates if _is_near(each, now, settings)]
    coming.sort(key=lambda each: (each.starts_at, each.number))
    return LiveFirst(coming[0].number, coming[0].title, coming[0].starts_at) if coming else None


def _is_near(broadcast: Broadcast, now: datetime, settings: Settings) -> bool:
    end = planned_end(broadcast)
    if broadcast.air_state not in MAY_COME or broadcast.plan_state is not PlanState.SCHEDULED:
        return False
    if broadcast.starts_at is None or end is None or broadcast.end_requested_at is not None:
        return False
    return broadcast.starts_at - timedelta(minutes=settings.speech_pause_minutes) <= now < end
