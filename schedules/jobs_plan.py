"""Sweeps over the plan: hand-ins open when their time comes, ID numbers go when theirs is over."""

from core.audit import SYSTEM
from core.clock import CHINA
from core.database import transaction
from core.jobs import JobContext, sweep
from core.logs import get_logger
from schedules.deadlines import Deadline, in_force
from schedules.models import Broadcast
from schedules.states import PlanState
from schedules.told import keep_told_deadlines
from schedules.turns.id_numbers import erase_old_id_numbers
from schedules.turns.stepping import Outdated
from schedules.turns.steps import prepare
from schedules.workdays.calendars import load_calendar

log = get_logger(__name__)


@sweep(every_seconds=600)
async def open_hand_ins(context: JobContext) -> None:
    """已下达 → 待报送 from T−20 on, when the unit has not begun by itself."""
    now = context.clock.now()
    today = now.astimezone(CHINA).date()
    issued = await Broadcast.filter(plan_state=PlanState.ISSUED, starts_at__isnull=False)
    calendar = await load_calendar({today.year, *(each.starts_at.year for each in issued if each.starts_at)})
    for each in issued:
        if each.starts_at is None:
            continue
        days = in_force(each.starts_at, each.told_deadlines, calendar, context.settings)
        if today < days[Deadline.REMIND]:
            continue
        try:
            await prepare(each.number, version=each.version, by=SYSTEM, now=now)
        except Outdated:  # somebody is at it; the next sweep looks again
            log.info("plan.changed_meanwhile", broadcast=each.number)


@sweep(every_seconds=600)
async def tell_deadlines(context: JobContext) -> None:
    """What changes the calendar tells at once. This finds the rest: other settings, or rows from elsewhere."""
    async with transaction():
        await keep_told_deadlines(now=context.clock.now(), settings=context.settings)


@sweep(every_seconds=3600)
async def erase_id_numbers(context: JobContext) -> None:
    erased = await erase_old_id_numbers(by=SYSTEM, now=context.clock.now(), settings=context.settings)
    if erased:
        log.info("lecturer_id.erased", count=erased)
