"""Counting everything anew from the raw log, and putting right what differs.

The log only grows, so it is read without holding anybody up; then, in one transaction, the rest of it is read and
only what differs is written. A process that is killed in between has changed nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from audience.counting.visits import Minute, Tally, VisitTally
from audience.figures.definitions import definitions
from audience.figures.sealed import late_rule
from audience.intake.committing import logged
from audience.intake.keeping import Counted, VisitRow, day_views, row_of, tally_of
from audience.intake.writers import take_turn
from audience.models import Beacon, DayViews, Exclusion, MinuteViewers, Visit
from core.clock import CHINA
from core.database import transaction

PAGE_ROWS = 5000
Progress: TypeAlias = Callable[[int], None]
_Key: TypeAlias = tuple[UUID, str, str, datetime]


@dataclass(frozen=True, slots=True)
class Recount:
    """beacons: lines read. visits: that count, of those. changed: rows that were wrong, missing or too many."""

    beacons: int
    visits: int
    changed: int


class _Counting:
    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.over: list[VisitTally] = []
        self.last_id = 0
        self.beacons = 0

    async def read_on(self, progress: Progress) -> None:
        while True:
            page = await Beacon.filter(id__gt=self.last_id).order_by("id").limit(PAGE_ROWS)
            for row in page:
                if row.excluded is Exclusion.NONE:
                    self.tally.take(logged(row))
            self.over.extend(self.tally.drain_over())
            self.beacons += len(page)
            if page:
                self.last_id = page[-1].id
            progress(self.beacons)
            if len(page) < PAGE_ROWS:
                return

    def visits(self) -> Iterable[VisitTally]:
        yield from self.over
        yield from self.tally.rest()


async def recount(progress: Progress = lambda beacons: None) -> Recount:
    """Rebuild visits and sums from the raw log; what is older than the log stays as it is."""
    definition_on, is_late = await definitions(), await late_rule()
    first = await Beacon.all().order_by("id").first()
    if first is None:
        return Recount(0, 0, 0)
    began = first.received_at
    # Visits that had begun before the oldest line and may go on into the log.
    running = await Visit.filter(began_at__lt=began, played_at__gte=began - timedelta(days=1))
    counting = _Counting(Tally(definition_on, [tally_of(row, definition_on) for row in running]))
    await counting.read_on(progress)
    async with transaction() as connection:
        await take_turn(connection)
        await counting.read_on(progress)
        rows = [row_of(visit, is_late) for visit in counting.visits() if visit.began_at >= began]
        changed = await _put_right(rows, began)
        changed += await _put_days_right(began.astimezone(CHINA).date())
        changed += await _put_minutes_right(counting.tally.minutes, began)
    return Recount(counting.beacons, sum(row.counted_at is not None for row in rows), changed)


async def _put_right(rows: list[VisitRow], began: datetime) -> int:
    kept = {_key(row): row for row in await Visit.filter(began_at__gte=began)}
    right = {_key(row): row for row in rows}
    wrong = [row.id for key, row in kept.items() if key not in right or _content(row) != _content(right[key])]
    missing = [row for key, row in right.items() if key not in kept or _content(row) != _content(kept[key])]
    for start in range(0, len(wrong), PAGE_ROWS):
        await Visit.filter(id__in=wrong[start : start + PAGE_ROWS]).delete()
    await Visit.bulk_create([Visit(**row._asdict()) for row in missing], batch_size=PAGE_ROWS)
    return len({*(_key(row) for row in missing)} | {key for key in kept if key not in right})


async def _put_days_right(first: date) -> int:
    """The first day may have begun before the log: it is made of all visits there are of it."""
    right: Counter[tuple[Any, ...]] = Counter()
    late: Counter[tuple[Any, ...]] = Counter()
    for place, views in day_views(await Visit.filter(day__gte=first, counted_at__isnull=False)).items():
        (late if place.is_late else right)[_day_key(place)] += views
    kept = {
        (row.day, row.broadcast_id, row.mode, row.unit_code): row
        for row in await DayViews.filter(day__gte=first)
    }
    changed = 0
    for key in {*right, *late, *kept}:
        views, too_late = right[key], late[key]
        row = kept.get(key)
        if row is None:
            day, broadcast_id, mode, unit_code = key
            await DayViews.create(
                day=day, broadcast_id=broadcast_id, mode=mode, unit_code=unit_code, views=views, late=too_late
            )
        elif (row.views, row.late) != (views, too_late):
            row.views, row.late = views, too_late
            await row.save()
        else:
            continue
        changed += 1
    return changed


async def _put_minutes_right(right: Counter[Minute], began: datetime) -> int:
    first = began.replace(second=0, microsecond=0)
    if await Visit.exists(began_at__lt=began):  # part of its first minute is older than the log
        first += timedelta(minutes=1)
    kept = {
        Minute(row.broadcast_id, row.minute): row for row in await MinuteViewers.filter(minute__gte=first)
    }
    changed = 0
    for minute in {*right, *kept}:
        if minute.begins < first:
            continue
        row, viewers = kept.get(minute), right[minute]
        if row is not None and row.viewers == viewers:
            continue
        changed += 1
        if row is None:
            await MinuteViewers.create(
                broadcast_id=minute.broadcast_id, minute=minute.begins, viewers=viewers
            )
        elif viewers == 0:
            await row.delete()
        else:
            row.viewers = viewers
            await row.save()
    return changed


def _day_key(place: Counted) -> tuple[Any, ...]:
    return (place.day, place.broadcast_id, place.mode, place.unit_code)


def _key(row: Visit | VisitRow) -> _Key:
    return (row.broadcast_id, row.mode.value, row.viewer, row.began_at)


def _content(row: Visit | VisitRow) -> tuple[Any, ...]:
    return (
        row.unit_code, row.unit_by, row.day, row.played_at, [list(span) for span in row.spans], row.played_ms,
        row.counted_at, row.definition, row.is_late, row.stalls, row.latency_sum_ms, row.latency_count,
        row.captions, row.day_viewer,
    )  # fmt: skip
