from datetime import UTC, datetime
from itertools import product

import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.clock import ManualClock
from core.errors import NotFound
from schedules.models import Broadcast
from schedules.public.visibility import PUBLIC, change_of, find_public, is_public, public_by_number
from schedules.states import PlanState
from tests.support.plan import START, UNIT_A, drafted

LATER = datetime(2027, 1, 14, 7, 0, tzinfo=UTC)


async def test_the_filter_and_the_rule_say_the_same_of_every_state(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    await seed_sample_units()
    cases = list(product(PlanState, (None, clock.now())))
    for n, (state, announced_at) in enumerate(cases, start=1):
        lecture = await drafted(f"2026-12-{n}", UNIT_A, clock)
        await Broadcast.filter(id=lecture.id).update(plan_state=state, announced_at=announced_at)
    public = {each.number for each in await Broadcast.filter(PUBLIC)}
    for each in await Broadcast.all():
        assert is_public(each) == (each.number in public)
        assert (await find_public(each.number) is not None) == (each.number in public)
    states = {(each.plan_state, each.announced_at is not None) for each in await Broadcast.filter(PUBLIC)}
    assert states == {
        (PlanState.SCHEDULED, False),
        (PlanState.SCHEDULED, True),
        (PlanState.POSTPONED, True),
        (PlanState.CANCELLED, True),
    }


async def test_a_draft_and_what_there_is_not_are_refused_in_the_same_words(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    await seed_sample_units()
    await drafted("2026-12-1", UNIT_A, clock)
    said = []
    for number in ("2026-12-1", "2026-12-2"):
        with pytest.raises(NotFound) as refused:
            await public_by_number(number)
        said.append(refused.value.message.replace(number, "…"))
    assert said[0] == said[1]


def lecture(**values: object) -> Broadcast:
    return Broadcast(number="2026-12-1", title="题目", **values)


def test_the_page_says_what_became_of_the_first_time() -> None:
    first = "原定2026年12月24日 15:00，"
    assert change_of(lecture(starts_at=START, first_starts_at=START)) == ""
    assert change_of(lecture(starts_at=START)) == ""
    assert change_of(lecture()) == ""
    moved = lecture(starts_at=LATER, first_starts_at=START)
    assert change_of(moved) == f"{first}现定2027年1月14日 15:00。"
    open_day = lecture(first_starts_at=START, plan_state=PlanState.POSTPONED)
    assert change_of(open_day) == f"{first}现延期，时间另定。"
    off = lecture(starts_at=START, plan_state=PlanState.CANCELLED)
    assert change_of(off) == f"{first}已取消。"
