"""What the intake writes without the ORM's objects is, column by column, what the ORM would have written."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from tortoise.context import TortoiseContext
from tortoise.models import Model

from audience.counting.visits import Mode, UnitBy
from audience.intake.committing import LogLine
from audience.intake.keeping import VisitRow
from audience.models import Beacon, BeaconVisit, Exclusion, Visit
from core.bulk import BulkInsert
from core.clock import ManualClock
from core.database import transaction
from tests.support.cast import UNIT_A
from tests.support.histories import lectures

AT = datetime(2026, 11, 30, 14, 5, 7, 123456, tzinfo=UTC)
WHOLE = AT.replace(microsecond=0)


def log_line(lecture: UUID, **changes: Any) -> LogLine:
    line = LogLine(
        received_at=AT, sent_at=WHOLE, broadcast_id=lecture, visit=UUID(int=7), seq=3, mode=Mode.REPLAY,
        claimed_mode=Mode.LIVE, viewer="a" * 32, day_viewer="b" * 32, unit_code=UNIT_A, unit_by=UnitBy.CHOICE,
        ranges=((0, 15_000), (20_000, 30_500)), visible=True, muted=False, speed=1.5, terminal="手机", stalls=2,
        latency_ms=2500, captions=True, excluded=Exclusion.STAFF,
    )  # fmt: skip
    return line._replace(**changes)


BARE: dict[str, Any] = {
    "unit_code": "",
    "unit_by": UnitBy.NOBODY,
    "ranges": (),
    "muted": None,
    "speed": None,
    "terminal": "",
    "latency_ms": None,
    "excluded": Exclusion.NONE,
}


async def raw(db: TortoiseContext, model: type[Model]) -> list[dict[str, Any]]:
    rows = await db.db().execute_query_dict(f"SELECT * FROM {model._meta.db_table}")
    return [{name: value for name, value in dict(row).items() if name != "id"} for row in rows]


@pytest.mark.parametrize("changes", [{}, BARE])
async def test_a_line_of_the_log_is_written_as_the_orm_writes_it(
    db: TortoiseContext, clock: ManualClock, changes: dict[str, Any]
) -> None:
    [lecture] = await lectures(clock, 1)
    line = log_line(lecture.id, **changes)
    await Beacon.create(**{**line._asdict(), "ranges": [list(span) for span in line.ranges]})
    expected = await raw(db, Beacon)
    await Beacon.all().delete()
    async with transaction() as connection:
        await BulkInsert(Beacon, LogLine._fields).run(connection, [line])
    assert await raw(db, Beacon) == expected


@pytest.mark.parametrize("counted_at", [None, AT])
async def test_a_visit_is_written_as_the_orm_writes_it(
    db: TortoiseContext, clock: ManualClock, counted_at: datetime | None
) -> None:
    [lecture] = await lectures(clock, 1)
    row = VisitRow(
        id=UUID(int=1), broadcast_id=lecture.id, mode=Mode.LIVE, viewer="a" * 32, day_viewer="b" * 32,
        unit_code=UNIT_A, unit_by=UnitBy.LOGIN, day=date(2026, 11, 30), began_at=WHOLE, played_at=AT,
        spans=[(0, 31_000)], played_ms=31_000, counted_at=counted_at, definition=1, is_late=False, stalls=1,
        latency_sum_ms=5000, latency_count=2, captions=True,
    )  # fmt: skip
    await Visit.create(**{**row._asdict(), "spans": [[0, 31_000]]})
    expected = await raw(db, Visit)
    await Visit.all().delete()
    async with transaction() as connection:
        await BulkInsert(Visit, VisitRow._fields).run(connection, [row])
    assert await raw(db, Visit) == expected
    assert await Visit.get(id=row.id)  # by the same key, too


async def test_where_a_row_is_there_already_only_the_named_columns_change(
    db: TortoiseContext, clock: ManualClock
) -> None:
    [lecture] = await lectures(clock, 1)
    columns = ("visit", "broadcast_id", "viewer", "first_at", "last_at", "credit_ms")
    insert = BulkInsert(BeaconVisit, columns, conflict="visit", updated=("last_at", "credit_ms"))
    async with transaction() as connection:
        await insert.run(connection, [(UUID(int=1), lecture.id, "a" * 32, AT, AT, 120_000)])
        rows = [(UUID(int=each), lecture.id, "b" * 32, WHOLE, WHOLE, 0.5) for each in (1, 2)]
        await insert.run(connection, rows)
        await insert.run(connection, [])
    kept = {row.visit.int: row for row in await BeaconVisit.all()}
    assert (kept[1].viewer, kept[1].first_at, kept[1].last_at, kept[1].credit_ms) == (
        "a" * 32,
        AT,
        WHOLE,
        0.5,
    )
    assert kept[2].viewer == "b" * 32


def test_every_column_of_the_log_and_of_visits_is_written() -> None:
    """A column that is added to a model and forgotten here would be lost without a word."""
    for model, columns in ((Beacon, LogLine._fields), (Visit, VisitRow._fields)):
        missing = model._meta.db_fields - {*columns}
        assert missing <= {"id"}, model
