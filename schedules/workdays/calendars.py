"""The working calendar in the database: loading it, seeding it, and taking in an announcement."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tortoise.exceptions import IntegrityError
from tortoise.queryset import QuerySet

from core.audit import Actor, record
from core.database import transaction
from core.errors import Invalid, NotFound
from schedules.models.calendar import CalendarDay, CalendarYear
from schedules.workdays.announcement import Announcement
from schedules.workdays.days import DayEntry, DayKind, WorkingCalendar
from schedules.workdays.seed import SeededYear, seeded_year

FIRST_YEAR = 2020
YEARS_AHEAD = 12
"""So many years after the present one are kept in the table."""


async def load_calendar(years: Iterable[int]) -> WorkingCalendar:
    """The calendar of these years and their neighbours: deadlines cross the turn of a year.

    A year that is not in the table counts as not announced, with its weekends only.
    """
    wanted = sorted({near for year in years for near in (year - 1, year, year + 1)})
    if not wanted:
        return WorkingCalendar()
    rows = await _days(wanted[0], wanted[-1]).order_by("is_local")  # the bureau's own come last and hold
    official = await CalendarYear.filter(year__in=wanted, is_official=True).values_list("year", flat=True)
    days = {row.day: DayEntry(row.kind, row.name, row.is_official) for row in rows}
    return WorkingCalendar(days, frozenset(int(str(year)) for year in official))


async def ensure_years(years: Iterable[int], *, now: datetime) -> list[int]:
    """Put the years the table lacks into it, and those it only expects but a library now knows to be announced.

    Returns the years that were changed. What was imported is never touched.
    """
    known = {row.year: row.is_official for row in await CalendarYear.all()}
    open_years = [year for year in sorted(set(years)) if not known.get(year, False)]
    seeds = await asyncio.to_thread(lambda: [seeded_year(year) for year in open_years])
    changed = []
    for seed in seeds:
        if seed.year in known and not seed.is_official:
            continue
        try:
            async with transaction():
                if await CalendarYear.exists(year=seed.year, is_official=True):  # imported since it was read
                    continue
                await _replace(seed, now)
        except IntegrityError:  # another process of ours fills the same year
            continue
        changed.append(seed.year)
    return changed


async def ensure_usual_years(now: datetime) -> list[int]:
    """The years anything may be planned for or looked back to, as ensure_years."""
    return await ensure_years(range(FIRST_YEAR, now.year + YEARS_AHEAD + 1), now=now)


async def import_announcement(
    announcement: Announcement, *, by: Actor, now: datetime
) -> list["CalendarChange"]:
    """Take the State Council's announcement in place of what was expected, audited.

    Returns what changed between working and not, day by day. Days of the December before that belong to it are
    taken in too; days the bureau added itself stay.
    """
    year = announcement.year
    async with transaction():
        before = await load_calendar([year])
        was_official = before.is_official(year)
        await _replace(SeededYear(year, announcement.source, True, announcement.days_of(year)), now)
        await _put(announcement.days_of(year - 1), announcement.source)
        after = await load_calendar([year])
        changes = [
            CalendarChange(day, before.is_working(day), after.is_working(day), _name(after, before, day))
            for day in sorted(before.days.keys() | after.days.keys())
            if before.is_working(day) is not after.is_working(day)
        ]
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


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """A day that an import turned from working into off, or the other way round."""

    day: date
    was_working: bool
    is_working: bool
    name: str


def _name(after: WorkingCalendar, before: WorkingCalendar, day: date) -> str:
    entry = after.days.get(day) or before.days.get(day)
    return entry.name if entry else ""


async def set_local_day(day: date, kind: DayKind, name: str, *, by: Actor, now: datetime) -> CalendarDay:
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
        await record(
            "calendar.day_set",
            by=by,
            subject=f"calendar:{day.isoformat()}",
            now=now,
            after={"kind": kind.value, "name": name},
        )
    return row


async def remove_local_day(day: date, *, by: Actor, now: datetime) -> None:
    """What else is known about the day holds again. Audited. Raises NotFound."""
    async with transaction():
        if not await CalendarDay.filter(day=day, is_local=True).delete():
            raise NotFound("这一天没有本局自己的设定，请刷新后再看。")
        await record("calendar.day_removed", by=by, subject=f"calendar:{day.isoformat()}", now=now)


async def days_of_year(year: int) -> tuple[CalendarYear | None, list[CalendarDay]]:
    """What the table holds for a year: where it is from, and its named days in order."""
    return await CalendarYear.get_or_none(year=year), await _days(year, year).order_by("day", "is_local")


def _days(first: int, last: int) -> QuerySet[CalendarDay]:
    return CalendarDay.filter(day__gte=date(first, 1, 1), day__lte=date(last, 12, 31))


async def _replace(seed: SeededYear, now: datetime) -> None:
    await _days(seed.year, seed.year).filter(is_local=False).delete()
    await _put(seed.days, seed.source)
    known = {"source": seed.source, "is_official": seed.is_official, "changed_at": now}
    await CalendarYear.update_or_create(defaults=known, year=seed.year)


async def _put(days: Mapping[date, DayEntry], source: str) -> None:
    if not days:
        return
    await CalendarDay.filter(day__in=list(days), is_local=False).delete()
    await CalendarDay.bulk_create(
        CalendarDay(day=day, kind=entry.kind, name=entry.name, source=source, is_official=entry.is_official)
        for day, entry in days.items()
    )
