"""A year's page sums up in the database what the report counts row by row: the figures are the same."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from tortoise.backends.sqlite.client import SqliteClient
from tortoise.context import TortoiseContext

from accounts.models import Unit
from audience.figures.periods import Period
from audience.figures.report import report_of
from audience.figures.year import period_figures
from audience.models import DayViews, GroupViewing
from core.clock import ManualClock
from tests.audience.figures.test_report import given
from tests.support.cast import UNIT_A, UNIT_B
from tests.support.histories import BEGIN, lectures

TODAY = date(2026, 12, 20)


async def scattered(seed: int, clock: ManualClock) -> None:
    """Views of three lectures on days around the turn of a year, some under 补计, and rooms that watched."""
    rolls = random.Random(seed)
    made = await lectures(clock, 3)
    for lecture in made[:2]:
        await given(lecture, rolls.choice((60, 900)))
    seen = set()
    for _ in range(60):
        key = (
            date(2025, 12, 20) + timedelta(days=rolls.randrange(380)),
            rolls.choice(made).id,
            rolls.choice(("live", "replay")),
            rolls.choice(("", UNIT_A, UNIT_B)),
        )
        if key not in seen:
            seen.add(key)
            day, lecture_id, mode, unit = key
            await DayViews.create(
                day=day,
                broadcast_id=lecture_id,
                mode=mode,
                unit_code=unit,
                views=rolls.randrange(50),
                late=rolls.randrange(2),
            )
    for number in range(5):
        await GroupViewing.create(
            broadcast_id=rolls.choice(made).id,
            unit_id=rolls.choice((UNIT_A, UNIT_B)),
            unit_name="",
            sessions=number,
            people=number * 20,
            watched_on=date(2026, 1, 1) + timedelta(days=rolls.randrange(360)),
            reported_by="示例联络员",
            actor="user:0",
            reported_at=BEGIN,
        )


@pytest.mark.parametrize("seed", range(3))
async def test_the_sums_of_a_period_are_those_of_the_report(
    db: TortoiseContext, clock: ManualClock, seed: int
) -> None:
    await scattered(seed, clock)
    for period in (Period.of_year(2026), Period.of_month(date(2026, 11, 1)), Period.of_year(2025)):
        figures, report = await period_figures(period, TODAY), await report_of(period)
        assert figures.total == report.total
        assert figures.live_lectures == report.live_lectures
        assert figures.late == report.late
        told = {each.number: (each.total, each.peak, each.is_live_lecture) for each in figures.lectures}
        assert told == {
            each.number: (each.total, each.peak, each.is_live_lecture) for each in report.lectures
        }
        by_unit = report.by_unit()
        for unit in figures.units:
            counted = by_unit.get(unit.code)
            assert (unit.figures == counted) if counted else not unit.took_part
        public = by_unit.get(None)
        assert figures.public.online == (public.online if public else 0)
        assert sum(month.online for month in figures.months) == report.total.online
        assert sum(month.group_people for month in figures.months) == report.total.group_people
        assert sum(month.lectures for month in figures.months) == report.live_lectures


async def test_a_unit_that_has_ended_stays_in_the_years_it_had_a_part_in(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    [lecture] = await lectures(clock, 1)
    await DayViews.create(
        day=date(2026, 11, 30), broadcast_id=lecture.id, mode="live", unit_code=UNIT_B, views=5
    )
    await Unit.filter(code=UNIT_B).update(retired_on=date(2025, 6, 1))
    assert UNIT_B in [unit.code for unit in (await period_figures(Period.of_year(2026), TODAY)).units]
    assert UNIT_B in [unit.code for unit in (await period_figures(Period.of_year(2025), TODAY)).units]
    await DayViews.all().delete()
    assert UNIT_B not in [unit.code for unit in (await period_figures(Period.of_year(2026), TODAY)).units]


async def test_a_year_asks_no_more_and_reads_few_rows_however_many_days_were_watched(
    sqlite_db: TortoiseContext, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the database sums up is not read row by row."""
    asked: list[int] = []
    ask = SqliteClient.execute_query

    async def counted(client: SqliteClient, query: str, values: list[Any] | None = None) -> Any:
        answer = await ask(client, query, values)
        asked.append(len(answer[1]))
        return answer

    monkeypatch.setattr(SqliteClient, "execute_query", counted)
    [lecture] = await lectures(clock, 1)
    costs = []
    for days in (range(1), range(1, 300)):
        rows = [
            DayViews(
                day=date(2026, 1, 1) + timedelta(days=day), broadcast_id=lecture.id, mode="replay", views=1
            )
            for day in days
        ]
        await DayViews.bulk_create(rows)
        asked.clear()
        figures = await period_figures(Period.of_year(2026), TODAY)
        costs.append((len(asked), sum(asked)))
    assert figures.total.replay == 300
    (queries, few), (more_queries, many) = costs
    assert more_queries == queries
    assert many <= few + 12  # at most a row more for each month
