"""What the media process holds and lets go: journals that cannot be opened, leases that are lost, slow ends."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from tortoise.context import TortoiseContext

from core.clock import SystemClock
from core.settings import Settings
from schedules.models import Broadcast
from schedules.states import AirState
from streaming import leases
from streaming import media as media_module
from streaming.keys import stream_key
from streaming.lecture import LiveLecture
from streaming.lecture_index import JOURNAL, lecture_folder
from streaming.models import Lease
from streaming.rtmp.gate import PublishRequest
from tests.support.air import SilentConnection
from tests.support.studio import SECRETS, Studio, studio, until


@pytest.fixture
def settings(sqlite_settings: Settings) -> Settings:
    return sqlite_settings.model_copy(update={"rtmp_port": 0, "lease_seconds": 2})


@pytest.fixture
async def house(settings: Settings, sqlite_db: TortoiseContext) -> AsyncIterator[Studio]:
    async with studio(settings) as running:
        yield running


async def test_a_lecture_that_cannot_be_opened_is_not_held_and_can_be_opened_later(
    house: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    broadcast = await house.broadcast()

    async def lost(*args: object, **kwargs: object) -> None:
        raise ConnectionRefusedError("the database is away")

    with monkeypatch.context() as away:
        away.setattr(media_module, "close_abandoned", lost)
        with pytest.raises(ConnectionRefusedError):
            await taken_up(house, broadcast)
    assert not await Lease.exists(broadcast_id=broadcast.id)
    assert await taken_up(house, broadcast) is house.service.lectures[broadcast.number]


async def test_a_broken_journal_keeps_no_other_lecture_off_the_air(
    settings: Settings, sqlite_db: TortoiseContext
) -> None:
    async with studio(settings) as before:
        broken, whole = await before.broadcast("坏的"), await before.broadcast("好的")
        for broadcast in (broken, whole):
            await taken_up(before, broadcast)
    await Broadcast.all().update(air_state=AirState.INTERRUPTED)
    journal = lecture_folder(settings.data_dir, broken.number) / JOURNAL
    journal.unlink()
    journal.mkdir()  # for root, too, nothing that can be opened as a file
    async with studio(settings) as after:
        assert set(after.service.lectures) == {whole.number}
        assert not await Lease.exists(broadcast_id=broken.id)


async def test_a_slow_end_of_one_lecture_costs_no_other_its_lease(
    house: Studio, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending, going_on = await house.broadcast("结束"), await house.broadcast("继续")
    slow = await taken_up(house, ending)
    await taken_up(house, going_on)
    until_told = asyncio.Event()

    async def end(reason: str) -> None:
        await until_told.wait()

    monkeypatch.setattr(slow, "end", end)
    await Broadcast.filter(id=ending.id).update(end_requested_at=SystemClock().now())
    await asyncio.sleep(settings.lease_seconds + 0.5)
    held = [
        await leases.is_held(one.id, now=SystemClock().now(), settings=settings) for one in (ending, going_on)
    ]
    until_told.set()
    assert held == [True, True]


async def test_an_encoder_is_sent_away_when_another_process_has_its_lecture(house: Studio) -> None:
    broadcast = await house.broadcast()
    lecture = await taken_up(house, broadcast)
    connection = SilentConnection()
    key = stream_key(SECRETS.current, broadcast.id, broadcast.number, 1)
    request = PublishRequest("live", key, "", key, "", "", connection.peer, connection)
    lecture.admit(request, 1)
    await Lease.filter(broadcast_id=broadcast.id).update(holder="another", heartbeat_at=SystemClock().now())

    async def let_go() -> bool:
        return broadcast.number not in house.service.lectures and bool(connection.closed_with)

    await until(let_go)
    assert connection.closed_with[0][0] == "NetStream.Publish.BadName"
    assert lecture.is_abandoned
    assert (await Lease.get(broadcast_id=broadcast.id)).holder == "another"


async def test_what_is_told_of_a_lecture_stands_in_its_lease(
    house: Studio, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    broadcast = await house.broadcast()
    monkeypatch.setattr(house.service, "_report", lambda lecture: {"number": lecture.name.number})
    await taken_up(house, broadcast)

    async def is_told() -> bool:
        report = await leases.told(broadcast.id, now=SystemClock().now(), settings=settings)
        return bool(report == {"number": broadcast.number})

    await until(is_told)


async def taken_up(house: Studio, broadcast: Broadcast) -> LiveLecture:
    lecture = await house.service._open_for_publisher(broadcast)
    assert lecture is not None
    return lecture
