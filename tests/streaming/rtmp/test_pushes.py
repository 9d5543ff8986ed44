"""Real encoders against the real port: imageio-ffmpeg's and, where there is one, Debian's."""

import asyncio
from pathlib import Path

import pytest

from streaming.flv_messages import parse_audio, parse_video
from streaming.rtmp.gate import MessageKind
from streaming.samples import AudioSample, MediaUnit, VideoSample
from tests.support.media import FFMPEG, make_flv, read_units
from tests.support.rtmp import GOOD_KEY, KeepingSink, KeyGate, rtmp_server

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
