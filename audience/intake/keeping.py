"""Visits between rows and tally: what is open, what was touched, and the sums of days and minutes that follow."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from tortoise.backends.base.client import BaseDBAsyncClient

from audience.counting.definition import Definition
from audience.counting.visits import Minute, Mode, UnitBy, VisitKey, VisitTally
from audience.models import DayViews, MinuteViewers, Visit
from core.bulk import BulkInsert
from core.clock import CHINA

DefinitionOn = Callable[[date], Definition]


class VisitRow(NamedTuple):
    """A visit as its row keeps it: columns of Visit."""

    id: UUID
    broadcast_id: UUID
    mode: Mode
    viewer: str
    day_viewer: str
    unit_code: str
    unit_by: UnitBy
    day: date
    began_at: datetime
    played_at: datetime
    spans: Sequence[Sequence[int]]
    played_ms: int
    counted_at: datetime | None
    definition: int
    is_late: bool
    stalls: int
    latency_sum_ms: int
    latency_count: int
    captions: bool


_visits = BulkInsert(
    Visit,
    VisitRow._fields,
    conflict="id",
    updated=(
        "unit_code", "unit_by", "played_at", "spans", "played_ms", "counted_at", "is_late", "stalls",
        "latency_sum_ms", "latency_count", "captions",
    ),
)  # fmt: skip


class Counted(NamedTuple):
    """Where a visit stands in the sums."""

    day: date
    broadcast_id: UUID
    mode: Mode
    unit_code: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class OpenVisits:
    """What may still change, with where each stood in the sums when it was read."""

    visits: list[VisitTally]
    rows: dict[UUID, VisitRow]


async def open_visits(keys: Iterable[VisitKey], now: datetime, definition_on: DefinitionOn) -> OpenVisits:
    """The latest visit of each key that is not over yet."""
    wanted = set(keys)
    if not wanted:
        return OpenVisits([], {})
    longest = timedelta(days=1)
    found = Visit.filter(
        broadcast_id__in={key.broadcast_id for key in wanted},
        mode__in={key.mode for key in wanted},  # the index runs over all three
        viewer__in={key.viewer for key in wanted},
        played_at__gte=now - longest,
    ).order_by("played_at")
    rows = [VisitRow(*values) for values in await found.values_list(*VisitRow._fields)]
    latest = {VisitKey(row.broadcast_id, row.mode, row.viewer): row for row in rows}
    last = [row for key, row in latest.items() if key in wanted]
    return OpenVisits([tally_of(row, definition_on) for row in last], {row.id: row for row in last})


async def keep(
    touched: Sequence[VisitTally],
    minutes: Mapping[Minute, int],
    known: OpenVisits,
    is_late: Callable[[date, datetime], bool],
    connection: BaseDBAsyncClient,
) -> None:
    """Write the visits and carry the difference into the sums. Inside the caller's transaction."""
    changes: Counter[Counted] = Counter()
    rows = []
    for visit in touched:
        before = known.rows.get(visit.row_id) if visit.row_id else None
        if before is not None and before.counted_at is not None:
            changes[_place(before)] -= 1
        row = row_of(visit, is_late)
        if row.counted_at is not None:
            changes[_place(row)] += 1
        rows.append(row)
    await _visits.run(connection, rows)
    await add_to_days(changes)
    await add_to_minutes(minutes)


def row_of(visit: VisitTally, is_late: Callable[[date, datetime], bool]) -> VisitRow:
    return VisitRow(
        id=visit.row_id or uuid4(),
        broadcast_id=visit.key.broadcast_id,
        mode=visit.key.mode,
        viewer=visit.key.viewer,
        day_viewer=visit.day_viewer,
        unit_code=visit.unit or "",
        unit_by=visit.unit_by,
        day=visit.day,
        began_at=visit.began_at,
        played_at=visit.played_at,
        spans=visit.spans,
        played_ms=visit.played_ms,
        counted_at=visit.counted_at,
        definition=visit.definition.version,
        is_late=visit.counted_at is not None and is_late(visit.day, visit.counted_at),
        stalls=visit.stalls,
        latency_sum_ms=visit.latency_sum_ms,
        latency_count=visit.latency_count,
        captions=visit.captions,
    )


def day_views(rows: Iterable[Visit | VisitRow]) -> Counter[Counted]:
    return Counter(_place(row) for row in rows if row.counted_at is not None)


async def add_to_days(changes: Mapping[Counted, int]) -> None:
    """Only one writes at a time, so that what is read here is what is added to."""
    moved = {place: by for place, by in changes.items() if by}
    if not moved:
        return
    kept = {
        (row.day, row.broadcast_id, row.mode, row.unit_code): row
        for row in await DayViews.filter(
            day__in={place.day for place in moved},
            broadcast_id__in={place.broadcast_id for place in moved},
            unit_code__in={place.unit_code for place in moved},
        )
    }
    changed: dict[tuple[date, UUID, Mode, str], DayViews] = {}
    for place, by in moved.items():
        key = (place.day, place.broadcast_id, place.mode, place.unit_code)
        row = changed.get(key) or kept.get(key)
        if row is None:
            row = DayViews(
                day=place.day,
                broadcast_id=place.broadcast_id,
                mode=place.mode,
                unit_code=place.unit_code,
                views=0,
                late=0,
            )
        if place.is_late:
            row.late += by
        else:
            row.views += by
        changed[key] = row
    new = [row for key, row in changed.items() if key not in kept]
    old = [row for key, row in changed.items() if key in kept]
    if new:
        await DayViews.bulk_create(new)
    if old:
        await DayViews.bulk_update(old, fields=["views", "late"])


async def add_to_minutes(minutes: Mapping[Minute, int]) -> None:
    for minute, viewers in sorted(minutes.items(), key=lambda item: str(item[0])):
        row, made = await MinuteViewers.get_or_create(
            broadcast_id=minute.broadcast_id,
            minute=minute.begins,
            defaults={"viewers": viewers},
        )
        if not made:
            row.viewers += viewers
            await row.save(update_fields=["viewers"])


def _place(row: Visit | VisitRow) -> Counted:
    return Counted(row.day, row.broadcast_id, row.mode, row.unit_code, row.is_late)


def tally_of(row: Visit | VisitRow, definition_on: DefinitionOn) -> VisitTally:
    """A kept visit, to go on with."""
    return VisitTally(
        key=VisitKey(row.broadcast_id, row.mode, row.viewer),
        day_viewer=row.day_viewer,
        began_at=row.began_at,
        played_at=row.played_at,
        definition=definition_on(row.began_at.astimezone(CHINA).date()),
        unit=row.unit_code or None,
        unit_by=row.unit_by,
        spans=[(start, end) for start, end in row.spans],
        counted_at=row.counted_at,
        stalls=row.stalls,
        latency_sum_ms=row.latency_sum_ms,
        latency_count=row.latency_count,
        captions=row.captions,
        row_id=row.id,
    )
