from datetime import date

import pytest
from tortoise.context import TortoiseContext

from accounts.models import Unit
from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.errors import Conflict, Invalid, NotFound
from core.settings import Settings
from schedules.planning import (
    add_absence,
    add_pin,
    add_quiet_days,
    pins,
    quiet_days,
    remove_absence,
    remove_pin,
    remove_quiet_days,
    unit_absences,
)
from tests.support.planned import LI, Planner

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def plan(db: TortoiseContext, clock: ManualClock, db_settings: Settings) -> Planner:
    return await Planner.ready(clock, db_settings)


async def pin(plan: Planner, unit: str, month: int, **values: object) -> int:
    given = {"day": None, "year": None, "note": ""} | values
    row = await add_pin(unit, month=month, by=LI, now=plan.clock.now(), settings=plan.settings, **given)  # type: ignore[arg-type]
    return row.id


async def test_a_pin_decides_the_next_generation_until_it_is_removed(plan: Planner) -> None:
    added = await pin(plan, "520025", 3, note="国际消费者权益日")
    by_number = {line.number: line.unit_code for line in (await plan.generate(save=False)).lines}
    assert by_number["2027-3-1"] == "520025"
    assert [row.unit.name for row in await pins()] == ["州市场监管局"]
    await remove_pin(added, by=LI, now=plan.clock.now())
    by_number = {line.number: line.unit_code for line in (await plan.generate(save=False)).lines}
    assert by_number["2027-3-1"] == "520003"
    with pytest.raises(NotFound):
        await remove_pin(added, by=LI, now=plan.clock.now())
    actions = [entry.action for entry in await AuditEntry.all().order_by("number")]
    assert actions == ["rota.pin_added", "rota.pin_removed"]


async def test_a_pin_of_one_year_leaves_the_others_alone(plan: Planner) -> None:
    await pin(plan, "520011", 6, day=26, year=2028)
    assert "520011" not in {
        line.unit_code for line in (await plan.generate(2027, save=False)).lines if line.start.month == 6
    }
    assert "520011" in {
        line.unit_code for line in (await plan.generate(2028, save=False)).lines if line.start.month == 6
    }


@pytest.mark.parametrize(
    ("unit", "month", "values", "field"),
    [
        ("999999", 3, {}, "unit"),
        ("520001", 0, {}, "month"),
        ("520001", 13, {}, "month"),
        ("520001", 2, {"day": 30}, "day"),
        ("520001", 2, {"day": 29, "year": 2027}, "day"),
        ("520001", 2, {"year": 2025}, "year"),
        ("520001", 2, {"note": "字" * 61}, "note"),
        ("520001", 2, {"note": "a\x00"}, "note"),
    ],
)
async def test_a_wrong_pin_says_which_field(
    plan: Planner, unit: str, month: int, values: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        await pin(plan, unit, month, **values)
    assert list(caught.value.fields) == [field]


async def test_a_month_has_room_for_two_pins(plan: Planner) -> None:
    await pin(plan, "520001", 3)
    with pytest.raises(Conflict, match="已经指定在 3 月"):
        await pin(plan, "520001", 3, day=5)
    await pin(plan, "520002", 3, year=2027)
    with pytest.raises(Conflict, match="请先删去"):
        await pin(plan, "520003", 3)
    await pin(plan, "520003", 3, year=2028)


async def test_a_retired_unit_is_not_pinned(plan: Planner) -> None:
    await Unit.filter(code="520001").update(retired_on=date(2026, 1, 1))
    with pytest.raises(Invalid, match="已经撤并"):
        await pin(plan, "520001", 3)


async def test_an_absence_is_heeded_and_can_be_taken_back(plan: Planner) -> None:
    now = plan.clock.now()
    row = await add_absence("520001", date(2027, 1, 1), date(2027, 1, 31), reason="换届", by=LI, now=now)
    assert (await plan.generate(save=False)).lines[0].unit_code == "520002"
    assert [each.unit.name for each in await unit_absences()] == ["州纪委州监委"]
    await remove_absence(row.id, by=LI, now=now)
    assert (await plan.generate(save=False)).lines[0].unit_code == "520001"
    with pytest.raises(NotFound):
        await remove_absence(row.id, by=LI, now=now)


async def test_quiet_days_are_heeded_and_can_be_taken_back(plan: Planner) -> None:
    now = plan.clock.now()
    row = await add_quiet_days(date(2027, 1, 14), date(2027, 1, 14), reason="全会", by=LI, now=now)
    first = (await plan.generate(save=False)).lines[0]
    assert first.start.date() == date(2027, 1, 7)
    assert "全会" in first.reason
    assert len(await quiet_days()) == 1
    await remove_quiet_days(row.id, by=LI, now=now)
    assert (await plan.generate(save=False)).lines[0].start.date() == date(2027, 1, 14)
    with pytest.raises(NotFound):
        await remove_quiet_days(row.id, by=LI, now=now)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2027, 2, 1), date(2027, 1, 1)),
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2027, 1, 1), date(2030, 1, 1)),
    ],
)
async def test_a_span_the_wrong_way_round_or_past_or_too_long_is_refused(
    plan: Planner, first: date, last: date
) -> None:
    with pytest.raises(Invalid) as caught:
        await add_quiet_days(first, last, by=LI, now=plan.clock.now())
    assert list(caught.value.fields) == ["last"]
    with pytest.raises(Invalid):
        await add_absence("520001", first, last, by=LI, now=plan.clock.now())
