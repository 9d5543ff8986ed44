"""The database fails in the middle of a lecture: it goes on, and its rows are written when that is back."""

from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs
from tortoise.context import TortoiseContext

from core.settings import Settings
from schedules.states import AirState
from streaming.models import Publication
from tests.support.media import make_flv, read_units
from tests.support.outages import outage
from tests.support.push import publishing, realtime
from tests.support.studio import Studio, studio, until

pytestmark = pytest.mark.ffmpeg


@pytest.fixture
def settings(db_settings: Settings) -> Settings:
    return db_settings.model_copy(update={"rtmp_port": 0, "interruption_grace_seconds": 600})


@pytest.fixture
async def house(settings: Settings, db: TortoiseContext) -> AsyncIterator[Studio]:
    async with studio(settings) as running:
        yield running


async def test_a_lecture_goes_on_without_the_database_and_its_rows_are_written_later(
    house: Studio, settings: Settings, db: TortoiseContext
) -> None:
    broadcast = await house.broadcast()
    units = read_units(make_flv(seconds=3))
    async with publishing(house.address(broadcast)) as push:
        await push.send(units, realtime(2))
        await house.until_state(broadcast, AirState.LIVE)
        with capture_logs() as logs:
            async with outage(settings.database_url, db):
                await push.aclose()
                async with publishing(house.address(broadcast)) as again:
                    await again.send(units, realtime(2))
                lecture = house.service.lectures[broadcast.number]
                assert lecture.state in (AirState.LIVE, AirState.INTERRUPTED)

                async def left() -> bool:
                    return lecture.state is AirState.INTERRUPTED

                await until(left)
    assert "ledger.database_failed" in {line["event"] for line in logs}

    async def written() -> bool:
        rows = await Publication.filter(broadcast_id=broadcast.id).order_by("ordinal")
        return [row.ended_at is not None for row in rows] == [True, True]

    await until(written)
    await house.until_state(broadcast, AirState.INTERRUPTED)
    first, second = await Publication.filter(broadcast_id=broadcast.id).order_by("ordinal")
    assert (first.received_seconds, second.received_seconds) == pytest.approx((3, 3), abs=0.1)
    assert first.ended_at is not None
    assert second.started_at >= first.ended_at
    await lecture.end("over")
    assert len((await house.recording(broadcast)).times("source")) == 180
