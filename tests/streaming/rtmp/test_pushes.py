"""Real encoders against the real port: imageio-ffmpeg's and, where there is one, Debian's."""

import asyncio
from pathlib import Path

import pytest

from streaming.flv_messages import parse_audio, parse_video
from streaming.rtmp.gate import MessageKind
from streaming.samples import AudioSample, MediaUnit, VideoCodec, VideoConfig, VideoSample
from tests.support import librtmp
from tests.support.media import FFMPEG, make_flv, media_directory, read_units, run_ffmpeg
from tests.support.rtmp import GOOD_KEY, WRONG_KEY, KeepingSink, KeyGate, rtmp_server

DEBIANS = Path("/usr/bin/ffmpeg")
FFMPEGS = [pytest.param(FFMPEG, id="pinned")]
if DEBIANS.exists():
    FFMPEGS.append(pytest.param(str(DEBIANS), id="debian"))

pytestmark = pytest.mark.ffmpeg


async def _push(ffmpeg: str, url: str, source: Path, *options: str) -> tuple[int, str]:
    """Push a ready-made file as fast as it is taken; exit code and what ffmpeg had to say."""
    process = await asyncio.create_subprocess_exec(
        ffmpeg, "-nostdin", "-v", "error", "-i", str(source), "-c", "copy", *options, "-f", "flv", url,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(60):
        _, said = await process.communicate()
    return process.returncode or 0, said.decode()


async def _pushed(ffmpeg: str, source: Path, *options: str) -> KeepingSink:
    gate = KeyGate()
    async with rtmp_server(gate) as server:
        code, said = await _push(ffmpeg, f"rtmp://127.0.0.1:{server.port}/live/{GOOD_KEY}", source, *options)
        assert code == 0, said
        (sink,) = gate.sinks
        assert "the encoder" in await sink.over()
    return sink


def _units(sink: KeepingSink) -> list[MediaUnit]:
    units: list[MediaUnit] = []
    for message in sink.received:
        if message.kind is not MessageKind.DATA:
            parse = parse_video if message.kind is MessageKind.VIDEO else parse_audio
            units += parse(message.timestamp_ms, message.payload)
    return units


def _pictures(units: list[MediaUnit]) -> list[VideoSample]:
    return [unit for unit in units if isinstance(unit, VideoSample)]


def _sound(units: list[MediaUnit]) -> list[AudioSample]:
    return [unit for unit in units if isinstance(unit, AudioSample)]


@pytest.mark.parametrize("ffmpeg", FFMPEGS)
async def test_a_real_push_arrives_bit_for_bit(ffmpeg: str) -> None:
    source = make_flv(seconds=3, b_frames=2)
    sent, got = read_units(source), _units(await _pushed(ffmpeg, source))
    assert [(p.data, p.keyframe) for p in _pictures(got)] == [(p.data, p.keyframe) for p in _pictures(sent)]
    assert [s.data for s in _sound(got)] == [s.data for s in _sound(sent)]
    times = [p.dts_ms for p in _pictures(sent)]
    assert [p.dts_ms - _pictures(got)[0].dts_ms for p in _pictures(got)] == [t - times[0] for t in times]


@pytest.mark.parametrize("ffmpeg", FFMPEGS)
async def test_times_beyond_24_bits_arrive_as_sent(ffmpeg: str) -> None:
    # ffmpeg takes its times from here on as 32-bit fields, repeated on every further chunk of a message.
    source = make_flv(seconds=3, bitrate="2000k", audio=False)
    sent = _pictures(read_units(source))
    assert max(len(p.data) for p in sent) > 2 * 4096  # ffmpeg's chunk size: some pictures take several
    got = _pictures(_units(await _pushed(ffmpeg, source, "-output_ts_offset", "16780")))
    assert [p.data for p in got] == [p.data for p in sent]
    assert [p.dts_ms for p in got] == [16_780_000 + p.dts_ms for p in sent]


async def test_hevc_arrives_by_enhanced_rtmp() -> None:
    source = make_flv(seconds=2, codec="hevc")
    sent, got = read_units(source), _units(await _pushed(FFMPEG, source))
    assert [unit.codec for unit in got if isinstance(unit, VideoConfig)] == [VideoCodec.HEVC]
    assert [(p.data, p.keyframe) for p in _pictures(got)] == [(p.data, p.keyframe) for p in _pictures(sent)]
    assert len(_sound(got)) == len(_sound(sent)) > 0


@pytest.mark.parametrize("missing", ["audio", "video"])
async def test_one_track_alone_arrives(missing: str) -> None:
    source = make_flv(seconds=2, audio=missing != "audio", video=missing != "video")
    sent, got = read_units(source), _units(await _pushed(FFMPEG, source))
    assert [p.data for p in _pictures(got)] == [p.data for p in _pictures(sent)]
    assert [s.data for s in _sound(got)] == [s.data for s in _sound(sent)]
    assert bool(_pictures(got)) is (missing == "audio")


@pytest.mark.parametrize("path", [GOOD_KEY, f"live/room/{GOOD_KEY}?from=hall", f"live?key={GOOD_KEY}"])
async def test_the_key_is_found_in_any_path_ffmpeg_is_given(path: str) -> None:
    gate = KeyGate()
    async with rtmp_server(gate) as server:
        code, said = await _push(FFMPEG, f"rtmp://127.0.0.1:{server.port}/{path}", make_flv(seconds=1))
    assert code == 0, said
    assert [request.key for request in gate.requests] == [GOOD_KEY]


@pytest.mark.parametrize("ffmpeg", FFMPEGS)
async def test_ffmpeg_gives_up_when_it_is_refused(ffmpeg: str) -> None:
    gate = KeyGate()
    async with rtmp_server(gate) as server:
        url = f"rtmp://127.0.0.1:{server.port}/live/{WRONG_KEY}"
        code, said = await _push(ffmpeg, url, make_flv(seconds=1))
    assert code != 0
    assert "The key is not valid" in said
    assert gate.sinks == []


if (LIBRTMP := librtmp.find()) is not None:

    @pytest.mark.parametrize("offset", [0, 16_780])
    async def test_a_push_by_librtmp_arrives_bit_for_bit(offset: int) -> None:
        # Chunks of 128 bytes to the end, commands in its own order.
        assert LIBRTMP is not None
        plain = make_flv(seconds=2, bitrate="1000k")
        moved = media_directory() / f"moved-{offset}.flv"
        run_ffmpeg("-i", str(plain), "-c", "copy", "-output_ts_offset", str(offset), str(moved))
        gate = KeyGate()
        async with rtmp_server(gate) as server:
            url = f"rtmp://127.0.0.1:{server.port}/live/{GOOD_KEY}"
            assert await asyncio.to_thread(librtmp.push, LIBRTMP, url, moved.read_bytes())
            assert "the encoder ended it" in await gate.sinks[0].over()
        sent, got = read_units(moved), _units(gate.sinks[0])
        assert _pictures(got) == _pictures(sent)
        assert _sound(got) == _sound(sent)

    async def test_librtmp_gives_up_when_it_is_refused() -> None:
        assert LIBRTMP is not None
        gate = KeyGate()
        async with rtmp_server(gate) as server:
            url = f"rtmp://127.0.0.1:{server.port}/live/{WRONG_KEY}"
            flv = make_flv(seconds=1).read_bytes()
            assert not await asyncio.to_thread(librtmp.push, LIBRTMP, url, flv)
        assert gate.sinks == []
