"""What a web site apart from the media process knows of the signal."""

import dataclasses
import json

import pytest
from portal.board import AirDetails, BoardFromRows, Signal
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.clock import ManualClock
from core.settings import Settings
from schedules.models import Broadcast
from schedules.services import NewBroadcast, create_broadcast
from streaming.leases import acquire, tell
from tests.support.cast import UNIT_A


@pytest.fixture
async def lecture(db: TortoiseContext, db_settings: Settings, clock: ManualClock) -> Broadcast:
    await seed_sample_units()
    lecture = await create_broadcast(NewBroadcast("题目", UNIT_A), now=clock.now())
    await acquire(lecture.id, "media", now=clock.now(), settings=db_settings)
    return lecture


def known(clock: ManualClock) -> AirDetails:
    signal = Signal(
        "10.0.0.7:5000", "obs", clock.now(), 60.0, bitrate_kbps=2000.0, video_codec="h264", width=1280
    )
    return AirDetails(signal, rungs=("source", "480p"), contenders=("10.0.0.8:1",), unwritten=7)


def test_every_detail_survives_the_way_through_a_row(clock: ManualClock) -> None:
    for details in (known(clock), AirDetails(None), dataclasses.replace(known(clock), shed=("720p",))):
        assert AirDetails.from_json(json.loads(json.dumps(details.as_json()))) == details


async def test_the_desk_elsewhere_sees_what_the_holder_tells(
    lecture: Broadcast, db_settings: Settings, clock: ManualClock
) -> None:
    board = BoardFromRows(db_settings, clock)
    assert await board.details(lecture.number) is None
    await tell(lecture.id, "media", known(clock).as_json())
    assert await board.details(lecture.number) == known(clock)
    await tell(lecture.id, "somebody else", AirDetails(None).as_json())
    assert await board.details(lecture.number) == known(clock)


async def test_what_a_silent_holder_told_is_not_shown_as_the_present(
    lecture: Broadcast, db_settings: Settings, clock: ManualClock
) -> None:
    await tell(lecture.id, "media", known(clock).as_json())
    clock.advance(db_settings.lease_seconds + 0.1)
    assert await BoardFromRows(db_settings, clock).details(lecture.number) is None
    assert await BoardFromRows(db_settings, clock).details("2031-1-1") is None
