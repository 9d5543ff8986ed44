"""What people change of the working calendar: an announcement, and days of the bureau's own. Audited.

Deadlines are told with it, in the same transaction: they never move earlier, whatever is imported after.
"""

from dataclasses import dataclass
from datetime import date, datetime

from core.audit import Actor, record
from core.database import transaction
from core.errors import Invalid, NotFound
from core.settings import Settings
from schedules.models.calendar import CalendarDay
from schedules.told import keep_told_deadlines
from schedules.workdays.announcement import Announcement
from schedules.workdays.calendars import load_calendar, put_days, replace_year
from schedules.workdays.days import DayKind, WorkingCalendar
from schedules.workdays.seed import SeededYear


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """A day that an import turned from working into off, or the other way round."""

    day: date
    was_working: bool
    is_working: bool
    name: str


async def import_announcement(
    announcement: Announcement, *, by: Actor, now: datetime, settings: Settings
) -> list[CalendarChange]:
    """Take the State Council's announcement in place of what was expected, audited.

    Returns what changed between working and not, day by day. Days of the December before that belong to it are
    taken in too; days the bureau added itself stay.
    """
    year = announcement.year
    async with transaction():
        before = await load_calendar([year])
        was_official = before.is_official(year)
        await replace_year(SeededYear(year, announcement.source, True, announcement.days_of(year)), now)
        await put_days(announcement.days_of(year - 1), announcement.source)
        after = await load_calendar([year])
        changes = [
            CalendarChange(day, before.is_working(day), after.is_working(day), _name(after, before, day))
            for day in sorted(before.days.keys() | after.days.keys())
            if before.is_working(day) is not after.is_working(day)
        ]
        await keep_told_deadlines(now=now, settings=settings)
        await record(
            "calendar.imported",
            by=by,
            subject=f"calendar:{year}",
            now=now,
            before={"official": was_official},
            after={
                "official": True,
                "source": announcement.source,
                "changed": [change.day.isoformat() for change in changes],
            },
        )
    return changes


def _name(after: WorkingCalendar, before: WorkingCalendar, day: date) -> str:
    entry = after.days.get(day) or before.days.get(day)
    return entry.name if entry else ""


async def set_local_day(
    day: date, kind: DayKind, name: str, *, by: Actor, now: datetime, settings: Settings
) -> CalendarDay:
    """A day of the bureau's own, such as a holiday of the prefecture. It outranks the announcement. Audited.

    Raises Invalid.
    """
    name = " ".join(name.split())
    if not 1 <= len(name) <= 60 or not name.isprintable():
        raise Invalid({"name": "请填这一天的名称，不超过 60 个字。"})
    async with transaction():
        await CalendarDay.filter(day=day, is_local=True).delete()
        row = await CalendarDay.create(
            day=day, kind=kind, name=name, source="本局设定", is_official=True, is_local=True
        )
        await keep_told_deadlines(now=now, settings=settings)
        await record(
            "calendar.day_set",
            by=by,
            subject=f"calendar:{day.isoformat()}",
            now=now,
            after={"kind": kind.value, "name": name},
        )
    return row


async def remove_local_day(day: date, *, by: Actor, now: datetime, settings: Settings) -> None:
    """What else is known about the day holds again. Audited. Raises NotFound."""
    async with transaction():
        if not await CalendarDay.filter(day=day, is_local=True).delete():
            raise NotFound("这一天没有本局自己的设定，请刷新后再看。")
        await keep_told_deadlines(now=now, settings=settings)
        await record("calendar.day_removed", by=by, subject=f"calendar:{day.isoformat()}", now=now)
