from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.clock import ManualClock
from core.jobs import JobContext, make_context
from core.settings import Settings
from schedules.jobs_plan import erase_id_numbers, open_hand_ins, tell_deadlines
from schedules.models import Broadcast, HandIn
from schedules.queries import by_number, late, next_duty_of, of_unit, timeline, waiting_for_bureau
from schedules.states import PlanState
from tests.support.plan import START, UNIT_A, UNIT_B, drafted, issued

NUMBER = "2026-12-2"
CHINA = ZoneInfo("Asia/Shanghai")


def morning(month: int, day: int) -> ManualClock:
    return ManualClock(datetime(2026, month, day, 9, 0, tzinfo=CHINA))


@pytest.fixture
async def _issued(sqlite_db: TortoiseContext, clock: ManualClock, sqlite_settings: Settings) -> None:
    await seed_sample_units()
    await issued(NUMBER, UNIT_A, clock, sqlite_settings)


@pytest.fixture
async def context(_issued: None, sqlite_settings: Settings, clock: ManualClock) -> AsyncIterator[JobContext]:
    made = make_context(sqlite_settings, clock)
    yield made
    await made.queue.aclose()


def at(context: JobContext, clock: ManualClock) -> JobContext:
    return JobContext(context.settings, clock, context.events, context.queue)


async def test_hand_ins_open_by_themselves_twenty_working_days_before(context: JobContext) -> None:
    for clock, state in (
        (morning(11, 25), PlanState.ISSUED),
        (morning(11, 26), PlanState.AWAITING),
        (morning(11, 27), PlanState.AWAITING),
    ):
        await open_hand_ins(at(context, clock))
        assert (await by_number(NUMBER)).plan_state is state
    steps = await timeline((await by_number(NUMBER)).id)
    assert [(step.person, step.label) for step in steps] == [("示例管理员", "下达"), ("系统", "开始报送")]


async def test_whoever_moves_a_lecture_later_has_told_its_later_deadlines(
    context: JobContext, clock: ManualClock
) -> None:
    for start, hand_in in (
        (START.replace(day=31), "2026-12-17"),
        (START, "2026-12-17"),
    ):
        await Broadcast.filter(number=NUMBER).update(starts_at=start)
        await tell_deadlines(at(context, clock))
        assert (await by_number(NUMBER)).told_deadlines["hand_in"] == hand_in
    lecture = await by_number(NUMBER)
    assert lecture.version == 1, "nobody's page is out of date by it"


async def test_the_sweep_erases_what_is_due(context: JobContext) -> None:
    lecture = await by_number(NUMBER)
    await HandIn.create(broadcast_id=lecture.id, id_number_sealed="s1.x", changed_at=START)
    await erase_id_numbers(at(context, ManualClock(START)))
    assert await HandIn.filter(id_number_sealed="").count() == 0
    await erase_id_numbers(at(context, ManualClock(START.replace(year=2027, month=7))))
    assert await HandIn.filter(id_number_sealed="").count() == 1


async def test_what_is_late_is_told_with_its_day_and_how_long(
    context: JobContext, sqlite_settings: Settings
) -> None:
    assert await late(morning(12, 10).now(), sqlite_settings) == []
    [one] = await late(morning(12, 15).now(), sqlite_settings)
    assert (one.broadcast.number, one.deadline, one.working_days) == (NUMBER, "hand_in", 3)
    assert one.day.isoformat() == "2026-12-10"


async def test_a_units_next_duty_is_what_it_has_to_hand_in_first(
    context: JobContext, clock: ManualClock, sqlite_settings: Settings
) -> None:
    await issued("2026-12-1", UNIT_A, clock, sqlite_settings, starts_at=START.replace(day=10))
    await drafted("2027-1-1", UNIT_A, clock)
    found = await next_duty_of(UNIT_A, clock.now())
    assert found is not None
    assert found.number == "2026-12-1"
    assert await next_duty_of(UNIT_B, clock.now()) is None
    assert [each.number for each in await of_unit(UNIT_A)] == [NUMBER, "2026-12-1"]
    assert await waiting_for_bureau(clock.now()) == []
