"""One stay of an encoder: from RTMP messages to segments, whatever the encoder does."""

from dataclasses import replace

import pytest

from core.clock import ManualClock
from streaming.publication import Publication
from streaming.rtmp.gate import MessageKind
from streaming.samples import AudioConfig, AudioSample, MediaUnit, VideoConfig, VideoSample
from tests.support.air import BareAir, SilentConnection, decoded, publication_on, push
from tests.support.media import make_flv, read_units
from tests.support.part_rules import check_part_rules
from tests.support.timings import shifted

pytestmark = pytest.mark.ffmpeg


async def aired(units: list[MediaUnit]) -> BareAir:
    air = BareAir()
    publishing = publication_on(air)
    await push(publishing, units)
    await publishing.closed("the end")
    assert publishing.total_received() == pytest.approx(
        sum(part.duration for part in air.sinks["source"].parts) / 90_000
    )
    return air


async def test_every_picture_and_sound_of_a_publication_is_packaged() -> None:
    units = read_units(make_flv(seconds=6, b_frames=2))
    air = await aired(units)
    times = decoded(air.sinks["source"])
    assert len(times["video"]) == sum(isinstance(unit, VideoSample) for unit in units) == 180
    assert times["video"] == sorted(times["video"])
    assert len(times["audio"]) >= 250
    assert decoded(air.sinks["audio"])["audio"] == pytest.approx(times["audio"])
    source, audio = air.sinks["source"].segments, air.sinks["audio"].segments
    assert [(s.head.msn, s.head.start, s.end) for s in source] == [
        (s.head.msn, s.head.start, s.end) for s in audio
    ]


async def test_media_before_the_first_keyframe_is_left_out() -> None:
    units = read_units(make_flv(seconds=6))
    first = next(n for n, unit in enumerate(units) if isinstance(unit, VideoSample))
    air = await aired(units[:first] + units[first + 1 :])
    assert len(decoded(air.sinks["source"])["video"]) == 150


async def test_pictures_alone_go_on_the_air_after_half_a_second() -> None:
    air = await aired(read_units(make_flv(seconds=4, audio=False)))
    assert set(air.sinks) == {"source"}
    assert len(decoded(air.sinks["source"])["video"]) == 120


async def test_sound_alone_goes_on_the_air_after_half_a_second() -> None:
    units = read_units(make_flv(seconds=6, video=False))
    air = await aired(units)
    assert len(decoded(air.sinks["source"])["audio"]) == sum(isinstance(unit, AudioSample) for unit in units)
    assert [s.head.start for s in air.sinks["source"].segments] == [
        s.head.start for s in air.sinks["audio"].segments
    ]
    assert len(air.sinks["source"].segments) == 3


async def test_sound_that_comes_late_begins_another_run_behind_a_discontinuity() -> None:
    units = read_units(make_flv(seconds=6))
    late: list[MediaUnit] = []
    for unit in units:
        if not isinstance(unit, (AudioConfig, AudioSample)):
            late.append(unit)
        elif isinstance(unit, AudioSample) and unit.pts_ms > 2500:
            if not any(isinstance(kept, AudioConfig) for kept in late):
                late.append(next(kept for kept in units if isinstance(kept, AudioConfig)))
            late.append(unit)
    air = await aired(late)
    source = air.sinks["source"]
    assert [init.codecs for init in source.inits] == ["avc1.42c00d", "avc1.42c00d,mp4a.40.2"]
    assert [segment.head.discontinuity for segment in source.segments].count(True) == 1
    assert sum(len(part.data) > 0 for part in source.parts) == len(source.parts)


async def test_a_change_of_the_picture_size_in_mid_stream_begins_another_run() -> None:
    small, large = read_units(make_flv(seconds=3)), read_units(make_flv(480, 270, seconds=3))
    air = await aired(small + shifted(large, 3000))
    source = air.sinks["source"]
    assert [(init.width, init.height) for init in source.inits] == [(320, 180), (480, 270)]
    assert [segment.head.discontinuity for segment in source.segments].count(True) == 1
    assert source.segments[-1].end == pytest.approx(6 * 90_000, abs=9_000)


@pytest.mark.parametrize("jump", [11_000, 3_600_000, -2_500])
async def test_a_jump_of_the_clock_begins_another_run_without_a_hole(jump: int) -> None:
    units = read_units(make_flv(seconds=3))
    again = shifted([unit for unit in units if not isinstance(unit, (VideoConfig, AudioConfig))], 3000 + jump)
    air = await aired(units + again)
    source = air.sinks["source"]
    assert [segment.head.discontinuity for segment in source.segments].count(True) == 1
    for before, after in zip(source.segments, source.segments[1:], strict=False):
        assert after.head.start == before.end
    assert len(decoded(source)["video"]) == 180


async def test_steps_back_of_less_than_a_second_are_mended() -> None:
    units = read_units(make_flv(seconds=3))
    stuttering = [
        replace(unit, dts_ms=unit.dts_ms - 80, pts_ms=unit.pts_ms - 80)
        if isinstance(unit, VideoSample) and unit.dts_ms in (1000, 1500)
        else unit
        for unit in units
    ]
    air = await aired(stuttering)
    assert len(air.runs) == 1
    assert len(decoded(air.sinks["source"])["video"]) == 90


@pytest.mark.parametrize("pause", [200, 500, 1500, 4000, 9000])
@pytest.mark.parametrize("sound", [True, False])
async def test_a_pause_of_the_picture_leaves_no_hole_and_no_segment_too_long(pause: int, sound: bool) -> None:
    units = read_units(make_flv(seconds=14, audio=sound))
    paused: list[MediaUnit] = []
    for unit in units:
        if isinstance(unit, VideoSample) and unit.dts_ms > 1700:
            if unit.dts_ms < 1700 + pause and sound:
                continue  # the sound goes on meanwhile
            if not sound:
                unit = replace(unit, dts_ms=unit.dts_ms + pause, pts_ms=unit.pts_ms + pause)
        paused.append(unit)
    source = (await aired(paused)).sinks["source"]
    check_part_rules(source)
    assert all(
        segment.end is not None and segment.end - segment.head.start < 4.5 * 90_000
        for segment in source.segments
    )
    assert not any(segment.head.gap for segment in source.segments)
    assert len(decoded(source)["video"]) == sum(isinstance(unit, VideoSample) for unit in paused)


async def test_a_repeated_configuration_changes_nothing() -> None:
    units = read_units(make_flv(seconds=3))
    config = next(unit for unit in units if isinstance(unit, VideoConfig))
    air = await aired([*units[:50], config, *units[50:]])
    assert len(air.runs) == 1


async def test_half_a_second_of_media_is_kept() -> None:
    units = [unit for unit in read_units(make_flv(seconds=1)) if not isinstance(unit, AudioConfig)]
    air = await aired([unit for unit in units if not isinstance(unit, VideoSample) or unit.dts_ms < 300])
    assert len(decoded(air.sinks["source"])["video"]) == 9


async def test_an_encoder_that_sends_nothing_never_goes_on_the_air() -> None:
    air = BareAir()
    publishing = publication_on(air)
    await push(publishing, read_units(make_flv(seconds=1))[:2])
    await publishing.closed("left")
    assert air.runs == []
    assert publishing.total_received() == 0


async def test_broken_messages_are_counted_and_harm_nothing() -> None:
    units = read_units(make_flv(seconds=3))
    air = BareAir()
    publishing = publication_on(air)
    await publishing.media(MessageKind.AUDIO, 0, b"\xaf\x00")  # an empty AAC configuration
    await publishing.media(MessageKind.VIDEO, 0, b"\x17")
    await push(publishing, units[:100])
    await publishing.media(MessageKind.VIDEO, 5, bytes(range(40)))
    await push(publishing, units[100:])
    await publishing.closed("the end")
    assert publishing.problems >= 2
    assert publishing.last_problem
    assert len(decoded(air.sinks["source"])["video"]) == 90


async def test_a_lecture_that_is_over_takes_nothing() -> None:
    air = BareAir()
    air.takes_publications = False
    publishing = publication_on(air)
    await push(publishing, read_units(make_flv(seconds=1)))
    assert publishing.is_over
    await publishing.closed("refused")
    assert air.left == ["refused"]


async def test_dates_follow_the_promptest_arrival() -> None:
    air = await aired(read_units(make_flv(seconds=3)))
    segments = air.sinks["source"].segments
    begins = ManualClock().now().timestamp()
    first = segments[0].head.program_date_time
    # everything arrived at one moment: the last sound before the first part sets the date
    assert begins - 1.0 < first <= begins
    assert segments[1].head.program_date_time == pytest.approx(first + 2.0, abs=0.001)


async def test_the_bit_rate_is_that_of_the_last_seconds() -> None:
    clock = ManualClock()
    publishing = Publication(
        BareAir(),
        clock,
        ordinal=1,
        connection=SilentConnection(),
        encoder="test",
        key_version=1,
        ahead_seconds=3600,
    )
    assert publishing.bits_per_second() is None
    for kilobytes in (1, 10, 10, 10, 10, 10):
        for _ in range(10):
            await publishing.media(MessageKind.DATA, 0, bytes(kilobytes * 100))
            clock.advance(0.1)
    clock.advance(0.01)
    assert publishing.bits_per_second() == pytest.approx(80_000)


async def test_a_codec_that_cannot_be_played_is_sent_away_with_what_to_set() -> None:
    connection = SilentConnection()
    publishing = Publication(
        BareAir(),
        ManualClock(),
        ordinal=1,
        connection=connection,
        encoder="test",
        key_version=1,
        ahead_seconds=3600,
    )
    await publishing.media(MessageKind.VIDEO, 0, b"\x90av01" + bytes(8))
    [(code, description)] = connection.closed_with
    assert code == "NetStream.Publish.Failed"
    assert "H.264" in description
