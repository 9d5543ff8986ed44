from datetime import date

import pytest
from tortoise.context import TortoiseContext

from core.clock import ManualClock
from core.settings import Settings
from schedules.models import Broadcast
from schedules.planning import add_quiet_days, suggestions
from schedules.states import PlanState
from schedules.workdays.announcement import read_announcement
from schedules.workdays.changing import import_announcement, set_local_day
from schedules.workdays.days import DayKind
from tests.support.announcements import announcement_2027
from tests.support.planned import LI, Planner, three_o_clock

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def plan(db: TortoiseContext, clock: ManualClock, db_settings: Settings) -> Planner:
    planner = await Planner.ready(clock, db_settings)
    await planner.generate()
    return planner


async def test_while_nothing_changes_there_is_nothing_to_suggest(plan: Planner) -> None:
    assert await suggestions(2027, now=plan.clock.now(), settings=plan.settings) == []


async def test_a_day_the_announcement_gives_back_is_suggested_for_the_draft_that_had_to_leave_it(
    plan: Planner,
) -> None:
    await set_local_day(
        date(2027, 2, 11), DayKind.WORKED, "上班", by=LI, now=plan.clock.now(), settings=plan.settings
    )
    (found,) = await suggestions(2027, now=plan.clock.now(), settings=plan.settings)
    assert (found.number, found.is_draft) == ("2027-2-1", True)
    assert (found.was, found.proposed) == (three_o_clock(2027, 2, 4), three_o_clock(2027, 2, 11))
    await plan.move(found.number, start=found.proposed, version=found.version)
    assert await suggestions(2027, now=plan.clock.now(), settings=plan.settings) == []


async def test_a_draft_moved_by_hand_is_not_suggested_back(plan: Planner) -> None:
    await plan.move("2027-3-1", start=three_o_clock(2027, 3, 10))
    assert await suggestions(2027, now=plan.clock.now(), settings=plan.settings) == []


async def test_after_an_announcement_drafts_on_days_off_get_another_day(plan: Planner) -> None:
    await plan.move("2027-10-1", start=three_o_clock(2027, 10, 7))  # expected to be worked, announced as free
    announcement = read_announcement(announcement_2027(), "2027.csv")
    await import_announcement(announcement, by=LI, now=plan.clock.now(), settings=plan.settings)
    (found,) = await suggestions(2027, now=plan.clock.now(), settings=plan.settings)
    assert (found.number, found.proposed) == ("2027-10-1", three_o_clock(2027, 10, 14))
    assert "国庆节" in found.reason
    assert "预计" not in found.reason


async def test_a_lecture_told_to_its_unit_is_only_suggested_a_later_day(plan: Planner) -> None:
    await Broadcast.filter(number="2027-5-1").update(plan_state=PlanState.AWAITING)
    await add_quiet_days(date(2027, 5, 13), date(2027, 5, 13), by=LI, now=plan.clock.now())
    await add_quiet_days(date(2027, 5, 20), date(2027, 5, 20), by=LI, now=plan.clock.now())
    (found,) = await suggestions(2027, now=plan.clock.now(), settings=plan.settings)
    assert not found.is_draft
    assert found.proposed == three_o_clock(2027, 5, 14)  # the nearest Thursday, the 6th, would be earlier
    assert "不能提前" in found.reason


async def test_a_month_without_a_free_day_left_sends_a_told_lecture_into_the_next(plan: Planner) -> None:
    await Broadcast.filter(number="2027-5-2").update(plan_state=PlanState.ISSUED)
    await add_quiet_days(date(2027, 5, 27), date(2027, 5, 31), by=LI, now=plan.clock.now())
    (found,) = await suggestions(2027, now=plan.clock.now(), settings=plan.settings)
    assert found.proposed == three_o_clock(2027, 6, 1)


async def test_what_is_over_or_called_off_is_left_alone(plan: Planner) -> None:
    await Broadcast.filter(number="2027-5-1").update(plan_state=PlanState.CANCELLED)
    await add_quiet_days(date(2027, 5, 13), date(2027, 5, 13), by=LI, now=plan.clock.now())
    assert await suggestions(2027, now=plan.clock.now(), settings=plan.settings) == []
    plan.clock.advance(minutes=60 * 24 * 400)
    assert await suggestions(2027, now=plan.clock.now(), settings=plan.settings) == []
