"""Two lectures on the air in one process: what happens to one is nothing to the other."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
from tortoise.context import TortoiseContext

from core.clock import SystemClock
from core.settings import Settings
from schedules.services import request_end, rotate_key
from schedules.states import AirState
from streaming.models import Publication
from tests.support.ladder import SmallLadder
from tests.support.media import make_flv, read_units, video_samples
from tests.support.push import publishing, realtime
from tests.support.studio import Studio, studio

pytestmark = pytest.mark.ffmpeg


@pytest.fixture
async def house(sqlite_settings: Settings, sqlite_db: TortoiseContext) -> AsyncIterator[Studio]:
    settings = sqlite_settings.model_copy(update={"rtmp_port": 0, "interruption_grace_seconds": 0})
    async with studio(settings, capacity=SmallLadder()) as running:
        yield running


async def test_two_lectures_run_side_by_side_and_one_ends_without_the_other_noticing(house: Studio) -> None:
    long, short = await house.broadcast("长的"), await house.broadcast("短的")
    films = {
        broadcast.number: make_flv(192, 108, fps, seconds=6)
        for broadcast, fps in ((long, "30"), (short, "25"))
    }
    async with publishing(house.address(long)) as first, publishing(house.address(short)) as second:
        sending = [
            asyncio.create_task(push.send(read_units(films[broadcast.number]), realtime(2)))
            for push, broadcast in ((first, long), (second, short))
        ]
        await asyncio.sleep(1.5)
        await rotate_key(short.id, now=SystemClock().now())
        assert "NetStream.Publish.BadName" in await second.dismissed()
        await request_end(short.id, now=SystemClock().now())
        await house.until_state(short, AirState.ENDED)
        assert not first.is_dismissed
        await asyncio.gather(*sending)
    await house.until_state(long, AirState.CLOSED)
    (publication,) = await Publication.filter(broadcast_id=long.id)
    assert publication.end_reason == "the encoder hung up"
    for broadcast, whole in ((long, True), (short, False)):
        recording = await house.recording(broadcast)
        pictures = len(video_samples(read_units(films[broadcast.number])))
        times = recording.times("source")
        assert recording.listed == ["source", "720p", "480p"]
        assert all(recording.times(name) == times for name in recording.listed)
        assert all(recording.gaps(name) == [] for name in recording.listed)
        assert not any(segment.discontinuity for segment in recording.playlists["source"].segments)
        assert (len(times) == pictures) == whole
        assert len(times) > 30
        steps = {after - before for before, after in pairwise(times)}
        assert steps <= ({2_970, 3_060} if whole else {3_600})
