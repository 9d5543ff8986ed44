import os
from pathlib import Path

import pytest

from streaming import ffmpeg as module
from streaming.ffmpeg import Capabilities, ffmpeg_path, find_capabilities
from streaming.ladder_command import VideoEncoder
from streaming.samples import VideoCodec

pytestmark = pytest.mark.ffmpeg


def script(path: Path, text: str) -> Path:
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return path


async def test_the_bundled_program_encodes_from_both_codecs() -> None:
    found = await find_capabilities()
    assert VideoEncoder.X264 in found.encoders
    assert found.can_encode_from(VideoCodec.H264)
    assert found.can_encode_from(VideoCodec.HEVC)
    assert found.program.encoder is found.encoders[0]
    assert found.capacity().cores == found.cores > 0


async def test_another_program_is_used_when_a_setting_names_it(tmp_path: Path) -> None:
    other = script(tmp_path / "other", f'exec {ffmpeg_path()} "$@"\n')
    found = await find_capabilities(other)
    assert found.path == str(other)
    assert found.can_encode_from(VideoCodec.H264)


@pytest.mark.parametrize(
    "text", ["exit 0\n", "exit 1\n", "cat > /dev/null\n", "head -c 100000 /dev/zero >&2\n"]
)
async def test_a_program_that_is_no_ffmpeg_does_not_pass(tmp_path: Path, text: str) -> None:
    found = await find_capabilities(script(tmp_path / "ffmpeg", text))
    assert found.encoders == ()
    assert not found.can_encode_from(VideoCodec.H264)
    assert not found.capacity().encodes
    with pytest.raises(LookupError):
        _ = found.program


async def test_a_program_that_loses_pictures_does_not_pass(tmp_path: Path) -> None:
    """Half the pictures at half the rate: every list of encoders would call this one good."""
    lossy = f"exec {ffmpeg_path()} $(echo \"$@\" | sed 's/scale=/fps=12,scale=/')\n"
    found = await find_capabilities(script(tmp_path / "ffmpeg", lossy))
    assert found.encoders == ()


async def test_a_missing_program_is_no_error(tmp_path: Path) -> None:
    found = await find_capabilities(tmp_path / "nothing")
    assert (found.encoders, found.sources) == ((), frozenset())


async def test_one_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TRIAL_SECONDS", 0.3)
    found = await find_capabilities(script(tmp_path / "ffmpeg", "exec sleep 1000\n"))
    assert found.encoders == ()


def test_hardware_comes_before_the_processor() -> None:
    found = Capabilities("ffmpeg", (VideoEncoder.NVENC, VideoEncoder.X264), frozenset(VideoCodec), 2.0)
    assert found.program.encoder is VideoEncoder.NVENC
    assert found.capacity(busy_cores=0.5).hardware
    assert found.capacity(busy_cores=0.5).cores == 1.5
    assert found.capacity(busy_cores=9).cores == 0.0
    assert list(VideoEncoder)[-1] is VideoEncoder.X264


@pytest.mark.parametrize(("limit", "expected"), [("150000 100000", 1.5), ("max 100000", None), ("", None)])
async def test_a_container_limit_counts_as_cores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, expected: float | None
) -> None:
    file = tmp_path / "cpu.max"
    file.write_text(limit)
    monkeypatch.setattr(module, "_CGROUP_LIMIT", file)
    found = await find_capabilities(tmp_path / "nothing")
    allowed = float(len(os.sched_getaffinity(0)))
    assert found.cores == (allowed if expected is None else min(expected, allowed))
