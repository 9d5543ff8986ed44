"""The working calendar in the database: loading and seeding it. What people change is in `changing`."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from tortoise.exceptions import IntegrityError
from tortoise.queryset import QuerySet

from core.database import transaction
from schedules.models.calendar import CalendarDay, CalendarYear
from schedules.workdays.days import DayEntry, WorkingCalendar
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
                await replace_year(seed, now)
        except IntegrityError:  # another process of ours fills the same year
            continue
        changed.append(seed.year)
    return changed


async def ensure_usual_years(now: datetime) -> list[int]:
    """The years anything may be planned for or looked back to, as ensure_years."""
    return await ensure_years(range(FIRST_YEAR, now.year + YEARS_AHEAD + 1), now=now)


async def days_of_year(year: int) -> tuple[CalendarYear | None, list[CalendarDay]]:
    """What the table holds for a year: where it is from, and its named days in order."""
    return await CalendarYear.get_or_none(year=year), await _days(year, year).order_by("day", "is_local")


def _days(first: int, last: int) -> QuerySet[CalendarDay]:
    return CalendarDay.filter(day__gte=date(first, 1, 1), day__lte=date(last, 12, 31))


async def replace_year(seed: SeededYear, now: datetime) -> None:
    """In place of all that is known of the year, but for the bureau's own days. In the caller's transaction."""
    await _days(seed.year, seed.year).filter(is_local=False).delete()
    await put_days(seed.days, seed.source)
    known = {"source": seed.source, "is_official": seed.is_official, "changed_at": now}
    await CalendarYear.update_or_create(defaults=known, year=seed.year)


async def put_days(days: Mapping[date, DayEntry], source: str) -> None:
    """In place of what is known of these days. In the caller's transaction."""
    if not days:
        return
    await CalendarDay.filter(day__in=list(days), is_local=False).delete()
    await CalendarDay.bulk_create(
        CalendarDay(day=day, kind=entry.kind, name=entry.name, source=source, is_official=entry.is_official)
        for day, entry in days.items()
    )
