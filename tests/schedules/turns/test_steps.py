import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tortoise.context import TortoiseContext

from accounts.models import Role, User
from accounts.services import seed_sample_units
from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from core.events import EventBus
from core.settings import Settings
from core.storage import Store
from schedules.models import Broadcast, Step, StepAction
from schedules.queries import timeline
from schedules.services import move_air_state
from schedules.states import AirState, Delivery, PlanState
from schedules.turns.stepping import Outdated
from schedules.turns.steps import (
    assign_duty,
    cancel,
    issue,
    prepare,
    return_to_unit,
    set_delivery,
    take_back,
)
from tests.support.plan import (
    ADMIN,
    LIAISON_A,
    LIAISON_B,
    START,
    UNIT_A,
    approved,
    drafted,
    handed_in,
    issued,
    unit_passed,
    version_of,
)

NUMBER = "2026-12-2"


@pytest.fixture(autouse=True)
async def _units(sqlite_db: TortoiseContext) -> None:
    await seed_sample_units()


@pytest.fixture
def store() -> Store:
    return Store.in_memory()


async def test_issuing_tells_the_day_and_the_deadlines(clock: ManualClock, sqlite_settings: Settings) -> None:
    lecture = await issued(NUMBER, UNIT_A, clock, sqlite_settings)
    assert lecture.plan_state is PlanState.ISSUED
    assert lecture.first_starts_at == START
    assert lecture.told_deadlines["hand_in"] == "2026-12-10"
    assert lecture.version == 1
    [step] = await timeline(lecture.id)
    assert (step.action, step.person, step.at) == (StepAction.ISSUE, "示例管理员", clock.now())
    assert (step.before, step.after) == (PlanState.DRAFT, PlanState.ISSUED)
    [entry] = await AuditEntry.filter(action="broadcast.issue")
    assert entry.subject == f"broadcast:{NUMBER}"


async def test_many_are_issued_together_or_not_at_all(clock: ManualClock, sqlite_settings: Settings) -> None:
    await drafted("2026-12-1", UNIT_A, clock)
    await drafted("2026-12-2", UNIT_A, clock, starts_at=clock.now() - timedelta(days=1))
    for numbers, error in (
        (["2026-12-1", "2026-12-2"], Conflict),
        (["2026-12-1", "2026-12-9"], NotFound),
    ):
        with pytest.raises(error):
            await issue(numbers, by=ADMIN, now=clock.now(), settings=sqlite_settings)
    assert await Broadcast.filter(plan_state=PlanState.DRAFT).count() == 2
    with pytest.raises(Forbidden):
        await issue(["2026-12-1"], by=LIAISON_A, now=clock.now(), settings=sqlite_settings)
    await issue(["2026-12-1"], by=ADMIN, now=clock.now(), settings=sqlite_settings)
    with pytest.raises(Conflict, match="已下达"):
        await issue(["2026-12-1"], by=ADMIN, now=clock.now(), settings=sqlite_settings)


async def test_only_the_unit_and_the_bureau_take_notice_for_it(
    clock: ManualClock, sqlite_settings: Settings
) -> None:
    lecture = await issued(NUMBER, UNIT_A, clock, sqlite_settings)
    with pytest.raises(Forbidden):
        await prepare(NUMBER, version=lecture.version, by=LIAISON_B, now=clock.now())
    begun = await prepare(NUMBER, version=lecture.version, by=LIAISON_A, now=clock.now())
    assert begun.plan_state is PlanState.AWAITING
    again = await prepare(NUMBER, version=begun.version, by=LIAISON_A, now=clock.now())
    assert again.version == begun.version


async def test_the_second_of_two_sees_who_was_quicker_and_nothing_is_lost(
    clock: ManualClock, sqlite_settings: Settings
) -> None:
    lecture = await issued(NUMBER, UNIT_A, clock, sqlite_settings)
    answers = await asyncio.gather(
        prepare(NUMBER, version=lecture.version, by=LIAISON_A, now=clock.now()),
        cancel(NUMBER, version=lecture.version, by=ADMIN, now=clock.now(), reason="机构改革"),
        return_exceptions=True,
    )
    refused = [answer for answer in answers if isinstance(answer, Outdated)]
    assert len(refused) == 1
    assert "刚刚被" in refused[0].message
    steps = await timeline(lecture.id)
    assert [step.version for step in steps] == [1, 2]


async def test_the_unit_takes_back_what_nobody_has_reviewed(
    clock: ManualClock, sqlite_settings: Settings, store: Store
) -> None:
    await issued(NUMBER, UNIT_A, clock, sqlite_settings)
    lecture = await handed_in(NUMBER, clock, sqlite_settings, store)
    with pytest.raises(Forbidden):
        await take_back(NUMBER, version=lecture.version, by=LIAISON_B, now=clock.now())
    back = await take_back(NUMBER, version=lecture.version, by=LIAISON_A, now=clock.now())
    assert back.plan_state is PlanState.AWAITING
    with pytest.raises(Conflict, match="待报送"):
        await take_back(NUMBER, version=back.version, by=LIAISON_A, now=clock.now())


async def test_returning_needs_a_reason_and_the_one_whose_turn_it_is(
    clock: ManualClock, sqlite_settings: Settings, store: Store
) -> None:
    await issued(NUMBER, UNIT_A, clock, sqlite_settings)
    lecture = await unit_passed(NUMBER, clock, sqlite_settings, store)
    for reason in ("", "  ", "长" * 201):
        with pytest.raises(Invalid):
            await return_to_unit(NUMBER, version=lecture.version, by=ADMIN, now=clock.now(), reason=reason)
    with pytest.raises(Forbidden):
        await return_to_unit(NUMBER, version=lecture.version, by=LIAISON_A, now=clock.now(), reason="改")
    back = await return_to_unit(
        NUMBER, version=lecture.version, by=ADMIN, now=clock.now(), reason="引用条款已修订"
    )
    assert back.plan_state is PlanState.AWAITING
    last = (await timeline(back.id))[-1]
    assert (last.action, last.opinion) == (StepAction.BUREAU_RETURN, "引用条款已修订")


async def test_a_cancelled_lecture_keeps_its_number_and_says_whether_it_was_announced(
    clock: ManualClock, sqlite_settings: Settings, store: Store
) -> None:
    await issued(NUMBER, UNIT_A, clock, sqlite_settings)
    await issued("2026-12-1", UNIT_A, clock, sqlite_settings)
    quiet = await cancel(
        "2026-12-1", version=await version_of("2026-12-1"), by=ADMIN, now=clock.now(), reason="机构改革"
    )
    assert (quiet.plan_state, quiet.announced_at) == (PlanState.CANCELLED, None)
    lecture = await approved(NUMBER, clock, sqlite_settings, store)
    with pytest.raises(Forbidden):
        await cancel(NUMBER, version=lecture.version, by=LIAISON_A, now=clock.now(), reason="不想讲")
    called_off = await cancel(NUMBER, version=lecture.version, by=ADMIN, now=clock.now(), reason="讲师生病")
    assert called_off.state_before is PlanState.SCHEDULED
    assert called_off.announced_at is not None
    with pytest.raises(Conflict):
        await cancel(NUMBER, version=called_off.version, by=ADMIN, now=clock.now(), reason="再来")


async def test_what_has_been_on_the_air_is_not_called_off(
    clock: ManualClock, sqlite_settings: Settings, store: Store
) -> None:
    await issued(NUMBER, UNIT_A, clock, sqlite_settings)
    lecture = await approved(NUMBER, clock, sqlite_settings, store)
    await move_air_state(lecture.id, AirState.LIVE, now=START, events=EventBus())
    with pytest.raises(Conflict, match="已经开播"):
        await cancel(NUMBER, version=lecture.version, by=ADMIN, now=START, reason="晚了")


async def test_only_duty_officers_and_administrators_are_put_on_duty(
    clock: ManualClock, sqlite_settings: Settings
) -> None:
    lecture = await issued(NUMBER, UNIT_A, clock, sqlite_settings)
    people = {
        role: await User.create(
            username=role.value,
            display_name=f"示例{role.value}",
            role=role,
            password_hash="",
            created_at=clock.now(),
        )
        for role in (Role.DUTY, Role.OFFICIAL)
    }
    for officer in (people[Role.OFFICIAL].id, uuid4()):
        with pytest.raises(Invalid):
            await assign_duty(NUMBER, officer=officer, version=lecture.version, by=ADMIN, now=clock.now())
    on = await assign_duty(
        NUMBER, officer=people[Role.DUTY].id, version=lecture.version, by=ADMIN, now=clock.now()
    )
    assert on.duty_officer_id == people[Role.DUTY].id
    off = await assign_duty(NUMBER, officer=None, version=on.version, by=ADMIN, now=clock.now())
    assert off.duty_officer_id is None
    assert await Step.filter(action=StepAction.DUTY).count() == 2


async def test_an_outside_platform_is_named_by_its_address(
    clock: ManualClock, sqlite_settings: Settings
) -> None:
    lecture = await issued(NUMBER, UNIT_A, clock, sqlite_settings)
    for address in ("", "javascript:alert(1)", "https://", "ftp://example.cn/x", "https://a" + "a" * 400):
        with pytest.raises(Invalid) as refused:
            await set_delivery(
                NUMBER,
                delivery=Delivery.EXTERNAL,
                external_url=address,
                version=lecture.version,
                by=ADMIN,
                now=clock.now(),
            )
        assert list(refused.value.fields) == ["external_url"]
    outside = await set_delivery(
        NUMBER,
        delivery=Delivery.EXTERNAL,
        external_url="https://live.example.cn/room/1",
        version=lecture.version,
        by=ADMIN,
        now=clock.now(),
    )
    assert outside.external_url == "https://live.example.cn/room/1"
    back = await set_delivery(
        NUMBER, delivery=Delivery.LIVE, version=outside.version, by=ADMIN, now=clock.now()
    )
    assert back.external_url == ""


@pytest.mark.parametrize("number", ["2026-12-9", "nonsense", "2026-12-2'; --", "２０２６-12-2"])
async def test_a_forged_number_is_not_found(number: str, clock: ManualClock) -> None:
    with pytest.raises(NotFound):
        await prepare(number, version=0, by=ADMIN, now=clock.now())


async def test_a_version_that_never_was_changes_nothing(
    clock: ManualClock, sqlite_settings: Settings
) -> None:
    await issued(NUMBER, UNIT_A, clock, sqlite_settings)
    for version in (-1, 0, 99):
        with pytest.raises(DomainError, match="刚刚"):
            await cancel(NUMBER, version=version, by=ADMIN, now=clock.now(), reason="x")
    assert (await Broadcast.get(number=NUMBER)).plan_state is PlanState.ISSUED


def test_the_start_of_these_tests_is_a_thursday() -> None:
    assert datetime(2026, 12, 24, 7, tzinfo=UTC) == START
    assert START.weekday() == 3
