"""The end of a lecture, whoever asks for it: streaming.services and the sweep of streaming.unheld."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.clock import ManualClock, SystemClock
from core.errors import Conflict, NotFound
from core.events import EventBus
from core.settings import Settings, load_settings
from schedules.models import Broadcast
from schedules.queries import by_number
from schedules.services import NewBroadcast, create_broadcast, move_air_state, request_end
from schedules.states import AirState
from streaming.events import BroadcastEnded
from streaming.leases import acquire, release
from streaming.queries import expected_seconds, publications
from streaming.services import StillEnding, close_publication, end_broadcast, finish, open_publication
from streaming.unheld import becomes, settle_unheld

L, I, C, E = AirState.LIVE, AirState.INTERRUPTED, AirState.CLOSED, AirState.ENDED  # noqa: E741


class Heard:
    """An event bus, and the ends that were told on it."""

    def __init__(self) -> None:
        self.bus = EventBus()
        self.ends: list[BroadcastEnded] = []
        self.bus.subscribe(BroadcastEnded, self._hear)

    async def _hear(self, event: BroadcastEnded) -> None:
        self.ends.append(event)


@pytest.fixture(autouse=True)
async def _units(db: TortoiseContext) -> None:
    await seed_sample_units()


@pytest.fixture
def heard() -> Heard:
    return Heard()


async def lecture(clock: ManualClock | SystemClock, *moves: AirState) -> Broadcast:
    broadcast = await create_broadcast(NewBroadcast("题目", "520013"), now=clock.now())
    for to in moves:
        broadcast = await move_air_state(broadcast.id, to, now=clock.now(), events=EventBus())
    return broadcast


async def end(number: str, settings: Settings, heard: Heard, wait: float = 10) -> Broadcast:
    clock = SystemClock()
    return await end_broadcast(number, clock=clock, settings=settings, events=heard.bus, wait_seconds=wait)


async def test_a_lecture_that_nobody_holds_is_ended_at_once(db_settings: Settings, heard: Heard) -> None:
    broadcast = await lecture(SystemClock(), L)
    ended = await end(broadcast.number, db_settings, heard)
    assert ended.air_state is E
    assert [event.number for event in heard.ends] == [broadcast.number]
    with pytest.raises(Conflict, match="已经结束了"):
        await end(broadcast.number, db_settings, heard)
    with pytest.raises(NotFound):
        await end("2026-11-99", db_settings, heard)
    assert len(heard.ends) == 1


async def test_the_holder_is_waited_for(db_settings: Settings, heard: Heard) -> None:
    clock = SystemClock()
    broadcast = await lecture(clock, L)
    await acquire(broadcast.id, "a", now=clock.now(), settings=db_settings)

    async def hold() -> None:
        for _ in range(1000):
            if (await by_number(broadcast.number)).end_requested_at is not None:
                await finish(broadcast.id, now=clock.now(), events=EventBus())
                return
            await asyncio.sleep(0.01)
        raise AssertionError("nobody asked for the end")

    holding = asyncio.create_task(hold())
    ended = await end(broadcast.number, db_settings, heard)
    await holding
    assert ended.air_state is E
    assert heard.ends == []  # it was told in the holder's process


async def test_a_holder_that_does_not_answer_is_left_the_word(db_settings: Settings, heard: Heard) -> None:
    clock = SystemClock()
    broadcast = await lecture(clock, L)
    await acquire(broadcast.id, "a", now=clock.now() + timedelta(hours=1), settings=db_settings)
    with pytest.raises(StillEnding):
        await end(broadcast.number, db_settings, heard, wait=0.3)
    left = await by_number(broadcast.number)
    assert left.air_state is L
    assert left.end_requested_at is not None


async def test_a_holder_that_dies_meanwhile_is_waited_for_no_longer(
    db_settings: Settings, heard: Heard
) -> None:
    clock = SystemClock()
    broadcast = await lecture(clock, L)
    await acquire(broadcast.id, "a", now=clock.now(), settings=db_settings)

    async def die() -> None:
        await asyncio.sleep(0.1)
        await release([broadcast.id], "a")

    dying = asyncio.create_task(die())
    assert (await end(broadcast.number, db_settings, heard)).air_state is E
    await dying
    assert len(heard.ends) == 1


async def test_publications_are_noted_in_order_and_once(clock: ManualClock, heard: Heard) -> None:
    broadcast = await lecture(clock, L)
    began = clock.now()
    for _ in range(2):  # the second time after an answer of the database that got lost
        await open_publication(broadcast.id, 1, peer="10.0.0.7", encoder="OBS" * 100, now=began)
    clock.advance(60)
    await close_publication(broadcast.id, 1, reason="gone", received_seconds=59.5, now=clock.now())
    await close_publication(broadcast.id, 1, reason="later", received_seconds=0, now=clock.now())
    await open_publication(broadcast.id, 2, peer="10.0.0.7", encoder="OBS", now=clock.now())
    clock.advance(30)
    first, second = found = await publications(broadcast.id)
    assert (first.started_at, first.end_reason, first.received_seconds) == (began, "gone", 59.5)
    assert (first.ordinal, second.ordinal, second.ended_at) == (1, 2, None)
    assert expected_seconds(found, clock.now()) == 90
    await finish(broadcast.id, now=clock.now(), events=heard.bus)
    clock.advance(600)
    found = await publications(broadcast.id)
    assert found[1].ended_at is not None
    assert expected_seconds(found, clock.now()) == 90


T0 = datetime.fromisoformat("2026-11-26T15:00:00+08:00")


def minutes(number: float) -> datetime:
    return T0 + timedelta(minutes=number)


def row(state: AirState, **values: Any) -> Broadcast:
    given = {"starts_at": T0, "first_live_at": T0, "planned_minutes": 15, "air_state": state}
    return Broadcast(**(given | values))


@pytest.mark.parametrize(
    ("broadcast", "silent_since", "now", "expected"),
    [
        (row(L), minutes(10), minutes(11.9), None),
        (row(L), minutes(10), minutes(12), C),
        (row(L), minutes(10), minutes(45), E),
        (row(L), minutes(60), minutes(61), None),  # beyond its time, but only just lost
        (row(L), minutes(60), minutes(62), E),
        (row(I, interrupted_at=minutes(10)), minutes(10), minutes(11), None),
        (row(I, interrupted_at=minutes(10)), minutes(10), minutes(12), C),
        (row(I, interrupted_at=minutes(10)), minutes(10), minutes(46), E),
        (row(C), minutes(10), minutes(44), None),
        (row(C), minutes(10), minutes(45), E),
        (row(L, end_requested_at=minutes(10)), minutes(10), minutes(10), E),
        (row(AirState.SCHEDULED, end_requested_at=minutes(10)), minutes(10), minutes(10), E),
    ],
)
async def test_what_becomes_of_a_lecture_that_nobody_holds(
    broadcast: Broadcast, silent_since: datetime, now: datetime, expected: AirState | None
) -> None:
    assert becomes(broadcast, silent_since, now, load_settings()) is expected


async def test_the_sweep_closes_and_then_ends_a_lecture_whose_process_is_gone(
    db_settings: Settings, clock: ManualClock, heard: Heard
) -> None:
    broadcast = await lecture(clock, L)
    await acquire(broadcast.id, "gone", now=clock.now(), settings=db_settings)

    async def settle() -> AirState:
        await settle_unheld(now=clock.now(), settings=db_settings, events=heard.bus)
        return (await by_number(broadcast.number)).air_state

    clock.advance(db_settings.lease_seconds + 1)
    assert await settle() is L
    clock.advance(minutes=2)
    assert await settle() is C
    clock.advance(minutes=42)
    assert await settle() is C
    clock.advance(minutes=1)
    assert await settle() is E
    assert await settle() is E
    assert [event.number for event in heard.ends] == [broadcast.number]


async def test_the_sweep_leaves_a_lecture_to_its_living_holder(
    db_settings: Settings, clock: ManualClock, heard: Heard
) -> None:
    broadcast = await lecture(clock, L, I)
    clock.advance(minutes=600)
    await request_end(broadcast.id, now=clock.now())
    await acquire(broadcast.id, "alive", now=clock.now(), settings=db_settings)
    assert await settle_unheld(now=clock.now(), settings=db_settings, events=heard.bus) == 0
    assert (await by_number(broadcast.number)).air_state is I
