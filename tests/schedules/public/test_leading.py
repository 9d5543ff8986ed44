from datetime import date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import Unit
from accounts.services import seed_sample_units
from core.clock import ManualClock
from schedules.models import Broadcast
from schedules.public.leading import counted_unit, leading_lecture
from schedules.states import AirState, PlanState, ReplayState
from tests.support.cast import UNIT_A, UNIT_B

TODAY = date(2026, 11, 24)


@pytest.fixture
async def now(db: object, clock: ManualClock) -> datetime:
    await seed_sample_units()
    return clock.now()


async def lecture(number: str, now: datetime, **row: Any) -> Broadcast:
    return await Broadcast.create(
        number=number, title=number, unit_id=UNIT_A, created_at=now, changed_at=now, **row
    )


async def led_to(now: datetime) -> str | None:
    found = await leading_lecture(now)
    return found.number if found else None


async def test_with_nothing_at_all_it_leads_nowhere(now: datetime) -> None:
    assert await led_to(now) is None


async def test_it_leads_to_the_live_else_the_next_else_the_latest_lecture(now: datetime) -> None:
    ago = {days: now - timedelta(days=days) for days in (1, 2, 9)}
    await lecture("2026-11-1", now, air_state=AirState.ENDED, first_live_at=ago[9])
    latest = await lecture("2026-11-2", now, air_state=AirState.CLOSED, first_live_at=ago[2])
    assert await led_to(now) == latest.number
    await lecture("2026-12-2", now, starts_at=now + timedelta(days=20))
    following = await lecture("2026-12-1", now, starts_at=now + timedelta(days=2))
    assert await led_to(now) == following.number
    live = await lecture("2026-11-3", now, air_state=AirState.LIVE, first_live_at=ago[1])
    assert await led_to(now) == live.number
    live.air_state = AirState.INTERRUPTED
    await live.save()
    assert await led_to(now) == live.number


@pytest.mark.parametrize("plan", [state for state in PlanState if state is not PlanState.SCHEDULED])
async def test_nobody_is_led_to_what_is_not_to_be_held(now: datetime, plan: PlanState) -> None:
    await lecture("2026-12-1", now, starts_at=now + timedelta(days=2), plan_state=plan, announced_at=now)
    assert await led_to(now) is None


@pytest.mark.parametrize("replay", [ReplayState.WITHHELD, ReplayState.WITHDRAWN])
async def test_nobody_is_led_to_a_replay_that_is_not_public(now: datetime, replay: ReplayState) -> None:
    ended = {"air_state": AirState.ENDED, "first_live_at": now - timedelta(days=1)}
    await lecture("2026-11-2", now, replay_state=replay, **ended)
    assert await led_to(now) is None


async def test_a_lecture_whose_time_has_passed_by_hours_is_no_longer_the_next(now: datetime) -> None:
    await lecture("2026-11-2", now, starts_at=now - timedelta(hours=3))
    assert await led_to(now) is None


async def test_a_unit_counts_for_itself_until_the_day_it_ends(now: datetime) -> None:
    unit = await Unit.get(code=UNIT_A)
    unit.retired_on = TODAY
    unit.merged_into_id = UNIT_B
    await unit.save()
    before = await counted_unit(unit, TODAY - timedelta(days=1))
    after = await counted_unit(unit, TODAY)
    assert before is not None
    assert after is not None
    assert (before.code, after.code) == (UNIT_A, UNIT_B)


async def test_a_unit_that_ended_without_a_successor_counts_for_nobody(now: datetime) -> None:
    unit = await Unit.get(code=UNIT_A)
    unit.retired_on = TODAY
    assert await counted_unit(unit, TODAY) is None


async def test_units_merged_in_a_circle_count_for_nobody(now: datetime) -> None:
    for code, into in ((UNIT_A, UNIT_B), (UNIT_B, UNIT_A)):
        await Unit.filter(code=code).update(retired_on=TODAY, merged_into_id=into)
    assert await counted_unit(await Unit.get(code=UNIT_A), TODAY) is None
