"""A recount from the raw log comes to the numbers that were counted on the way, whatever the history."""

import random
from datetime import datetime
from typing import Any

import pytest
from tortoise.context import TortoiseContext

from audience.figures.recounting import recount
from audience.intake.committing import commit_batch
from audience.models import Beacon, DayViews, DefinitionVersion, MinuteViewers, Visit
from core.clock import ManualClock
from core.settings import Settings
from tests.support.cast import UNIT_B
from tests.support.histories import BEGIN, SECRET, history, lectures, play


async def figures() -> dict[str, Any]:
    return {
        "visits": sorted(
            (
                str(row.broadcast_id), row.mode.value, row.viewer, row.day_viewer, row.began_at.isoformat(),
                row.unit_code, row.unit_by.value, row.spans, str(row.counted_at), str(row.day), row.definition,
                row.stalls, row.latency_sum_ms, row.latency_count, row.captions,
            )
            for row in await Visit.all()
        ),
        "days": sorted(
            (str(row.day), str(row.broadcast_id), row.mode.value, row.unit_code, row.views, row.late)
            for row in await DayViews.all()
            if row.views or row.late
        ),
        "minutes": sorted(
            (str(row.broadcast_id), row.minute.isoformat(), row.viewers) for row in await MinuteViewers.all()
        ),
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
async def test_a_recount_of_any_history_changes_nothing(
    db: TortoiseContext, db_settings: Settings, clock: ManualClock, seed: int
) -> None:
    numbers = [lecture.number for lecture in await lectures(clock)]
    await DefinitionVersion.create(
        version=2, valid_from=datetime(2026, 12, 1).date(), visit_seconds=20, pause_minutes=10, live_minutes=5,
        reason="试", decided_by="管理员", decided_at=BEGIN,
    )  # fmt: skip
    await play(history(seed, numbers), db_settings, random.Random(seed))
    before = await figures()
    assert before["visits"]
    assert before["days"]
    done = await recount()
    assert done.changed == 0
    assert done.beacons == await Beacon.all().count()
    assert await figures() == before


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_was_spoilt_is_put_right_from_the_log(
    db: TortoiseContext, db_settings: Settings, clock: ManualClock, seed: int
) -> None:
    numbers = [lecture.number for lecture in await lectures(clock)]
    await play(history(seed, numbers), db_settings, random.Random(seed))
    before = await figures()
    spoilt = await Visit.all().order_by("began_at").first()
    assert spoilt is not None
    await spoilt.delete()
    await Visit.filter(counted_at__isnull=False).update(unit_code=UNIT_B, played_ms=1)
    await DayViews.filter(unit_code="").update(views=10_000)
    await MinuteViewers.all().delete()
    done = await recount()
    assert done.changed > 0
    assert await figures() == before


async def test_a_log_without_lines_changes_nothing(
    db: TortoiseContext, db_settings: Settings, clock: ManualClock
) -> None:
    assert (await recount()).beacons == 0


async def test_what_is_older_than_the_log_stays_as_it_was_counted(
    db: TortoiseContext, db_settings: Settings, clock: ManualClock
) -> None:
    """The raw log is kept for a time; a visit may run on over the line where it was cut."""
    numbers = [lecture.number for lecture in await lectures(clock)]
    await play(history(11, numbers), db_settings, random.Random(11))
    before = await figures()
    lines = await Beacon.all().order_by("id")
    await Beacon.filter(id__lt=lines[len(lines) // 2].id).delete()
    await recount()
    after = await figures()
    assert sum(day[4] for day in after["days"]) == sum(day[4] for day in before["days"])
    assert after["visits"] == before["visits"]


async def test_a_batch_that_cannot_be_written_leaves_nothing_behind(
    db: TortoiseContext, db_settings: Settings, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [lecture.number for lecture in await lectures(clock)]

    async def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("audience.intake.committing.keep", fail)
    with pytest.raises(OSError, match="disk is full"):
        await commit_batch(history(1, numbers)[:10], SECRET, db_settings)
    assert await Beacon.all().count() == 0
