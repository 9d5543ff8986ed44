"""告知单位的期限 as rows keep them: whatever moves a lecture or the calendar, none of them moves earlier."""

from datetime import datetime, timedelta

from core.clock import CHINA
from core.settings import Settings
from schedules.deadlines import in_force, to_row
from schedules.models import Broadcast
from schedules.states import UNDER_WAY
from schedules.workdays.calendars import load_calendar

ALL_OVER = timedelta(days=200)
"""So long after its start every deadline of a lecture is over: the settings allow 120 working days."""


async def deadlines_to_tell(broadcast: Broadcast, starts_at: datetime, settings: Settings) -> dict[str, str]:
    """As `Broadcast.told_deadlines` is to keep them when the lecture starts then."""
    calendar = await load_calendar([starts_at.astimezone(CHINA).year])
    return to_row(in_force(starts_at, broadcast.told_deadlines, calendar, settings))


async def keep_told_deadlines(*, now: datetime, settings: Settings) -> int:
    """What the pages show from now on is told. Returns of how many lectures something was.

    In the transaction of whatever changes the calendar: a second change must not find the first one untold. The
    version stays: nobody's page is out of date by it.
    """
    lectures = (
        await Broadcast.filter(plan_state__in=UNDER_WAY, starts_at__gt=now - ALL_OVER)
        .order_by("id")
        .select_for_update()
    )
    calendar = await load_calendar(
        {each.starts_at.astimezone(CHINA).year for each in lectures if each.starts_at}
    )
    changed = 0
    for each in lectures:
        if each.starts_at is None:
            continue
        told = to_row(in_force(each.starts_at, each.told_deadlines, calendar, settings))
        if told != each.told_deadlines:
            await Broadcast.filter(id=each.id).update(told_deadlines=told)
            changed += 1
    return changed
