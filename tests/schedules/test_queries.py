from datetime import datetime, timedelta

import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.clock import ManualClock
from core.errors import NotFound
from core.events import EventBus
from schedules import queries
from schedules.models import Broadcast
from schedules.services import NewBroadcast, create_broadcast, move_air_state, request_end, rotate_key
from schedules.states import AirState


@pytest.fixture(autouse=True)
async def _units(db: TortoiseContext) -> None:
    await seed_sample_units()


async def create(
    clock: ManualClock, *moves: AirState, starts_at: datetime | None = None, unit: str = "520013"
) -> Broadcast:
    broadcast = await create_broadcast(NewBroadcast("题目", unit, starts_at), now=clock.now())
    for to in moves:
        clock.advance(1)
        broadcast = await move_air_state(broadcast.id, to, now=clock.now(), events=EventBus())
    return broadcast


def numbers(broadcasts: list[Broadcast]) -> list[str]:
    assert all(broadcast.unit.name for broadcast in broadcasts)
    return [broadcast.number for broadcast in broadcasts]


async def test_a_lecture_is_found_by_its_number(clock: ManualClock) -> None:
    broadcast = await create(clock)
    found = await queries.by_number("2026-11-1")
    assert (found.id, found.unit.code) == (broadcast.id, "520013")


@pytest.mark.parametrize("number", ["2026-11-9", "nonsense", "2026-11-1' OR 1=1", "\x00", ""])
async def test_what_is_no_lecture_is_not_found(clock: ManualClock, number: str) -> None:
    await create(clock)
    assert await queries.find_by_number(number) is None
    with pytest.raises(NotFound):
        await queries.by_number(number)


async def test_home_shows_what_is_live_what_comes_and_what_was(clock: ManualClock) -> None:
    live = await create(clock, AirState.LIVE)
    interrupted = await create(clock, AirState.LIVE, AirState.INTERRUPTED)
    closed = await create(clock, AirState.LIVE, AirState.CLOSED)
    ended = await create(clock, AirState.LIVE, AirState.ENDED)
    await create(clock, AirState.ENDED)  # never on the air: no replay
    await create(clock)  # without a start: nothing to announce
    later = await create(clock, starts_at=clock.now() + timedelta(days=2))
    sooner = await create(clock, starts_at=clock.now() + timedelta(days=1))
    assert numbers(await queries.live_now()) == [live.number, interrupted.number]
    assert numbers(await queries.latest_replays()) == [ended.number, closed.number]
    assert numbers(await queries.upcoming(clock.now())) == [sooner.number, later.number]
    assert numbers(await queries.upcoming(clock.now(), limit=1)) == [sooner.number]


async def test_a_lecture_that_is_late_is_announced_for_two_hours_more(clock: ManualClock) -> None:
    late = await create(clock, starts_at=clock.now())
    clock.advance(minutes=119)
    assert numbers(await queries.upcoming(clock.now())) == [late.number]
    clock.advance(minutes=2)
    assert await queries.upcoming(clock.now()) == []


async def test_the_bureau_sees_the_last_created_first_and_a_unit_its_own(clock: ManualClock) -> None:
    first = await create(clock)
    clock.advance(1)
    second = await create(clock, unit="522701")
    assert numbers(await queries.recent()) == [second.number, first.number]
    assert numbers(await queries.recent(limit=1)) == [second.number]
    assert numbers(await queries.recent(unit_code="520013")) == [first.number]


async def test_the_holder_of_lectures_is_told_its_orders(clock: ManualClock) -> None:
    first, second = await create(clock), await create(clock)
    await create(clock)
    await rotate_key(first.id, now=clock.now())
    await request_end(second.id, now=clock.now())
    assert await queries.orders([first.id, second.id]) == {
        first.id: queries.Orders(2, 1, None),
        second.id: queries.Orders(1, 1, clock.now()),
    }
    assert await queries.orders([]) == {}


async def test_what_ended_in_a_time_is_found_if_it_was_on_the_air(clock: ManualClock) -> None:
    begin = clock.now()
    first = await create(clock, AirState.LIVE, AirState.ENDED)
    await create(clock, AirState.ENDED)
    await create(clock, AirState.LIVE)
    end = clock.now()
    clock.advance(10)
    second = await create(clock, AirState.LIVE, AirState.ENDED)
    assert numbers(await queries.ended_between(begin, end)) == [first.number]
    assert numbers(await queries.ended_between(begin, clock.now())) == [first.number, second.number]


async def test_unfinished_are_those_on_the_air_or_reopenable_or_owed_an_end(clock: ManualClock) -> None:
    await create(clock)
    await create(clock, AirState.LIVE, AirState.ENDED)
    live = await create(clock, AirState.LIVE)
    closed = await create(clock, AirState.LIVE, AirState.CLOSED)
    owed = await create(clock)
    await request_end(owed.id, now=clock.now())
    assert {each.number for each in await queries.unfinished()} == {live.number, closed.number, owed.number}
