"""Who watches a lecture on the air, in total only: now, and at most. Never by unit while it runs."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from prometheus_client import Gauge
from tortoise.functions import Sum

from audience.counting.visits import Mode
from audience.models import DayViews, MinuteViewers, Visit
from core.clock import Clock
from schedules.models import Broadcast
from schedules.queries import ON_AIR

NOW = timedelta(seconds=45)
"""Whoever reported play within it is watching now: players report every 15 s, and one report may be late."""
FRESH = timedelta(seconds=5)
"""So long an answer serves everybody who asks."""
REMEMBERED = timedelta(minutes=1)
LIVE_VIEWERS = Gauge(
    "weiketang_live_viewers",
    "Browsers that play a lecture on the air, as this process last saw it.",
    ["lecture"],
)


@dataclass(frozen=True, slots=True)
class Watching:
    """now: browsers that play it. peak: most in one minute. live, replay: 人次 so far."""

    now: int
    peak: int
    live: int
    replay: int


class ViewersNow:
    """One a process. Asks the rows, at most so often however many ask it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[UUID, tuple[datetime, Watching]] = {}
        self._asking = asyncio.Lock()

    async def of(self, lecture: Broadcast) -> Watching:
        if known := self._fresh(lecture.id):
            return known
        async with self._asking:
            if known := self._fresh(lecture.id):
                return known
            now = self._clock.now()
            found = await _ask(lecture, now)
            self._known = {key: value for key, value in self._known.items() if now - value[0] < REMEMBERED}
            self._known[lecture.id] = (now, found)
            LIVE_VIEWERS.labels(lecture.number).set_function(lambda: self._told(lecture.id))
            return found

    def _told(self, lecture_id: UUID) -> float:
        """For /metrics: 0 when nobody has asked for a while, since nobody has looked."""
        known = self._known.get(lecture_id)
        return known[1].now if known and self._clock.now() - known[0] < REMEMBERED else 0

    def _fresh(self, lecture_id: UUID) -> Watching | None:
        known = self._known.get(lecture_id)
        return known[1] if known and self._clock.now() - known[0] < FRESH else None


async def _ask(lecture: Broadcast, now: datetime) -> Watching:
    watching = 0
    if lecture.air_state in ON_AIR:
        watching = await Visit.filter(
            broadcast_id=lecture.id, mode=Mode.LIVE, played_at__gt=now - NOW
        ).count()
    peaks = await MinuteViewers.filter(broadcast_id=lecture.id).order_by("-viewers").limit(1)
    views = dict(
        await DayViews.filter(broadcast_id=lecture.id)
        .annotate(seen=Sum("views"))
        .group_by("mode")
        .values_list("mode", "seen")
    )
    return Watching(
        now=watching,
        peak=peaks[0].viewers if peaks else 0,
        live=int(views.get(Mode.LIVE, 0)),
        replay=int(views.get(Mode.REPLAY, 0)),
    )
