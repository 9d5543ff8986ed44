"""The live playlists of all rungs while a lecture runs, under strict players that follow them part by part."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from tortoise.context import TortoiseContext

from core.settings import Settings
from schedules.states import AirState
from streaming.origin import Origin
from streaming.samples import MediaUnit
from tests.support.follower import Follower
from tests.support.ladder import STAND_IN, SmallLadder
from tests.support.media import make_flv, read_units
from tests.support.push import beside_the_rungs, publishing
from tests.support.studio import Studio, studio
from tests.support.timings import jittered, retimed

pytestmark = pytest.mark.ffmpeg

RENDITIONS = ("source", "720p", "480p", "audio")


@pytest.fixture
async def house(sqlite_settings: Settings, sqlite_db: TortoiseContext) -> AsyncIterator[Studio]:
    settings = sqlite_settings.model_copy(
        update={
            "rtmp_port": 0,
            "interruption_grace_seconds": 2,
            "ahead_of_clock_seconds": 3600,
            "encoder_queue_seconds": 600,
        }
    )
    async with studio(settings, capacity=SmallLadder()) as running:
        yield running


async def followed(
    house: Studio, names: Sequence[str], *pushes: Sequence[MediaUnit], pause_seconds: float = 0
) -> dict[str, Follower]:
    """Players of these renditions through a whole lecture with these publications."""
    broadcast = await house.broadcast()
    origin = Origin(house.library)
    followers = {name: Follower(origin, broadcast.number, name) for name in names}
    watching = [asyncio.create_task(follower.follow()) for follower in followers.values()]
    for units in pushes:
        await asyncio.sleep(pause_seconds)
        async with publishing(house.address(broadcast)) as push:
            await push.send(units, beside_the_rungs(house.library, broadcast.number, speed=4))
        await house.until_state(broadcast, AirState.INTERRUPTED)
    await asyncio.wait_for(asyncio.gather(*watching), 30)
    recording = await house.recording(broadcast)
    for name, follower in followers.items():
        listed = follower.watch.segments
        assert [listed[msn].duration for msn in sorted(listed)] == [
            segment.duration for segment in recording.playlists[name].segments
        ]
    return followers


def check_renditions_agree(followers: dict[str, Follower]) -> None:
    """Numbers, durations, discontinuities and dates are the same; a rendition that began late has the later ones."""
    source = followers["source"].watch.segments
    assert all(segment.date is not None for segment in source.values())
    for follower in followers.values():
        segments = follower.watch.segments
        assert sorted(segments) == sorted(source)[-len(segments) :]
        for msn, segment in segments.items():
            assert (segment.duration, segment.discontinuity, segment.date) == (
                source[msn].duration,
                source[msn].discontinuity,
                source[msn].date,
            )


async def test_players_of_every_rung_find_what_they_were_promised(house: Studio) -> None:
    units = retimed(read_units(make_flv(192, 108, seconds=32, gop=60, b_frames=2)), jittered(15))
    followers = await followed(house, RENDITIONS, units)
    check_renditions_agree(followers)
    for name, follower in followers.items():
        assert follower.merged >= 1
        assert follower.hints_kept >= 10
        assert len(follower.whole_segments) >= 6
        assert not any(segment.gap for segment in follower.watch.segments.values())
        assert follower.reports_kept >= (0 if name == "audio" else 3)


async def test_players_stay_through_a_drop_and_see_it_in_the_dates_alone(house: Studio) -> None:
    units = read_units(make_flv(192, 108, seconds=6))
    followers = await followed(house, RENDITIONS, units, units, pause_seconds=1)
    check_renditions_agree(followers)
    segments = followers["source"].watch.segments
    (second,) = [msn for msn, segment in segments.items() if segment.discontinuity]
    before, after = segments[second - 1], segments[second]
    assert before.date is not None
    assert after.date is not None
    assert (after.date - before.date).total_seconds() >= before.duration
    for follower in followers.values():
        assert [msn for msn, one in follower.watch.segments.items() if one.discontinuity] == [second]


@pytest.mark.parametrize("b_frames", [0, 2])
async def test_parts_of_a_source_with_rare_keyframes_tell_the_truth_about_them(
    house: Studio, b_frames: int
) -> None:
    units = read_units(make_flv(192, 108, seconds=18, gop=249, b_frames=b_frames))
    followers = await followed(house, (*RENDITIONS, STAND_IN.name), units)
    check_renditions_agree(followers)
    for follower in followers.values():
        assert follower.watch.last is not None
        assert not any(segment.gap for segment in follower.watch.segments.values())
        says_so = "EXT-X-INDEPENDENT-SEGMENTS" in follower.watch.last.tags
        assert says_so == (follower.rendition != "source")


@pytest.mark.parametrize("b_frames", [0, 2])
async def test_players_hear_on_while_the_picture_stands_still(house: Studio, b_frames: int) -> None:
    film = make_flv(192, 108, seconds=10, gop=15, b_frames=b_frames)
    units = retimed(read_units(film), lambda samples: samples[:60] + samples[210:])
    followers = await followed(house, RENDITIONS, units)
    check_renditions_agree(followers)
    for follower in followers.values():
        assert not any(segment.gap for segment in follower.watch.segments.values())
        assert follower.hints_kept >= 1
