import asyncio
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.clock import ManualClock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.settings import Settings
from core.storage import Store
from schedules.models import Broadcast, Postponement, PostponementState, StepAction
from schedules.public.visibility import change_of, is_public
from schedules.queries import by_number, timeline
from schedules.states import PlanState
from schedules.turns.postponements import (
    answer_postponement,
    ask_postponement,
    open_postponement,
    postpone,
    postponements_waiting,
    resume,
    withdraw_postponement,
)
from tests.support.plan import (
    ADMIN,
    LIAISON_A,
    LIAISON_B,
    START,
    UNIT_A,
    approved,
    issued,
    version_of,
)

NUMBER = "2026-12-2"
LATER = START + timedelta(days=21)


@pytest.fixture(autouse=True)
async def _issued(db: TortoiseContext, clock: ManualClock, db_settings: Settings) -> None:
    await seed_sample_units()
    await issued(NUMBER, UNIT_A, clock, db_settings)


@pytest.fixture
def store() -> Store:
    return Store.in_memory()


async def put_off(clock: ManualClock, settings: Settings, to: datetime | None) -> Broadcast:
    return await postpone(
        NUMBER,
        reason="会议冲突",
        to=to,
        version=await version_of(NUMBER),
        by=ADMIN,
        now=clock.now(),
        settings=settings,
    )


async def ask(clock: ManualClock, wanted: datetime | None = LATER) -> Postponement:
    return await ask_postponement(
        NUMBER,
        reason="讲师生病",
        wanted=wanted,
        version=await version_of(NUMBER),
        by=LIAISON_A,
        now=clock.now(),
    )


async def test_to_a_known_day_it_stays_where_it_is_and_says_both_days(
    clock: ManualClock, db_settings: Settings, store: Store
) -> None:
    await approved(NUMBER, clock, db_settings, store)
    lecture = await put_off(clock, db_settings, LATER)
    assert (lecture.plan_state, lecture.starts_at) == (PlanState.SCHEDULED, LATER)
    assert change_of(lecture) == "原定2026年12月24日 15:00，现定2027年1月14日 15:00。"
    twice = await put_off(clock, db_settings, LATER + timedelta(days=1))
    assert twice.first_starts_at == START
    assert (await timeline(lecture.id))[-1].action is StepAction.POSTPONE


async def test_told_deadlines_move_later_with_it_and_never_earlier(
    clock: ManualClock, db_settings: Settings
) -> None:
    lecture = await put_off(clock, db_settings, LATER)
    later = date.fromisoformat(lecture.told_deadlines["hand_in"])
    assert later > date(2026, 12, 10)
    back = await put_off(clock, db_settings, START + timedelta(days=1))
    assert date.fromisoformat(back.told_deadlines["hand_in"]) == later
    assert back.told_deadlines["start"] == "2026-12-25"


async def test_to_an_open_day_it_is_postponed_and_comes_back_to_where_it_was(
    clock: ManualClock, db_settings: Settings, store: Store
) -> None:
    await approved(NUMBER, clock, db_settings, store)
    lecture = await put_off(clock, db_settings, None)
    assert (lecture.plan_state, lecture.starts_at) == (PlanState.POSTPONED, None)
    assert is_public(lecture)
    assert change_of(lecture) == "原定2026年12月24日 15:00，现延期，时间另定。"
    with pytest.raises(Conflict, match="已延期"):
        await put_off(clock, db_settings, LATER)
    with pytest.raises(Forbidden):
        await resume(
            NUMBER,
            to=LATER,
            version=lecture.version,
            by=LIAISON_A,
            now=clock.now(),
            settings=db_settings,
        )
    back = await resume(
        NUMBER, to=LATER, version=lecture.version, by=ADMIN, now=clock.now(), settings=db_settings
    )
    assert (back.plan_state, back.starts_at) == (PlanState.SCHEDULED, LATER)
    assert (await Broadcast.get(id=back.id)).state_before is None
    assert [each.to for each in await Postponement.all()] == [LATER]


async def test_one_that_was_never_announced_stays_unknown_when_it_is_put_off(
    clock: ManualClock, db_settings: Settings
) -> None:
    lecture = await put_off(clock, db_settings, None)
    assert not is_public(lecture)
    back = await resume(
        NUMBER, to=LATER, version=lecture.version, by=ADMIN, now=clock.now(), settings=db_settings
    )
    assert back.plan_state is PlanState.ISSUED


async def test_the_unit_asks_and_the_bureau_grants(clock: ManualClock, db_settings: Settings) -> None:
    asked = await ask(clock)
    assert [each.id for each in await postponements_waiting()] == [asked.id]
    with pytest.raises(Conflict, match="已经申请"):
        await ask(clock)
    with pytest.raises(Forbidden):
        await answer_postponement(
            asked.id, granted=True, to=LATER, by=LIAISON_A, now=clock.now(), settings=db_settings
        )
    lecture = await answer_postponement(
        asked.id, granted=True, to=LATER, by=ADMIN, now=clock.now(), settings=db_settings
    )
    assert lecture.starts_at == LATER
    assert (await timeline(lecture.id))[-1].opinion == "讲师生病"
    row = await Postponement.get(id=asked.id)
    assert (row.state, row.to, row.was) == (PostponementState.GRANTED, LATER, START)


async def test_a_refusal_needs_a_reason_and_changes_no_day(clock: ManualClock, db_settings: Settings) -> None:
    asked = await ask(clock, wanted=None)
    with pytest.raises(Invalid) as refused:
        await answer_postponement(asked.id, granted=False, by=ADMIN, now=clock.now(), settings=db_settings)
    assert list(refused.value.fields) == ["answer"]
    lecture = await answer_postponement(
        asked.id, granted=False, answer="请换讲师", by=ADMIN, now=clock.now(), settings=db_settings
    )
    assert lecture.starts_at == START
    assert await open_postponement(lecture.id) is None


async def test_two_answers_at_once_count_once(clock: ManualClock, db_settings: Settings) -> None:
    asked = await ask(clock)
    answers = await asyncio.gather(
        *(
            answer_postponement(
                asked.id, granted=True, to=LATER, by=ADMIN, now=clock.now(), settings=db_settings
            )
            for _ in range(2)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    actions = [step.action for step in await timeline((await by_number(NUMBER)).id)]
    assert actions.count(StepAction.POSTPONE) == 1


async def test_the_unit_withdraws_its_own_request_only(clock: ManualClock, db_settings: Settings) -> None:
    asked = await ask(clock)
    with pytest.raises(Forbidden):
        await withdraw_postponement(asked.id, by=LIAISON_B, now=clock.now())
    with pytest.raises(NotFound):
        await withdraw_postponement(uuid4(), by=LIAISON_A, now=clock.now())
    await withdraw_postponement(asked.id, by=LIAISON_A, now=clock.now())
    with pytest.raises(Conflict):
        await answer_postponement(
            asked.id, granted=True, to=LATER, by=ADMIN, now=clock.now(), settings=db_settings
        )


async def test_a_day_in_the_past_or_far_away_is_refused(clock: ManualClock, db_settings: Settings) -> None:
    for to in (clock.now(), clock.now() - timedelta(days=1), clock.now() + timedelta(days=1200)):
        with pytest.raises(Invalid) as refused:
            await put_off(clock, db_settings, to)
        assert list(refused.value.fields) == ["to"]
    with pytest.raises(Forbidden):
        await postpone(
            NUMBER, reason="x", to=LATER, version=1, by=LIAISON_A, now=clock.now(), settings=db_settings
        )
