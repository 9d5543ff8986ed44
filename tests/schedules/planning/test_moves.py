import asyncio
from datetime import date, datetime, timedelta

import pytest
from tortoise.context import TortoiseContext

from core.audit.models import AuditEntry
from core.clock import CHINA, ManualClock
from core.errors import Conflict, DomainError, Invalid, NotFound
from core.settings import Settings
from schedules.models import Broadcast
from schedules.planning import (
    add_absence,
    add_quiet_days,
    choices_of_day,
    choices_of_unit,
    lock,
    surroundings,
    unlock,
)
from schedules.queries import by_number
from schedules.rota.slots import days_of_month
from schedules.states import PlanState
from tests.support.planned import LI, WANG, Planner, three_o_clock

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def plan(db: TortoiseContext, clock: ManualClock, db_settings: Settings) -> Planner:
    planner = await Planner.ready(clock, db_settings)
    await planner.generate()
    return planner


async def test_a_draft_moves_to_another_day_and_unit(plan: Planner) -> None:
    moved = await plan.move("2027-5-1", start=three_o_clock(2027, 5, 12), unit="520028")
    assert (moved.number, moved.unit.name, moved.version) == ("2027-5-1", "州税务局", 1)
    assert moved.starts_at == three_o_clock(2027, 5, 12)
    assert "李管理员" in moved.reason
    entry = await AuditEntry.get(action="broadcast.moved")
    assert entry.subject == "broadcast:2027-5-1"
    assert "520005" in entry.before
    assert "520028" in entry.after


async def test_moved_past_another_the_numbers_follow_the_dates(plan: Planner) -> None:
    first, second = await by_number("2027-5-1"), await by_number("2027-5-2")
    moved = await plan.move("2027-5-1", start=three_o_clock(2027, 5, 28))
    assert (moved.id, moved.number) == (first.id, "2027-5-2")
    assert (await by_number("2027-5-1")).id == second.id
    assert await AuditEntry.filter(action="broadcast.renumbered").count() == 2


async def test_in_another_month_a_draft_gets_that_months_number(plan: Planner) -> None:
    row = await by_number("2027-5-1")
    moved = await plan.move("2027-5-1", start=three_o_clock(2027, 6, 17))
    assert (moved.id, moved.number) == (row.id, "2027-6-2")
    may = await Broadcast.filter(number__startswith="2027-5-")
    june = await Broadcast.filter(number__startswith="2027-6-").order_by("starts_at")
    assert [each.number for each in may] == ["2027-5-1"]
    assert [each.number for each in june] == ["2027-6-1", "2027-6-2", "2027-6-3"]


async def test_a_number_that_was_issued_is_passed_over(plan: Planner) -> None:
    await Broadcast.filter(number="2027-6-1").update(plan_state=PlanState.ISSUED)
    moved = await plan.move("2027-5-1", start=three_o_clock(2027, 6, 3))
    assert moved.number == "2027-6-2"
    assert (await by_number("2027-6-1")).plan_state is PlanState.ISSUED


async def test_the_second_administrator_is_told_what_the_first_has_changed(plan: Planner) -> None:
    await plan.move("2027-5-1", start=three_o_clock(2027, 5, 12))
    with pytest.raises(Conflict, match=r"李管理员.*2027年5月12日 15:00.*州委网信办"):
        await plan.move("2027-5-1", unit="520028", by=WANG)
    row = await by_number("2027-5-1")
    assert (row.starts_at, row.unit_id) == (three_o_clock(2027, 5, 12), "520005")
    await plan.move("2027-5-1", unit="520028", version=row.version, by=WANG)


async def test_of_two_who_move_at_once_one_is_refused_and_nothing_is_lost(plan: Planner) -> None:
    days = [three_o_clock(2027, 5, 12), three_o_clock(2027, 5, 14)]
    results = await asyncio.gather(
        *(plan.move("2027-5-1", start=day, by=by) for day, by in zip(days, (LI, WANG), strict=True)),
        return_exceptions=True,
    )
    done = [each for each in results if isinstance(each, Broadcast)]
    refused = [each for each in results if isinstance(each, Conflict)]
    assert (len(done), len(refused)) == (1, 1)
    assert (await by_number("2027-5-1")).starts_at == done[0].starts_at


async def test_a_number_that_names_another_lecture_by_now_moves_nothing(plan: Planner) -> None:
    """The second administrator still sees 2027-5-1 as it was before the first moved it past its neighbour."""
    await plan.move("2027-5-1", unit="520028")
    await plan.move("2027-5-1", start=three_o_clock(2027, 5, 28), version=1)
    with pytest.raises(Conflict, match="编号改为 2027-5-1"):
        await plan.move("2027-5-1", start=three_o_clock(2027, 5, 14), version=1, by=WANG)


@pytest.mark.parametrize(
    ("start", "message"),
    [
        (three_o_clock(2026, 11, 20), "已经过去"),
        (three_o_clock(2027, 5, 15), "周六"),
        (three_o_clock(2027, 2, 11), "初六"),
        (three_o_clock(2027, 5, 27), "已有 2027-5-2"),
        (three_o_clock(2050, 5, 27), "太远"),
    ],
)
async def test_a_day_that_does_not_work_is_refused_with_the_reason(
    plan: Planner, start: datetime, message: str
) -> None:
    with pytest.raises(Invalid, match=message) as caught:
        await plan.move("2027-5-1", start=start)
    assert list(caught.value.fields) == ["start"]
    assert (await by_number("2027-5-1")).version == 0


async def test_a_quiet_day_and_an_absent_unit_are_refused(plan: Planner) -> None:
    now = plan.clock.now()
    await add_quiet_days(date(2027, 5, 10), date(2027, 5, 14), reason="重大活动", by=LI, now=now)
    await add_absence("520028", date(2027, 6, 1), date(2027, 6, 30), by=LI, now=now)
    with pytest.raises(Invalid, match="静默期内（重大活动）"):
        await plan.move("2027-5-1", start=three_o_clock(2027, 5, 12))
    with pytest.raises(Invalid, match="州税务局这段时间不能轮值") as caught:
        await plan.move("2027-6-1", unit="520028")
    assert list(caught.value.fields) == ["unit"]


@pytest.mark.parametrize("unit", ["999999", "x' OR 1=1"])
async def test_a_unit_that_does_not_exist_is_refused(plan: Planner, unit: str) -> None:
    with pytest.raises(Invalid, match="没有这个单位"):
        await plan.move("2027-5-1", unit=unit)


@pytest.mark.parametrize("number", ["2027-5-9", "2027-13-1", "~0000", ""])
async def test_a_forged_number_is_not_found(plan: Planner, number: str) -> None:
    with pytest.raises(NotFound):
        await plan.move(number, unit="520028")


async def test_an_issued_lecture_is_not_moved_but_postponed_or_swapped(plan: Planner) -> None:
    await Broadcast.filter(number="2027-5-1").update(plan_state=PlanState.ISSUED)
    with pytest.raises(Conflict, match="延期"):
        await plan.move("2027-5-1", start=three_o_clock(2027, 5, 12))
    with pytest.raises(DomainError):
        await plan.lock("2027-5-1")


async def test_moving_to_where_it_is_changes_nothing(plan: Planner) -> None:
    row = await by_number("2027-5-1")
    assert (await plan.move("2027-5-1", start=row.starts_at, unit=row.unit_id)).version == 0
    assert await AuditEntry.filter(action="broadcast.moved").count() == 0


async def test_locking_is_versioned_and_audited(plan: Planner) -> None:
    locked = await plan.lock("2027-5-1")
    assert (locked.locked, locked.version) == (True, 1)
    assert (await lock("2027-5-1", version=1, by=LI, now=plan.clock.now())).version == 1
    with pytest.raises(Conflict):
        await unlock("2027-5-1", version=0, by=LI, now=plan.clock.now())
    assert not (await unlock("2027-5-1", version=1, by=LI, now=plan.clock.now())).locked
    actions = await AuditEntry.filter(subject="broadcast:2027-5-1").order_by("number")
    assert [entry.action for entry in actions] == ["broadcast.locked", "broadcast.unlocked"]


async def test_each_day_says_what_stands_against_it(plan: Planner) -> None:
    await add_absence(
        "520005", date(2027, 5, 20), date(2027, 5, 21), reason="换届", by=LI, now=plan.clock.now()
    )
    moving = await by_number("2027-5-1")
    around = await surroundings(moving, days_of_month(2027, 5), now=plan.clock.now(), settings=plan.settings)
    choices = choices_of_day(around, moving.unit_id, 2027, 5)
    days = {choice.day.day: choice for choice in choices}
    assert len(days) == 31
    assert days[13].is_free  # where it is
    assert not days[1].is_free
    assert "劳动节" in days[1].objections[0].text
    assert not days[27].is_free
    assert "2027-5-2" in " ".join(each.text for each in days[27].objections)
    assert not days[20].is_free
    assert "换届" in " ".join(each.text for each in days[20].objections)
    assert any("预计" in each.text and not each.blocks for each in days[13].objections)
    assert days[13].hint == "正值民法典宣传月，可结合选题。"


async def test_days_that_are_past_or_too_soon_say_so(plan: Planner) -> None:
    moving = await by_number("2027-1-1")
    around = await surroundings(moving, days_of_month(2026, 11), now=plan.clock.now(), settings=plan.settings)
    choices = choices_of_day(around, moving.unit_id, 2026, 11)
    days = {choice.day.day: choice for choice in choices}
    assert not days[23].is_free
    assert "已经过去" in days[23].objections[0].text
    assert days[26].is_free
    assert "来不及按期报送" in " ".join(each.text for each in days[26].objections)


async def test_each_unit_says_what_stands_against_it(plan: Planner) -> None:
    await add_absence("520028", date(2027, 5, 1), date(2027, 5, 31), by=LI, now=plan.clock.now())
    moving = await by_number("2027-5-1")
    around = await surroundings(moving, [date(2027, 5, 13)], now=plan.clock.now(), settings=plan.settings)
    choices = choices_of_unit(around, date(2027, 5, 13))
    units = {choice.code: choice for choice in choices}
    assert len(units) == 40
    assert not units["520028"].is_free
    assert choices[-1].code == "520028"
    assert units["520020"].is_free
    assert units["520020"].last_turn is None
    assert "2027-6-1" in units["520006"].objections[0].text
    assert not units["520006"].objections[0].blocks
    county = " ".join(each.text for each in units["522701"].objections)
    assert "这个月已有县（市）" in county


async def test_a_start_without_a_zone_is_a_mistake_of_the_caller(plan: Planner) -> None:
    naive = three_o_clock(2027, 5, 12).replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        await plan.move("2027-5-1", start=naive)


async def test_seconds_do_not_count(plan: Planner) -> None:
    start = three_o_clock(2027, 5, 12) + timedelta(seconds=59)
    moved = await plan.move("2027-5-1", start=start)
    assert moved.starts_at is not None
    assert moved.starts_at.astimezone(CHINA) == three_o_clock(2027, 5, 12)
