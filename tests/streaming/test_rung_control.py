"""What becomes of the rungs when there is no encoder to be had."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from core.clock import SystemClock
from streaming import rungs as rungs_module
from streaming.ffmpeg import Capabilities, ffmpeg_path
from streaming.ladder_command import VideoEncoder
from streaming.run import Run
from streaming.rungs import EncodingCapacity, RungControl
from streaming.samples import VideoCodec
from streaming.tracks import SourceTracks, VideoSource
from streaming.trial_clip import trial_clip
from tests.support.stage import live_stage, stage_settings
from tests.support.until import until

pytestmark = pytest.mark.ffmpeg


@pytest.fixture(autouse=True)
def _directly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without `nice` in front, a program that is not there cannot even be started."""
    monkeypatch.setattr(rungs_module, "RESTART_SECONDS", 0.01)
    monkeypatch.setattr("streaming.ladder_command.shutil.which", lambda name: None)


def large_h264() -> Run:
    """A run of an H.264 source that is large enough for a rung at 480p; the pictures themselves do not matter."""
    small = VideoSource.of(trial_clip(VideoCodec.H264, 0)[0])
    large = SimpleNamespace(config=small.config, info=SimpleNamespace(width=1280, height=720, fps=25.0))
    attached: list[list[str]] = []
    run = SimpleNamespace(
        tracks=SourceTracks(cast("VideoSource", large), None),
        grid_frames=50,
        attached=attached,
        attach=lambda encoder, names: attached.append(names),
        detach=lambda encoder: attached.clear(),
    )
    return cast("Run", run)


async def test_an_encoder_that_cannot_be_started_is_tried_again_and_then_its_rung_is_given_up(
    tmp_path: Path,
) -> None:
    nothing = Capabilities(
        str(tmp_path / "no-ffmpeg"), (VideoEncoder.X264,), frozenset({VideoCodec.H264}), 16.0
    )
    async with live_stage(tmp_path, ["source"]) as stage:
        settings = stage_settings(tmp_path, ladder="480p")
        control = RungControl(stage.media, EncodingCapacity(nothing), settings, SystemClock())
        stage.feeder.segment()
        await control.start(large_h264())
        assert control.names == ["480p"]
        await until(lambda: stage.media.renditions["480p"].is_shed)
        await control.stop()
        text = stage.media.live_multivariant() or ""
        assert "source.m3u8" in text
        assert "480p.m3u8" not in text


async def test_an_encoder_that_could_not_be_started_once_makes_its_rung_after_all(
    tmp_path: Path,
) -> None:
    program = tmp_path / "ffmpeg"
    capabilities = Capabilities(str(program), (VideoEncoder.X264,), frozenset({VideoCodec.H264}), 16.0)
    async with live_stage(tmp_path, ["source"]) as stage:
        settings = stage_settings(tmp_path, ladder="480p")
        control = RungControl(stage.media, EncodingCapacity(capabilities), settings, SystemClock())
        run = large_h264()
        await control.start(run)
        program.symlink_to(ffmpeg_path())
        await until(lambda: bool(cast("SimpleNamespace", run).attached))
        making = control._makings[0]
        await control.stop()
        assert making.encoder is not None
        await making.encoder.kill()
        assert not stage.media.renditions["480p"].is_shed
