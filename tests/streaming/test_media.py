"""The media process from the RTMP port to the journal, under real encoders."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from tortoise.context import TortoiseContext

from core.clock import SystemClock
from core.settings import Settings
from schedules.models import Broadcast
from schedules.services import request_end, rotate_key
from schedules.states import AirState
from streaming.models import Lease, Publication
from tests.support.media import make_flv
from tests.support.studio import Studio, push_whole, pushing, studio, until

pytestmark = pytest.mark.ffmpeg


@pytest.fixture
def settings(db_settings: Settings) -> Settings:
    return db_settings.model_copy(
        update={"rtmp_port": 0, "interruption_grace_seconds": 1, "ahead_of_clock_seconds": 3600}
    )


@pytest.fixture
async def house(settings: Settings, db: TortoiseContext) -> AsyncIterator[Studio]:
    async with studio(settings) as running:
        yield running


async def state_of(broadcast: Broadcast) -> AirState:
    return (await Broadcast.get(id=broadcast.id)).air_state


def reaches(broadcast: Broadcast, *states: AirState) -> Callable[[], Awaitable[bool]]:
    async def holds() -> bool:
        return await state_of(broadcast) in states

    return holds


def publications_ended(broadcast: Broadcast, count: int) -> Callable[[], Awaitable[bool]]:
    """What an encoder that has hung up had sent is taken in a moment later."""

    async def holds() -> bool:
        return await Publication.filter(broadcast_id=broadcast.id, ended_at__isnull=False).count() == count

    return holds


async def test_a_push_goes_on_the_air_and_its_end_is_an_interruption_and_then_a_replay(house: Studio) -> None:
    broadcast = await house.broadcast()
    assert await push_whole(make_flv(seconds=6), house.address(broadcast)) == ""
    await until(reaches(broadcast, AirState.INTERRUPTED, AirState.CLOSED))
    media = house.library.held(broadcast.number)
    assert media is not None
    assert media.live_multivariant()
    await until(reaches(broadcast, AirState.CLOSED))
    assert "#EXT-X-ENDLIST" in media.renditions["source"].replay_playlist().decode()
    assert [entry.duration for entry in media.renditions["source"].closed][:2] == [180_000, 180_000]
    publication = await Publication.get(broadcast_id=broadcast.id)
    assert publication.received_seconds == pytest.approx(6, abs=0.1)
    assert publication.ended_at is not None
    assert publication.peer.startswith("127.0.0.1:")


async def test_a_second_push_continues_the_same_lecture_behind_a_discontinuity(house: Studio) -> None:
    broadcast = await house.broadcast()
    for count in (1, 2):
        await push_whole(make_flv(seconds=4), house.address(broadcast))
        await until(publications_ended(broadcast, count))
    media = house.library.held(broadcast.number)
    assert media is not None
    source = media.renditions["source"].closed
    assert [entry.discontinuity for entry in source] == [False, False, True, False]
    assert [entry.publication for entry in source] == [1, 1, 2, 2]
    assert [entry.msn for entry in source] == [0, 1, 2, 3]
    assert all(after.start == before.start + before.duration for before, after in pairwise(source))
    assert all(after.program_date_time > before.program_date_time for before, after in pairwise(source))


async def test_the_end_is_asked_for_through_the_row_and_gives_the_lease_back(house: Studio) -> None:
    broadcast = await house.broadcast()
    async with pushing(make_flv(seconds=14), house.address(broadcast), realtime=True) as encoder:
        await until(reaches(broadcast, AirState.LIVE))
        await asyncio.sleep(1)
        await request_end(broadcast.id, now=SystemClock().now())
        await until(reaches(broadcast, AirState.ENDED))
        await asyncio.wait_for(encoder.wait(), 10)
    media = await house.library.get(broadcast.number)
    assert media is not None
    assert media.is_finished
    assert media.replay_multivariant()

    async def given_back() -> bool:
        return not await Lease.exists(broadcast_id=broadcast.id)

    await until(given_back)
    assert await push_whole(make_flv(seconds=4), house.address(broadcast)) != ""
    assert await state_of(broadcast) is AirState.ENDED


@pytest.mark.parametrize(
    "fault", ["wrong key", "revoked key", "unknown lecture", "no key at all", "too early"]
)
async def test_a_publisher_without_the_right_is_refused_before_anything_is_on_the_air(
    house: Studio, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    starts_at = SystemClock().now() + timedelta(days=1) if fault == "too early" else None
    broadcast = await house.broadcast(starts_at=starts_at)
    address = house.address(broadcast)
    if fault == "wrong key":
        address = house.address(broadcast, key_version=2)
    elif fault == "revoked key":
        await rotate_key(broadcast.id, now=SystemClock().now())
    elif fault == "unknown lecture":
        address = address.replace(broadcast.number, "2031-1-1")
    elif fault == "no key at all":
        address = address.rpartition("/")[0] + "/hello"
    assert await push_whole(make_flv(seconds=4), address) != ""
    assert await state_of(broadcast) is AirState.SCHEDULED
    assert house.service.lectures == {}
    said = capsys.readouterr()
    assert {
        "wrong key": "wrong stream key for lecture",
        "revoked key": "was revoked (version 1, now 2)",
        "unknown lecture": "there is no lecture 2031-1-1",
        "no key at all": "malformed",
        "too early": "is accepted from",
    }[fault] in said.out + said.err


async def test_a_newer_encoder_takes_over_once_and_is_then_left_in_peace(house: Studio) -> None:
    broadcast = await house.broadcast()
    address = house.address(broadcast)
    film = make_flv(seconds=14)
    async with pushing(film, address, realtime=True) as first:
        await until(reaches(broadcast, AirState.LIVE))
        async with pushing(film, address, realtime=True) as second:
            await asyncio.wait_for(first.wait(), 10)
            lecture = house.service.lectures[broadcast.number]
            assert lecture.on_air is not None
            assert lecture.on_air.ordinal == 2
            assert await push_whole(film, address) != ""  # a third one within the hold is refused
            assert second.returncode is None
            assert lecture.on_air.ordinal == 2
    await until(reaches(broadcast, AirState.INTERRUPTED, AirState.CLOSED))
    media = house.library.held(broadcast.number)
    assert media is not None
    assert [entry.discontinuity for entry in media.renditions["source"].closed].count(True) == 1


async def test_a_replaced_key_dismisses_who_is_on_the_air(house: Studio) -> None:
    broadcast = await house.broadcast()
    async with pushing(make_flv(seconds=14), house.address(broadcast), realtime=True) as encoder:
        await until(reaches(broadcast, AirState.LIVE))
        await rotate_key(broadcast.id, now=SystemClock().now())
        await asyncio.wait_for(encoder.wait(), 10)
    await until(reaches(broadcast, AirState.INTERRUPTED, AirState.CLOSED))
    assert await push_whole(make_flv(seconds=4), house.address(broadcast)) != ""
    assert await push_whole(make_flv(seconds=4), house.address(broadcast, key_version=2)) == ""


async def test_a_lecture_goes_on_after_the_process_was_restarted(
    settings: Settings, db: TortoiseContext
) -> None:
    async with studio(settings.model_copy(update={"interruption_grace_seconds": 600})) as house:
        broadcast = await house.broadcast()
        await push_whole(make_flv(seconds=4), house.address(broadcast))
        await until(reaches(broadcast, AirState.INTERRUPTED))
    async with studio(settings) as house:
        assert await state_of(broadcast) in (AirState.INTERRUPTED, AirState.CLOSED)
        await push_whole(make_flv(seconds=4), house.address(broadcast))
        await until(publications_ended(broadcast, 2))
        media = house.library.held(broadcast.number)
        assert media is not None
        source = media.renditions["source"].closed
        assert [entry.msn for entry in source] == [0, 1, 2, 3]
        assert [entry.discontinuity for entry in source] == [False, False, True, False]
        assert len({entry.epoch for entry in source}) == 2


async def test_a_publication_that_the_process_left_behind_is_closed_with_what_it_brought(
    settings: Settings, db: TortoiseContext
) -> None:
    async with studio(settings.model_copy(update={"interruption_grace_seconds": 600})) as house:
        broadcast = await house.broadcast()
        await push_whole(make_flv(seconds=4), house.address(broadcast))
        await until(reaches(broadcast, AirState.INTERRUPTED))
    await Publication.filter(broadcast_id=broadcast.id).update(
        ended_at=None, received_seconds=0
    )  # as kill -9 leaves it
    async with studio(settings):
        publication = await Publication.get(broadcast_id=broadcast.id)
        assert publication.ended_at is not None
        assert publication.received_seconds == pytest.approx(4, abs=0.1)


async def test_what_a_fast_encoder_has_sent_is_not_lost_to_an_early_end(
    settings: Settings, db: TortoiseContext
) -> None:
    async with studio(settings.model_copy(update={"ahead_of_clock_seconds": 1})) as house:
        broadcast = await house.broadcast()
        assert await push_whole(make_flv(seconds=14), house.address(broadcast)) == ""
        await request_end(broadcast.id, now=SystemClock().now())
        await until(reaches(broadcast, AirState.ENDED))
        media = await house.library.get(broadcast.number)
        assert media is not None
        assert sum(media.received_seconds().values()) == pytest.approx(14, abs=0.4)


async def test_an_encoder_that_falls_silent_is_an_interruption_until_it_sends_again(
    settings: Settings, db: TortoiseContext
) -> None:
    async with studio(settings) as house:
        broadcast = await house.broadcast()
        async with pushing(make_flv(seconds=14), house.address(broadcast), realtime=True) as encoder:
            await until(reaches(broadcast, AirState.LIVE))
            encoder.send_signal(signal.SIGSTOP)
            await until(reaches(broadcast, AirState.INTERRUPTED))
            encoder.send_signal(signal.SIGCONT)
            await until(reaches(broadcast, AirState.LIVE))
        await until(publications_ended(broadcast, 1))
        media = house.library.held(broadcast.number)
        assert media is not None
        assert len({entry.publication for entry in media.renditions["source"].closed}) == 1
