import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.clock import ManualClock
from core.errors import Conflict, Invalid, NotFound
from core.events import EventBus
from schedules.events import BroadcastStateChanged
from schedules.models import Broadcast
from schedules.services import NewBroadcast, create_broadcast, move_air_state, request_end, rotate_key
from schedules.states import AirState, PlanState


@pytest.fixture(autouse=True)
async def _units(db: TortoiseContext) -> None:
    await seed_sample_units()


async def create(clock: ManualClock, **values: Any) -> Broadcast:
    return await create_broadcast(
        NewBroadcast(**({"title": "新修订行政复议法解读", "unit_code": "520013"} | values)), now=clock.now()
    )


async def test_a_new_lecture_is_scheduled_with_the_first_number_of_its_month(clock: ManualClock) -> None:
    broadcast = await create(clock, title="  新修订\t行政复议法　解读 ", lecturer_name=" 示例讲师A ")
    assert broadcast.number == "2026-11-1"
    assert broadcast.title == "新修订 行政复议法 解读"
    assert broadcast.lecturer_name == "示例讲师A"
    assert broadcast.unit.name == "州司法局"
    row = await Broadcast.get(id=broadcast.id)
    assert row.air_state is AirState.SCHEDULED
    assert row.plan_state is PlanState.SCHEDULED
    assert (row.starts_at, row.planned_minutes, row.key_version) == (None, 15, 1)
    assert row.created_at == clock.now()


async def test_the_number_is_of_the_month_of_the_start_in_china(clock: ManualClock) -> None:
    last_evening = datetime(2026, 11, 30, 16, 30, tzinfo=UTC)  # 0:30 on 1 December in China
    assert (await create(clock, starts_at=last_evening)).number == "2026-12-1"
    assert (await create(clock)).number == "2026-11-1"


async def test_lectures_created_at_once_get_numbers_of_their_own(clock: ManualClock) -> None:
    created = await asyncio.gather(*(create(clock) for _ in range(8)))
    assert sorted(int(each.number.rpartition("-")[2]) for each in created) == list(range(1, 9))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " 　"}, "title"),
        ({"title": "字" * 121}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"unit_code": "999"}, "unit"),
        ({"unit_code": "5200\x00"}, "unit"),
        ({"planned_minutes": 0}, "planned_minutes"),
        ({"planned_minutes": 601}, "planned_minutes"),
        ({"lecturer_name": "字" * 41}, "lecturer_name"),
        ({"lecturer_post": "字" * 81}, "lecturer_post"),
        ({"starts_at": datetime(2026, 11, 24, 6, 44, tzinfo=UTC)}, "starts_at"),
        ({"starts_at": datetime(2036, 11, 24, tzinfo=UTC)}, "starts_at"),
    ],
)
async def test_what_is_wrong_with_a_new_lecture_is_said_and_nothing_is_created(
    clock: ManualClock, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        await create(clock, **values)
    assert list(caught.value.fields) == [field]
    assert await Broadcast.all().count() == 0


async def test_a_lecture_whose_start_is_just_past_can_still_be_created(clock: ManualClock) -> None:
    start = clock.now() - timedelta(minutes=15)
    assert (await create(clock, starts_at=start)).starts_at == start


async def test_rotating_the_key_raises_its_version(clock: ManualClock) -> None:
    broadcast = await create(clock)
    clock.advance(5)
    rotated = await rotate_key(broadcast.id, now=clock.now())
    assert (rotated.key_version, rotated.changed_at) == (2, clock.now())
    with pytest.raises(NotFound):
        await rotate_key(uuid4(), now=clock.now())


async def test_an_end_is_asked_for_once_and_no_more_when_it_has_come(clock: ManualClock) -> None:
    broadcast = await create(clock)
    asked = await request_end(broadcast.id, now=clock.now())
    first = clock.now()
    clock.advance(5)
    again = await request_end(broadcast.id, now=clock.now())
    assert asked.end_requested_at == again.end_requested_at == first
    await move_air_state(broadcast.id, AirState.ENDED, now=clock.now(), events=EventBus())
    with pytest.raises(Conflict, match="已经结束了"):
        await request_end(broadcast.id, now=clock.now())
    with pytest.raises(NotFound):
        await request_end(uuid4(), now=clock.now())


async def test_each_move_on_the_air_is_dated_and_told(clock: ManualClock) -> None:
    broadcast = await create(clock)
    events, heard = EventBus(), list[BroadcastStateChanged]()

    async def hear(event: BroadcastStateChanged) -> None:
        heard.append(event)

    events.subscribe(BroadcastStateChanged, hear)

    async def move(to: AirState) -> Broadcast:
        clock.advance(60)
        return await move_air_state(broadcast.id, to, now=clock.now(), events=events)

    began = (await move(AirState.LIVE)).first_live_at
    assert began == clock.now()
    assert (await move(AirState.INTERRUPTED)).interrupted_at == clock.now()
    assert (await move(AirState.LIVE)).interrupted_at is None
    await move(AirState.INTERRUPTED)
    closed = await move(AirState.CLOSED)
    assert closed.interrupted_at is not None
    ended = await move(AirState.ENDED)
    assert (ended.first_live_at, ended.ended_at, ended.changed_at) == (began, clock.now(), clock.now())
    assert ended.unit.name == "州司法局"
    assert [(event.before.value, event.after.value) for event in heard] == [
        ("scheduled", "live"),
        ("live", "interrupted"),
        ("interrupted", "live"),
        ("live", "interrupted"),
        ("interrupted", "closed"),
        ("closed", "ended"),
    ]
    assert heard[-1] == BroadcastStateChanged(
        broadcast.id, broadcast.number, AirState.CLOSED, AirState.ENDED, clock.now()
    )


async def test_a_move_the_table_forbids_changes_and_tells_nothing(clock: ManualClock) -> None:
    broadcast = await create(clock)
    events, heard = EventBus(), list[BroadcastStateChanged]()

    async def hear(event: BroadcastStateChanged) -> None:
        heard.append(event)

    events.subscribe(BroadcastStateChanged, hear)
    with pytest.raises(Conflict):
        await move_air_state(broadcast.id, AirState.CLOSED, now=clock.now(), events=events)
    assert (await Broadcast.get(id=broadcast.id)).air_state is AirState.SCHEDULED
    assert heard == []
    with pytest.raises(NotFound):
        await move_air_state(uuid4(), AirState.LIVE, now=clock.now(), events=events)


async def test_of_two_who_end_a_lecture_at_once_one_is_told_that_it_has_ended(clock: ManualClock) -> None:
    broadcast = await create(clock)
    outcomes = await asyncio.gather(
        *(move_air_state(broadcast.id, AirState.ENDED, now=clock.now(), events=EventBus()) for _ in range(2)),
        return_exceptions=True,
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Broadcast", "Conflict"]
