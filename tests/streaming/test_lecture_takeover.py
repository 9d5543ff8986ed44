"""Who is on the air when two encoders have the key of one lecture."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.clock import ManualClock
from schedules.states import AirState
from streaming.rtmp.gate import PublishRefused
from streaming.samples import MediaUnit, VideoSample
from tests.support.lectures import Hall, hall
from tests.support.media import make_flv, read_units
from tests.support.timings import shifted

pytestmark = pytest.mark.ffmpeg

FIRST, SECOND, THIRD = "10.0.0.1:50001", "10.0.0.2:50002", "10.0.0.3:50003"
BAD_NAME = "NetStream.Publish.BadName"


def film() -> list[MediaUnit]:
    return read_units(make_flv(seconds=4))


def first_keyframe(units: list[MediaUnit]) -> int:
    """Its place, behind the configurations."""
    return next(at for at, unit in enumerate(units) if isinstance(unit, VideoSample))


def going_on() -> list[MediaUnit]:
    """What follows the film, four seconds later."""
    units = film()
    return shifted(units[first_keyframe(units) :], 4_000)


@pytest.fixture
async def stage(tmp_path: Path, clock: ManualClock) -> AsyncIterator[Hall]:
    async with hall(tmp_path, clock) as opened:
        yield opened


async def test_the_newer_encoder_goes_on_the_air_at_its_first_keyframe_and_the_older_stays_till_then(
    stage: Hall,
) -> None:
    first = stage.connect(FIRST)
    await first.send(film())
    second = stage.connect(SECOND)
    units = film()
    keyframe = first_keyframe(units)
    await second.send([unit for at, unit in enumerate(units) if at != keyframe][:40])
    assert stage.lecture.on_air is first.publication
    await first.send(going_on())
    await second.send(units[keyframe:])
    assert stage.lecture.on_air is second.publication
    await stage.lecture.end("over")
    assert first.codes == [BAD_NAME]
    assert stage.told.ended[0] == (1, f"taken over by {SECOND}")
    assert stage.told.states == [AirState.LIVE, AirState.ENDED]
    recording = await stage.recording()
    assert len(recording.times("source")) == 3 * 120
    assert [one.discontinuity for one in recording.playlists["source"].segments].count(True) == 1


async def test_what_the_older_encoder_sends_after_it_was_replaced_goes_nowhere(stage: Hall) -> None:
    first, second = stage.connect(FIRST), stage.connect(SECOND)
    await first.send(film())
    await second.send(film())
    await first.send(going_on())
    await stage.lecture.end("over")
    assert len((await stage.recording()).times("source")) == 240


async def test_an_encoder_that_is_sending_is_taken_over_once_and_then_left_in_peace(
    stage: Hall, clock: ManualClock
) -> None:
    await stage.connect(FIRST).send(film())
    second = stage.connect(SECOND)
    await second.send(film())
    clock.advance(58)
    await second.send(going_on())
    clock.advance(1.9)
    with pytest.raises(PublishRefused, match=f"another encoder \\({SECOND}\\) is on the air") as refused:
        stage.connect(THIRD)
    assert refused.value.code == BAD_NAME
    assert stage.lecture.contenders == [THIRD]
    clock.advance(0.1)  # sixty seconds after the takeover
    third = stage.connect(THIRD)
    await third.send(film())
    assert stage.lecture.on_air is third.publication
    clock.advance(60)
    assert stage.lecture.contenders == []


async def test_an_encoder_that_has_fallen_silent_is_replaced_at_once_and_as_often_as_needed(
    stage: Hall, clock: ManualClock
) -> None:
    for peer in (FIRST, SECOND, THIRD):
        encoder = stage.connect(peer)
        await encoder.send(film())
        assert stage.lecture.on_air is encoder.publication
        clock.advance(2)
    assert stage.lecture.contenders == []
    assert stage.discontinuities.count(True) == 2


async def test_the_place_of_an_encoder_that_has_left_is_free_whatever_the_hold_says(stage: Hall) -> None:
    await stage.connect(FIRST).send(film())
    second = stage.connect(SECOND)
    await second.send(film())
    await second.connection.hang_up()
    third = stage.connect(THIRD)
    await third.send(film())
    assert stage.lecture.on_air is third.publication


async def test_a_newcomer_that_leaves_without_a_picture_disturbs_nobody(stage: Hall) -> None:
    first = stage.connect(FIRST)
    await first.send(film())
    newcomer = stage.connect(SECOND)
    await newcomer.connection.hang_up()
    await first.send(going_on())
    assert stage.lecture.on_air is first.publication
    assert stage.told.ended == []
    await stage.lecture.end("over")
    assert len((await stage.recording()).times("source")) == 240


async def test_a_newcomer_whose_key_was_replaced_before_its_first_keyframe_never_goes_on_the_air(
    stage: Hall,
) -> None:
    first, newcomer = stage.connect(FIRST), stage.connect(SECOND)
    await first.send(film())
    first.publication.key_version = 2  # it has connected with the new key
    stage.lecture.revoke(2)
    await newcomer.send(film())
    assert stage.lecture.on_air is first.publication
    assert stage.told.began == [1]
    assert newcomer.publication.is_over
