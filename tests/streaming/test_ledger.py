"""The ledger writes what happened on the air into rows, whatever the database does meanwhile."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import asyncpg
import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.clock import ManualClock
from core.events import EventBus
from schedules.models import Broadcast
from schedules.services import NewBroadcast, create_broadcast, move_air_state
from schedules.states import AirState
from streaming import ledger as ledger_module
from streaming.lecture import LectureName, LiveLecture
from streaming.ledger import Ledger
from tests.support.cast import UNIT_A


@pytest.fixture
async def broadcast(sqlite_db: TortoiseContext, clock: ManualClock) -> Broadcast:
    await seed_sample_units()
    return await create_broadcast(NewBroadcast("题目", UNIT_A), now=clock.now())


@pytest.mark.parametrize(
    "fault",
    [
        asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InternalClientError("cannot switch to state 11; another operation (2) is in progress"),
        ConnectionRefusedError("nobody listens"),
    ],
    ids=lambda fault: type(fault).__name__,
)
async def test_what_a_lost_database_did_not_take_is_written_when_it_is_back(
    broadcast: Broadcast, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    monkeypatch.setattr(ledger_module, "RETRY_SECONDS", 0.01)
    _fails_first(monkeypatch, fault)
    assert await _written(broadcast, clock, [AirState.LIVE, AirState.INTERRUPTED]) is AirState.INTERRUPTED


async def test_a_fault_in_one_write_does_not_keep_the_next_from_the_rows(
    broadcast: Broadcast, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fails_first(monkeypatch, AttributeError("a mistake of ours"))
    assert await _written(broadcast, clock, [AirState.CLOSED, AirState.LIVE]) is AirState.LIVE


async def test_rows_of_a_lecture_that_another_process_holds_are_left_alone(
    broadcast: Broadcast, clock: ManualClock
) -> None:
    assert await _written(broadcast, clock, [AirState.LIVE], is_abandoned=True) is AirState.SCHEDULED


def _fails_first(monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    faults = [fault]

    async def move(*args: Any, **kwargs: Any) -> Broadcast:
        if faults:
            raise faults.pop()
        return await move_air_state(*args, **kwargs)

    monkeypatch.setattr(ledger_module, "move_air_state", move)


async def _written(
    broadcast: Broadcast, clock: ManualClock, states: list[AirState], *, is_abandoned: bool = False
) -> AirState:
    """What the row says once the ledger has been told of these states."""
    name = LectureName(broadcast.id, broadcast.number)
    lecture = cast("LiveLecture", SimpleNamespace(name=name, is_abandoned=is_abandoned))
    ledger = Ledger(EventBus())
    ledger.start()
    for state in states:
        ledger.state_changed(lecture, state, clock.now())
    await asyncio.wait_for(ledger.settled(), 5)
    await ledger.aclose()
    return (await Broadcast.get(id=broadcast.id)).air_state
