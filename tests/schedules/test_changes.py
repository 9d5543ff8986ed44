import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.audit import SYSTEM
from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.errors import Conflict, Invalid, NotFound
from core.events import EventBus
from core.settings import Settings, load_settings
from core.storage import Store
from schedules.changes import LectureChange, change_lecture
from schedules.models import Broadcast, Postponement, PostponementState, Step, StepAction
from schedules.services import NewBroadcast, create_broadcast, move_air_state, request_end
from schedules.states import AirState, PlanState
from schedules.turns.postponements import ask_postponement, postpone
from tests.support.plan import LIAISON_A, START, UNIT_A, approved, issued, version_of


@dataclass(frozen=True)
class Desk:
    clock: ManualClock
    settings: Settings

    async def planned(self) -> Broadcast:
        await seed_sample_units()
        starts_at = self.clock.now() + timedelta(days=2)
        return await create_broadcast(NewBroadcast("题目", "520013", starts_at), now=self.clock.now())

    async def change(self, number: str, wanted: LectureChange, version: int = 0) -> Broadcast:
        return await change_lecture(
            number, wanted, version=version, by=SYSTEM, now=self.clock.now(), settings=self.settings
        )


@pytest.fixture
def desk(clock: ManualClock, tmp_path: Path) -> Desk:
    return Desk(clock, load_settings(data_dir=tmp_path / "data"))


async def test_what_is_given_changes_and_the_rest_stays(db: TortoiseContext, desk: Desk) -> None:
    lecture = await desk.planned()
    changed = await desk.change(
        lecture.number, LectureChange(title="  新的  题目 ", lecturer_name="示例讲师A")
    )
    assert (changed.title, changed.lecturer_name, changed.version) == ("新的 题目", "示例讲师A", 1)
    assert (changed.starts_at, changed.first_starts_at) == (lecture.starts_at, None)
    entry = (await AuditEntry.all())[0]
    assert (entry.action, entry.subject) == ("broadcast.changed", f"broadcast:{lecture.number}")
    assert entry.before == '{"lecturer_name":"","title":"题目"}'
    assert entry.after == '{"lecturer_name":"示例讲师A","title":"新的 题目"}'


async def test_the_first_move_keeps_what_was_planned_first(db: TortoiseContext, desk: Desk) -> None:
    lecture = await desk.planned()
    for version, days in enumerate((5, 9)):
        when = desk.clock.now() + timedelta(days=days)
        moved = await desk.change(lecture.number, LectureChange(starts_at=when), version)
        assert (moved.starts_at, moved.first_starts_at) == (when, lecture.starts_at)
    assert moved.number == lecture.number
    steps = await Step.all().values_list("action", "version")
    assert steps == [(StepAction.CREATED, 0), (StepAction.POSTPONE, 1), (StepAction.POSTPONE, 2)]


async def test_a_new_time_leaves_what_the_bureaus_own_postponement_leaves(
    db: TortoiseContext, desk: Desk
) -> None:
    await seed_sample_units()
    store, later = Store.in_memory(), START + timedelta(days=21)
    for number, unit in (("2026-12-2", UNIT_A), ("2026-12-3", UNIT_A)):
        await issued(number, unit, desk.clock, desk.settings)
        await approved(number, desk.clock, desk.settings, store)
    version = await version_of("2026-12-2")
    await postpone(
        "2026-12-2",
        reason="会议冲突",
        to=later,
        version=version,
        by=SYSTEM,
        now=desk.clock.now(),
        settings=desk.settings,
    )
    await desk.change("2026-12-3", LectureChange(starts_at=later, reason="会议冲突"), version)
    by_page, by_program = [
        await Broadcast.get(number=number).prefetch_related("postponements")
        for number in ("2026-12-2", "2026-12-3")
    ]
    kept = ("starts_at", "first_starts_at", "plan_state", "announced_at", "told_deadlines", "version")
    assert [getattr(by_page, name) for name in kept] == [getattr(by_program, name) for name in kept]
    assert by_program.told_deadlines["start"] == "2027-01-14"
    rows = await Postponement.all().values_list("state", "reason", "was", "to", "asked_by", "answered_by")
    assert rows[0] == rows[1] == (PostponementState.GRANTED, "会议冲突", START, later, "系统", "系统")
    steps = await Step.filter(action=StepAction.POSTPONE).values_list("opinion", "before", "after", "version")
    assert steps[0] == steps[1]
    entries = await AuditEntry.filter(action="broadcast.postpone").values_list("before", "after")
    assert entries[0] == entries[1]


async def test_a_time_and_a_title_change_together_in_one_version(db: TortoiseContext, desk: Desk) -> None:
    lecture = await desk.planned()
    when = desk.clock.now() + timedelta(days=5)
    moved = await desk.change(lecture.number, LectureChange(title="新的", starts_at=when))
    assert (moved.title, moved.starts_at, moved.version) == ("新的", when, 1)
    [entry] = await AuditEntry.filter(action="broadcast.postpone")
    assert '"title":"新的"' in entry.after
    assert "改了开播时间" in entry.after  # no reason was given


async def test_what_the_unit_asked_for_is_answered_by_the_new_time(db: TortoiseContext, desk: Desk) -> None:
    await seed_sample_units()
    await issued("2026-12-2", UNIT_A, desk.clock, desk.settings)
    await approved("2026-12-2", desk.clock, desk.settings, Store.in_memory())
    asked = await ask_postponement(
        "2026-12-2",
        reason="讲师生病",
        wanted=None,
        version=await version_of("2026-12-2"),
        by=LIAISON_A,
        now=desk.clock.now(),
    )
    later = START + timedelta(days=7)
    await desk.change("2026-12-2", LectureChange(starts_at=later), await version_of("2026-12-2"))
    answered = await Postponement.get()
    assert (answered.id, answered.state, answered.to) == (asked.id, PostponementState.GRANTED, later)


async def test_nothing_changed_is_no_change(db: TortoiseContext, desk: Desk) -> None:
    lecture = await desk.planned()
    entries = await AuditEntry.all().count()
    same = await desk.change(lecture.number, LectureChange(title="题目", starts_at=lecture.starts_at))
    assert same.version == 0
    assert await AuditEntry.all().count() == entries


async def test_of_two_who_saw_the_same_version_the_second_is_told(db: TortoiseContext, desk: Desk) -> None:
    lecture = await desk.planned()

    async def attempt(title: str) -> str:
        try:
            return (await desk.change(lecture.number, LectureChange(title=title))).title
        except Conflict as conflict:
            return conflict.message

    outcomes = await asyncio.gather(attempt("甲的题目"), attempt("乙的题目"))
    winner = (await Broadcast.get(id=lecture.id)).title
    assert winner in outcomes
    assert sum("刚刚被系统改过，请看过再改" in outcome for outcome in outcomes) == 1
    assert await AuditEntry.filter(action="broadcast.changed").count() == 1


@pytest.mark.parametrize("state", [state for state in PlanState if state is not PlanState.SCHEDULED])
async def test_only_an_announced_lecture_is_changed(
    sqlite_db: TortoiseContext, desk: Desk, state: PlanState
) -> None:
    lecture = await desk.planned()
    await Broadcast.filter(id=lecture.id).update(plan_state=state)
    with pytest.raises(Conflict, match="请在工作台办理"):
        await desk.change(lecture.number, LectureChange(title="新"))


async def test_what_has_begun_or_is_to_end_stays_as_it_is(sqlite_db: TortoiseContext, desk: Desk) -> None:
    live, ending = await desk.planned(), await desk.planned()
    await move_air_state(live.id, AirState.LIVE, now=desk.clock.now(), events=EventBus())
    await request_end(ending.id, now=desk.clock.now())
    for lecture in (live, ending):
        with pytest.raises(Conflict, match="已经开讲或结束"):
            await desk.change(lecture.number, LectureChange(title="新"))
    with pytest.raises(NotFound):
        await desk.change("2026-11-99", LectureChange(title="新"))


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (LectureChange(title=" "), "title"),
        (LectureChange(title="字" * 121), "title"),
        (LectureChange(title="a\x07"), "title"),
        (LectureChange(lecturer_name="字" * 41), "lecturer_name"),
        (LectureChange(lecturer_post="\ud800"), "lecturer_post"),
        (LectureChange(title="新", reason="字" * 201), "reason"),
        (LectureChange(title="新", reason="a\x07"), "reason"),
    ],
)
async def test_a_wrong_value_is_named_and_nothing_changes(
    sqlite_db: TortoiseContext, desk: Desk, wanted: LectureChange, field: str
) -> None:
    lecture = await desk.planned()
    with pytest.raises(Invalid) as caught:
        await desk.change(lecture.number, wanted)
    assert set(caught.value.fields) == {field}
    assert (await Broadcast.get(id=lecture.id)).version == 0


@pytest.mark.parametrize("before", [timedelta(days=1), timedelta(minutes=1), timedelta()])
async def test_a_time_in_the_past_is_refused_but_one_that_stands_holds_up_no_title(
    sqlite_db: TortoiseContext, desk: Desk, before: timedelta
) -> None:
    lecture = await desk.planned()
    with pytest.raises(Invalid, match="已经过去"):
        await desk.change(lecture.number, LectureChange(starts_at=desk.clock.now() - before))
    desk.clock.advance(minutes=3 * 24 * 60)
    late = await desk.change(lecture.number, LectureChange(title="晚了"))
    assert late.title == "晚了"
