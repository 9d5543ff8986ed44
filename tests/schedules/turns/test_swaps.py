import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.audit import Actor, ActorKind
from core.clock import ManualClock
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from core.settings import Settings
from core.storage import Store
from schedules.models import Broadcast, StepAction, Swap, SwapState
from schedules.queries import by_number, timeline
from schedules.states import PlanState
from schedules.turns.handing_in import hand_in, hand_in_of
from schedules.turns.materials import current_materials
from schedules.turns.steps import cancel
from schedules.turns.swaps import (
    confirm_swap,
    open_swaps,
    refuse_swap,
    request_swap,
    swap_choices,
    swaps_waiting_for,
    withdraw_swap,
)
from tests.support.plan import (
    ADMIN,
    DATA,
    LIAISON_A,
    LIAISON_B,
    START,
    UNIT_A,
    UNIT_B,
    complete,
    handed_in,
    issued,
    version_of,
)

FIRST, SECOND = "2026-12-1", "2026-12-2"
LATER = START + timedelta(days=28)
STRANGER = Actor(ActorKind.USER, "liaison-c", "示例联络员丙", "520001")


@pytest.fixture(autouse=True)
async def _issued(db: TortoiseContext, clock: ManualClock, db_settings: Settings) -> None:
    await seed_sample_units()
    await issued(FIRST, UNIT_A, clock, db_settings)
    await issued(SECOND, UNIT_B, clock, db_settings, starts_at=LATER)


@pytest.fixture
def store() -> Store:
    return Store.in_memory()


async def ask(clock: ManualClock, by: Actor = LIAISON_A, reason: str = "讲师出差") -> Swap:
    return await request_swap(
        FIRST, SECOND, reason=reason, version=await version_of(FIRST), by=by, now=clock.now()
    )


async def units() -> tuple[str, str]:
    return (await by_number(FIRST)).unit_id, (await by_number(SECOND)).unit_id


async def test_with_the_third_yes_the_units_change_and_the_numbers_stay(
    clock: ManualClock, db_settings: Settings
) -> None:
    told = (await by_number(SECOND)).told_deadlines
    swap = await ask(clock)
    assert swap.waits_for == (UNIT_B, "")
    assert [each.id for each in await swaps_waiting_for(UNIT_B)] == [swap.id]
    swap = await confirm_swap(swap.id, by=LIAISON_B, now=clock.now())
    assert (swap.state, swap.waits_for) == (SwapState.OPEN, ("",))
    assert [each.id for each in await swaps_waiting_for(None)] == [swap.id]
    assert await units() == (UNIT_A, UNIT_B)
    swap = await confirm_swap(swap.id, by=ADMIN, now=clock.now())
    assert swap.state is SwapState.DONE
    assert await units() == (UNIT_B, UNIT_A)
    second = await by_number(SECOND)
    assert (second.starts_at, second.told_deadlines) == (LATER, told)
    steps = [step.action for step in await timeline(second.id)]
    assert steps == [StepAction.ISSUE, StepAction.SWAP_ASKED, StepAction.SWAP_CONFIRMED, StepAction.SWAPPED]
    assert await open_swaps(second.id) == []


async def test_the_order_of_the_yeses_does_not_matter(clock: ManualClock) -> None:
    swap = await ask(clock, by=ADMIN)
    assert swap.waits_for == (UNIT_A, UNIT_B)
    await confirm_swap(swap.id, by=LIAISON_B, now=clock.now())
    await confirm_swap(swap.id, by=LIAISON_A, now=clock.now())
    assert await units() == (UNIT_B, UNIT_A)


async def test_what_a_unit_has_prepared_goes_with_it(
    clock: ManualClock, db_settings: Settings, store: Store
) -> None:
    await complete(FIRST, clock, db_settings, store)
    swap = await ask(clock)
    for by in (LIAISON_B, ADMIN):
        await confirm_swap(swap.id, by=by, now=clock.now())
    first, second = await by_number(FIRST), await by_number(SECOND)
    assert (first.title, first.laws) == ("", [])
    assert (second.title, second.laws) == (DATA.title, list(DATA.laws))
    assert await hand_in_of(first) is None
    row = await hand_in_of(second)
    assert row is not None
    assert row.lecturer_phone == DATA.lecturer_phone
    assert await current_materials(first.id) == []
    assert len(await current_materials(second.id)) == 3
    lecture = await hand_in(SECOND, version=second.version, by=LIAISON_A, now=clock.now())
    assert lecture.plan_state is PlanState.UNIT_REVIEW


async def test_nobody_says_yes_twice_or_for_others(clock: ManualClock) -> None:
    swap = await ask(clock)
    with pytest.raises(Conflict):
        await confirm_swap(swap.id, by=LIAISON_A, now=clock.now())
    with pytest.raises(Forbidden):
        await confirm_swap(swap.id, by=STRANGER, now=clock.now())
    with pytest.raises(NotFound):
        await confirm_swap(uuid4(), by=ADMIN, now=clock.now())
    assert await units() == (UNIT_A, UNIT_B)


async def test_two_last_yeses_at_once_change_the_units_once(clock: ManualClock) -> None:
    swap = await ask(clock)
    answers = await asyncio.gather(
        confirm_swap(swap.id, by=LIAISON_B, now=clock.now()),
        confirm_swap(swap.id, by=ADMIN, now=clock.now()),
        confirm_swap(swap.id, by=ADMIN, now=clock.now()),
        return_exceptions=True,
    )
    assert any(isinstance(answer, DomainError) for answer in answers)
    for by in (LIAISON_B, ADMIN):  # whoever was pushed aside asks again
        if (await Swap.get(id=swap.id)).state is SwapState.OPEN:
            try:
                await confirm_swap(swap.id, by=by, now=clock.now())
            except Conflict:
                continue
    assert await units() == (UNIT_B, UNIT_A)
    swapped = [step for step in await timeline((await by_number(FIRST)).id) if step.label == "调换单位"]
    assert len(swapped) == 1


async def test_it_is_withdrawn_by_who_asked_and_refused_by_the_others(clock: ManualClock) -> None:
    swap = await ask(clock)
    with pytest.raises(Forbidden):
        await withdraw_swap(swap.id, by=LIAISON_B, now=clock.now())
    with pytest.raises(Forbidden):
        await refuse_swap(swap.id, reason="不行", by=LIAISON_A, now=clock.now())
    with pytest.raises(Invalid):
        await refuse_swap(swap.id, reason="", by=LIAISON_B, now=clock.now())
    assert (await withdraw_swap(swap.id, by=LIAISON_A, now=clock.now())).state is SwapState.WITHDRAWN
    with pytest.raises(Conflict):
        await confirm_swap(swap.id, by=LIAISON_B, now=clock.now())
    again = await ask(clock)
    refused = await refuse_swap(again.id, reason="已经准备好了", by=LIAISON_B, now=clock.now())
    assert (refused.state, refused.answer) == (SwapState.REFUSED, "已经准备好了")


async def test_while_one_is_open_there_is_no_second(clock: ManualClock, db_settings: Settings) -> None:
    await ask(clock)
    with pytest.raises(Conflict, match="没确认完"):
        await ask(clock)
    await issued("2026-12-3", "520001", clock, db_settings, starts_at=LATER)
    with pytest.raises(Conflict, match="没确认完"):
        await request_swap("2026-12-3", SECOND, reason="x", version=1, by=STRANGER, now=clock.now())
    third = await by_number("2026-12-3")
    assert await swap_choices(third, clock.now()) == []


async def test_what_is_handed_in_already_or_its_own_is_not_swapped(
    clock: ManualClock, db_settings: Settings, store: Store
) -> None:
    with pytest.raises(Forbidden):
        await ask(clock, by=LIAISON_B)
    with pytest.raises(Invalid):
        await request_swap(FIRST, FIRST, reason="x", version=1, by=LIAISON_A, now=clock.now())
    with pytest.raises(Invalid):
        await ask(clock, reason=" ")
    choices = await swap_choices(await by_number(FIRST), clock.now())
    assert [each.number for each in choices] == [SECOND]
    await handed_in(FIRST, clock, db_settings, store)
    with pytest.raises(Conflict, match="单位初审"):
        await ask(clock)


async def test_handing_in_meanwhile_stops_an_open_swap_at_its_last_yes(
    clock: ManualClock, db_settings: Settings, store: Store
) -> None:
    swap = await ask(clock)
    await handed_in(FIRST, clock, db_settings, store)
    await confirm_swap(swap.id, by=LIAISON_B, now=clock.now())
    with pytest.raises(Conflict, match="报送以前"):
        await confirm_swap(swap.id, by=ADMIN, now=clock.now())
    assert await units() == (UNIT_A, UNIT_B)


async def test_cancelling_one_of_them_closes_the_swap_with_the_reason(clock: ManualClock) -> None:
    swap = await ask(clock)
    await cancel(SECOND, version=await version_of(SECOND), by=ADMIN, now=clock.now(), reason="机构改革")
    closed = await Swap.get(id=swap.id)
    assert closed.state is SwapState.REFUSED
    assert "机构改革" in closed.answer
    assert await Broadcast.filter(plan_state=PlanState.CANCELLED).count() == 1
