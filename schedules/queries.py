"""What may be read about lectures. Every Broadcast comes with its unit loaded."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from tortoise.context import require_context
from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from core.clock import CHINA
from core.errors import NotFound
from core.settings import Settings
from schedules.deadlines import Deadline, in_force
from schedules.fulfilment import open_after
from schedules.models import Broadcast, Step
from schedules.numbers import is_number
from schedules.public.visibility import PUBLIC
from schedules.states import UNDER_WAY, WITH_THE_UNIT, AirState, PlanState, ReplayState
from schedules.workdays.calendars import load_calendar

ON_AIR = (AirState.LIVE, AirState.INTERRUPTED)
LATE = timedelta(hours=2)
"""For so long after its planned start a lecture that has not begun is still announced."""
LATE_AFTER = timedelta(days=90)
"""For so long after its start a lecture is looked at for what should have come after it."""

_LATE_BY = {
    PlanState.ISSUED: Deadline.HAND_IN,
    PlanState.AWAITING: Deadline.HAND_IN,
    PlanState.UNIT_REVIEW: Deadline.UNIT_REVIEW,
    PlanState.BUREAU_REVIEW: Deadline.BUREAU_REVIEW,
}
"""Which deadline a lecture in a state has to keep next."""


@dataclass(frozen=True, slots=True)
class Late:
    """A lecture that is behind. day: the deadline, as told; working_days: since then, at least 1."""

    broadcast: Broadcast
    deadline: Deadline
    day: date
    working_days: int


@dataclass(frozen=True, slots=True)
class Orders:
    """What the holder of a lecture is told through its row."""

    key_version: int
    media_generation: int
    end_requested_at: datetime | None
    replay_state: ReplayState = ReplayState.PUBLIC
    cut_off_at: datetime | None = None


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
    """On the air or interrupted and not withdrawn, the earliest begun first."""
    rows = Broadcast.filter(PUBLIC, air_state__in=ON_AIR).exclude(replay_state=ReplayState.WITHDRAWN)
    rows = rows.order_by("first_live_at")
    return await rows.prefetch_related("unit")


async def upcoming(now: datetime, limit: int = 10) -> list[Broadcast]:
    """Announced with a start, the next first."""
    rows = Broadcast.filter(
        plan_state=PlanState.SCHEDULED,
        air_state=AirState.SCHEDULED,
        starts_at__gt=now - LATE,
        end_requested_at=None,
    )
    return await rows.order_by("starts_at").limit(limit).prefetch_related("unit")


async def latest_replays(limit: int = 10) -> list[Broadcast]:
    """Closed or ended lectures that have been on the air and whose replay is public, the latest first."""
    return await replays().order_by("-first_live_at").limit(limit).prefetch_related("unit")


def replays() -> QuerySet[Broadcast]:
    """What the public can play back, in no order."""
    return Broadcast.filter(
        PUBLIC,
        air_state__in=(AirState.CLOSED, AirState.ENDED),
        first_live_at__isnull=False,
        replay_state=ReplayState.PUBLIC,
    )


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
    wanted = "id, key_version, media_generation, end_requested_at, replay_state, cut_off_at"
    database = require_context().db()
    rows = await database.execute_query_dict(f"SELECT {wanted} FROM broadcast WHERE id IN ({listed})")
    moment = Broadcast._meta.fields_map["end_requested_at"]
    return {
        UUID(str(row["id"])): Orders(
            row["key_version"],
            row["media_generation"],
            moment.to_python_value(row["end_requested_at"]),
            ReplayState(row["replay_state"]),
            moment.to_python_value(row["cut_off_at"]),
        )
        for row in rows
    }


async def timeline(broadcast_id: UUID) -> list[Step]:
    """What was done to the plan, the first first."""
    return await Step.filter(broadcast_id=broadcast_id)


async def waiting_for_bureau(now: datetime) -> list[Broadcast]:
    """In 州局审核, the next to be given first."""
    rows = Broadcast.filter(plan_state=PlanState.BUREAU_REVIEW)
    return await rows.order_by("starts_at").prefetch_related("unit")


async def late(now: datetime, settings: Settings) -> list[Late]:
    """Lectures whose next deadline has passed, and those given of whose deadlines one is not kept, the longest
    overdue first."""
    today = now.astimezone(CHINA).date()
    ahead = Q(plan_state__in=list(_LATE_BY), air_state=AirState.SCHEDULED, starts_at__isnull=False)
    given = Q(plan_state=PlanState.SCHEDULED, starts_at__gte=now - LATE_AFTER, starts_at__lte=now)
    rows = await Broadcast.filter(ahead | given, is_sample=False).prefetch_related("unit")
    years = {each.starts_at.astimezone(CHINA).year for each in rows if each.starts_at}
    calendar = await load_calendar(years | {today.year})
    found = []
    for each in rows:
        if each.starts_at is None:
            continue
        open_ones = await open_after(each, now)
        if each.plan_state in _LATE_BY:
            open_ones = frozenset({_LATE_BY[each.plan_state]})
        days = in_force(each.starts_at, each.told_deadlines, calendar, settings)
        found += [
            Late(each, one, days[one], max(1, calendar.working_days_between(days[one], today)))
            for one in open_ones
            if today > days[one]
        ]
    return sorted(found, key=lambda each: (each.day, each.broadcast.number, each.deadline))


async def next_duty_of(unit_code: str, now: datetime) -> Broadcast | None:
    """我的下一次轮值: what the unit has still to hand in first, else what it is to give next; None: nothing."""
    rows = Broadcast.filter(unit_id=unit_code, air_state=AirState.SCHEDULED, first_live_at__isnull=True)
    to_hand_in = rows.filter(plan_state__in=WITH_THE_UNIT)
    to_give = rows.filter(plan_state__in=UNDER_WAY, starts_at__gt=now - LATE)
    for each in (to_hand_in, to_give, rows.filter(plan_state=PlanState.POSTPONED)):
        found = await each.order_by("starts_at").prefetch_related("unit").first()
        if found is not None:
            return found
    return None


async def of_unit(unit_code: str) -> list[Broadcast]:
    """What a unit was told of, the latest first; no drafts."""
    rows = Broadcast.filter(unit_id=unit_code).exclude(plan_state=PlanState.DRAFT)
    return await rows.order_by("-starts_at", "-created_at").prefetch_related("unit")
