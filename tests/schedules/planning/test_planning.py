import asyncio
from datetime import date, datetime

import pytest
from tortoise.context import TortoiseContext

from accounts.models import Unit
from core.audit.models import AuditEntry
from core.clock import CHINA, ManualClock
from core.errors import Conflict, Invalid
from core.settings import Settings
from schedules.models import Broadcast
from schedules.models.rota import RotaRun, RotaTurn
from schedules.planning import YearPlan, last_run
from schedules.rota.year import Rule
from schedules.services import NewBroadcast, create_broadcast
from schedules.states import PlanState
from schedules.workdays.calendars import ensure_years
from tests.support.planned import Planner, three_o_clock

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
async def plan(db: TortoiseContext, clock: ManualClock, db_settings: Settings) -> Planner:
    return await Planner.ready(clock, db_settings)


def table(plan: YearPlan) -> list[tuple[str, str, datetime]]:
    return [(line.number, line.unit_code, line.start) for line in plan.lines]


async def saved() -> list[tuple[str, str, datetime]]:
    rows = await Broadcast.filter(plan_state=PlanState.DRAFT).order_by("starts_at")
    return [(row.number, row.unit_id, row.starts_at) for row in rows if row.starts_at]


async def test_without_save_nothing_is_written(plan: Planner) -> None:
    shown = await plan.generate(save=False)
    assert len(shown.lines) == 24
    assert shown.run_id is None
    assert not shown.is_official
    assert await Broadcast.all().count() == 0
    assert await RotaRun.all().count() == 0
    assert await AuditEntry.all().count() == 0


async def test_what_is_saved_is_what_was_shown_and_is_audited(plan: Planner) -> None:
    shown = await plan.generate(save=False)
    kept = await plan.generate()
    assert table(kept) == table(shown)
    assert await saved() == table(shown)
    row = await Broadcast.get(number="2027-1-1")
    assert row.plan_state is PlanState.DRAFT
    assert row.title == ""
    assert row.reason.startswith("州纪委州监委还没有轮值过")
    entry = await AuditEntry.get(action="rota.generated")
    assert (entry.subject, entry.actor_name) == ("rota:2027", "李管理员")
    assert "2027-1-1" in entry.after


async def test_generating_again_gives_the_same_and_takes_the_old_drafts_away(plan: Planner) -> None:
    first = await plan.generate()
    again = await plan.generate()
    assert table(again) == table(first) == await saved()
    assert len(again.replaced) == 24
    assert await RotaTurn.all().count() == 24


async def test_the_next_year_carries_over_from_this_one(plan: Planner) -> None:
    first = await plan.generate(2027)
    second = await plan.generate(2028)
    spoken = {line.unit_code for line in first.lines}
    departments = [line.unit_code for line in second.lines if line.kind.value == "department"]
    assert not spoken & set(departments)
    assert [line.unit_code for line in second.lines if line.kind.value == "county"] == [
        line.unit_code for line in first.lines if line.kind.value == "county"
    ]


async def test_a_locked_draft_and_an_issued_lecture_stay_as_they_are(plan: Planner) -> None:
    await plan.generate()
    await plan.lock("2027-3-1")
    await Broadcast.filter(number="2027-4-2").update(plan_state=PlanState.ISSUED, version=1)
    before = {row.number: row.id for row in await Broadcast.all()}
    again = await plan.generate(rule=Rule.A)
    after = {row.number: row.id for row in await Broadcast.all()}
    assert len(after) == len(again.lines) == 24
    assert {number for number in before if after[number] == before[number]} == {"2027-3-1", "2027-4-2"}
    assert [line.number for line in again.lines if not line.is_new] == ["2027-3-1", "2027-4-2"]


async def test_a_temporary_lecture_fills_no_slot_but_counts_as_spoken(plan: Planner) -> None:
    start = datetime(2027, 1, 20, 10, 0, tzinfo=CHINA)
    await create_broadcast(NewBroadcast("专题", "520001", start), now=plan.clock.now())
    shown = await plan.generate()
    assert len(shown.lines) == 24
    assert [line.number for line in shown.lines][:2] == ["2027-1-2", "2027-1-3"]
    assert "520001" not in {line.unit_code for line in shown.lines}


async def test_a_sample_lecture_does_not_count(plan: Planner) -> None:
    start = datetime(2027, 1, 20, 10, 0, tzinfo=CHINA)
    await create_broadcast(NewBroadcast("示例", "520001", start, is_sample=True), now=plan.clock.now())
    assert (await plan.generate()).lines[0].unit_code == "520001"


async def test_a_lecture_called_off_gives_its_unit_its_turn_back(plan: Planner) -> None:
    await plan.generate()
    await Broadcast.filter(number="2027-1-1").update(plan_state=PlanState.CANCELLED, version=2)
    again = await plan.generate()
    assert [(line.number, line.unit_code) for line in again.lines][:2] == [
        ("2027-1-2", "520001"),
        ("2027-1-3", "522701"),
    ]


async def test_undo_takes_the_generation_back(plan: Planner) -> None:
    await plan.generate()
    undone = await plan.undo()
    assert (len(undone.removed), undone.stayed, undone.restored) == (24, [], [])
    assert await Broadcast.all().count() == 0
    assert await AuditEntry.filter(action="rota.undone").count() == 1
    with pytest.raises(Conflict, match="没有可以撤销"):
        await plan.undo()


async def test_undo_leaves_what_somebody_has_changed_or_issued_or_locked(plan: Planner) -> None:
    await plan.generate()
    await plan.lock("2027-3-1")
    await Broadcast.filter(number="2027-4-1").update(plan_state=PlanState.AWAITING)
    await plan.move("2027-5-1", start=three_o_clock(2027, 5, 12))
    undone = await plan.undo()
    assert len(undone.removed) == 21
    assert sorted(undone.stayed) == ["2027-3-1", "2027-4-1", "2027-5-1"]
    assert await Broadcast.all().count() == 3


async def test_undo_brings_back_the_drafts_it_had_replaced(plan: Planner) -> None:
    first = await plan.generate(rule=Rule.B)
    moved = three_o_clock(2027, 5, 12)
    await plan.move("2027-5-1", start=moved)
    ids = {row.id for row in await Broadcast.all()}
    await plan.generate(rule=Rule.A)
    undone = await plan.undo()
    assert len(undone.restored) == 24
    rows = {row.number: row for row in await Broadcast.all()}
    assert {row.id for row in rows.values()} == ids
    assert rows["2027-5-1"].starts_at == moved
    assert {row.unit_id for row in rows.values()} == {line.unit_code for line in first.lines}
    run = await last_run()
    assert run is not None
    assert run.rule is Rule.B
    again = await plan.undo()
    assert again.stayed == ["2027-5-1"]


async def test_two_who_generate_at_once_leave_one_whole_plan(plan: Planner) -> None:
    results = await asyncio.gather(plan.generate(), plan.generate(), return_exceptions=True)
    done = [each for each in results if isinstance(each, YearPlan)]
    assert done
    assert all(isinstance(each, YearPlan | Conflict) for each in results)
    assert await saved() == table(done[-1])


@pytest.mark.parametrize("year", [1, 1999, 2019, 2100, 10_000])
async def test_a_year_out_of_reach_is_refused(plan: Planner, year: int) -> None:
    with pytest.raises(Invalid):
        await plan.generate(year)


async def test_a_year_the_calendar_lacks_is_refused_with_a_remedy(plan: Planner) -> None:
    with pytest.raises(Conflict, match="weiketang calendar show --year 2030"):
        await plan.generate(2030)


async def test_a_unit_that_retires_before_its_turn_gets_none(plan: Planner) -> None:
    await Unit.filter(code="520001").update(retired_on=date(2027, 1, 1))
    assert "520001" not in {line.unit_code for line in (await plan.generate()).lines}


async def test_ten_years_saved_one_after_the_other_stay_fair(plan: Planner) -> None:
    await ensure_years(range(2027, 2037), now=plan.clock.now())
    spoken: dict[str, int] = {}
    for year in range(2027, 2037):
        for line in (await plan.generate(year)).lines:
            spoken[line.unit_code] = spoken.get(line.unit_code, 0) + 1
    departments = [spoken.get(unit.code, 0) for unit in await Unit.filter(kind="department")]
    counties = [spoken[unit.code] for unit in await Unit.filter(kind="county")]
    assert max(departments) - min(departments) <= 1
    assert counties == [10] * 12
    assert await Broadcast.all().count() == 240
