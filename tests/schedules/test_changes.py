import asyncio
from datetime import timedelta

import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.audit import SYSTEM
from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.errors import Conflict, Invalid, NotFound
from core.events import EventBus
from schedules.changes import LectureChange, change_lecture
from schedules.models import Broadcast, Step, StepAction
from schedules.services import NewBroadcast, create_broadcast, move_air_state, request_end
from schedules.states import AirState, PlanState


async def planned(clock: ManualClock) -> Broadcast:
    await seed_sample_units()
    starts_at = clock.now() + timedelta(days=2)
    return await create_broadcast(NewBroadcast("题目", "520013", starts_at), now=clock.now())


async def test_what_is_given_changes_and_the_rest_stays(db: TortoiseContext, clock: ManualClock) -> None:
    lecture = await planned(clock)
    change = LectureChange(title="  新的  题目 ", lecturer_name="示例讲师A")
    changed = await change_lecture(lecture.number, change, version=0, by=SYSTEM, now=clock.now())
    assert (changed.title, changed.lecturer_name, changed.version) == ("新的 题目", "示例讲师A", 1)
    assert (changed.starts_at, changed.first_starts_at) == (lecture.starts_at, None)
    entry = (await AuditEntry.all())[0]
    assert (entry.action, entry.subject) == ("broadcast.changed", f"broadcast:{lecture.number}")
    assert entry.before == '{"lecturer_name":"","title":"题目"}'
    assert entry.after == '{"lecturer_name":"示例讲师A","title":"新的 题目"}'


async def test_the_first_move_keeps_what_was_planned_first(db: TortoiseContext, clock: ManualClock) -> None:
    lecture = await planned(clock)
    for version, days in enumerate((5, 9)):
        when = clock.now() + timedelta(days=days)
        moved = await change_lecture(
            lecture.number, LectureChange(starts_at=when), version=version, by=SYSTEM, now=clock.now()
        )
        assert (moved.starts_at, moved.first_starts_at) == (when, lecture.starts_at)
    assert moved.number == lecture.number
    steps = await Step.all().values_list("action", "version")
    assert steps == [(StepAction.CREATED, 0), (StepAction.POSTPONE, 1), (StepAction.POSTPONE, 2)]


async def test_nothing_changed_is_no_change(db: TortoiseContext, clock: ManualClock) -> None:
    lecture = await planned(clock)
    entries = await AuditEntry.all().count()
    same = await change_lecture(
        lecture.number, LectureChange(title="题目"), version=0, by=SYSTEM, now=clock.now()
    )
    assert same.version == 0
    assert await AuditEntry.all().count() == entries


async def test_of_two_who_saw_the_same_version_the_second_is_told(
    db: TortoiseContext, clock: ManualClock
) -> None:
    lecture = await planned(clock)

    async def attempt(title: str) -> str:
        change = LectureChange(title=title)
        try:
            return (await change_lecture(lecture.number, change, version=0, by=SYSTEM, now=clock.now())).title
        except Conflict as conflict:
            return conflict.message

    outcomes = await asyncio.gather(attempt("甲的题目"), attempt("乙的题目"))
    winner = (await Broadcast.get(id=lecture.id)).title
    assert winner in outcomes
    assert sum("刚刚被别人改过" in outcome for outcome in outcomes) == 1
    assert await AuditEntry.filter(action="broadcast.changed").count() == 1


@pytest.mark.parametrize("state", [state for state in PlanState if state is not PlanState.SCHEDULED])
async def test_only_an_announced_lecture_is_changed(
    sqlite_db: TortoiseContext, clock: ManualClock, state: PlanState
) -> None:
    lecture = await planned(clock)
    await Broadcast.filter(id=lecture.id).update(plan_state=state)
    with pytest.raises(Conflict, match="请在工作台办理"):
        await change_lecture(lecture.number, LectureChange(title="新"), version=0, by=SYSTEM, now=clock.now())


async def test_what_has_begun_or_is_to_end_stays_as_it_is(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    live, ending = await planned(clock), await planned(clock)
    await move_air_state(live.id, AirState.LIVE, now=clock.now(), events=EventBus())
    await request_end(ending.id, now=clock.now())
    for lecture in (live, ending):
        with pytest.raises(Conflict, match="已经开讲或结束"):
            await change_lecture(
                lecture.number, LectureChange(title="新"), version=0, by=SYSTEM, now=clock.now()
            )
    with pytest.raises(NotFound):
        await change_lecture("2026-11-99", LectureChange(title="新"), version=0, by=SYSTEM, now=clock.now())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (LectureChange(title=" "), "title"),
        (LectureChange(title="字" * 121), "title"),
        (LectureChange(title="a\x07"), "title"),
        (LectureChange(lecturer_name="字" * 41), "lecturer_name"),
        (LectureChange(lecturer_post="\ud800"), "lecturer_post"),
    ],
)
async def test_a_wrong_value_is_named_and_nothing_changes(
    sqlite_db: TortoiseContext, clock: ManualClock, change: LectureChange, field: str
) -> None:
    lecture = await planned(clock)
    with pytest.raises(Invalid) as caught:
        await change_lecture(lecture.number, change, version=0, by=SYSTEM, now=clock.now())
    assert set(caught.value.fields) == {field}
    assert (await Broadcast.get(id=lecture.id)).version == 0


async def test_a_time_in_the_past_is_refused_but_one_that_stands_holds_up_no_title(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    lecture = await planned(clock)
    past = clock.now() - timedelta(days=1)
    with pytest.raises(Invalid, match="已经过去"):
        await change_lecture(
            lecture.number, LectureChange(starts_at=past), version=0, by=SYSTEM, now=clock.now()
        )
    clock.advance(minutes=3 * 24 * 60)
    late = await change_lecture(
        lecture.number, LectureChange(title="晚了"), version=0, by=SYSTEM, now=clock.now()
    )
    assert late.title == "晚了"
