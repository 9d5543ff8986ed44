"""What time makes of a lecture that is off the air, in a media process whose clock is moved by hand."""

from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs
from tortoise.context import TortoiseContext

from core.clock import ManualClock
from core.settings import Settings
from schedules.models import Broadcast
from schedules.states import AirState
from streaming.models import Lease
from streaming.origin import Origin
from tests.support.asgi import fetch
from tests.support.media import make_flv, read_units
from tests.support.push import Refused, publishing
from tests.support.studio import Studio, studio, until

pytestmark = pytest.mark.ffmpeg


@pytest.fixture
async def house(
    sqlite_settings: Settings, sqlite_db: TortoiseContext, clock: ManualClock
) -> AsyncIterator[Studio]:
    settings = sqlite_settings.model_copy(update={"rtmp_port": 0, "ahead_of_clock_seconds": 3600})
    async with studio(settings, clock=clock) as running:
        yield running


async def publish(house: Studio, broadcast: Broadcast) -> None:
    async with publishing(house.address(broadcast)) as push:
        await push.send(read_units(make_flv(seconds=3)))
        await house.until_state(broadcast, AirState.LIVE)
    await house.until_state(broadcast, AirState.INTERRUPTED)


async def replay_status(house: Studio, broadcast: Broadcast) -> int:
    return (await fetch(Origin(house.library), f"/replay/{broadcast.number}/index.m3u8")).status


async def test_an_interruption_becomes_a_replay_and_at_the_deadline_an_end(
    house: Studio, clock: ManualClock
) -> None:
    broadcast = await house.broadcast()
    await publish(house, broadcast)
    clock.advance(house.settings.interruption_grace_seconds - 1)
    assert await replay_status(house, broadcast) == 404
    clock.advance(1)
    await house.until_state(broadcast, AirState.CLOSED)
    assert await replay_status(house, broadcast) == 200
    await publish(house, broadcast)  # reopened by its key
    clock.advance(house.settings.interruption_grace_seconds)
    await house.until_state(broadcast, AirState.CLOSED)
    clock.advance(minutes=15 + house.settings.reopen_minutes)  # planned length, and the time for reopening
    await house.until_state(broadcast, AirState.ENDED)

    async def let_go() -> bool:
        return not house.service.lectures and not await Lease.exists()

    await until(let_go)
    with capture_logs() as logs, pytest.raises(Refused, match=r"NetStream\.Publish\.BadName"):
        async with publishing(house.address(broadcast)):
            raise AssertionError("it was let in")
    assert [line["reason"] for line in logs if line["event"] == "rtmp.refused"] == [
        f"lecture {broadcast.number} has ended"
    ]
    recording = await house.recording(broadcast)
    assert len(recording.times("source")) == 180


async def test_a_lecture_that_is_on_the_air_is_not_ended_by_any_deadline(
    house: Studio, clock: ManualClock
) -> None:
    broadcast = await house.broadcast()
    async with publishing(house.address(broadcast)) as push:
        units = read_units(make_flv(seconds=3))
        await push.send(units)
        await house.until_state(broadcast, AirState.LIVE)
        clock.advance(minutes=300)
        await house.until_state(broadcast, AirState.INTERRUPTED)  # it has been silent for very long
        await push.send(units[4:])
        await house.until_state(broadcast, AirState.LIVE)
        clock.advance(1)
        assert house.service.lectures[broadcast.number].on_air is not None
    clock.advance(1)
    await house.until_state(broadcast, AirState.INTERRUPTED)
    clock.advance(house.settings.interruption_grace_seconds)
    await house.until_state(broadcast, AirState.CLOSED, AirState.ENDED)
