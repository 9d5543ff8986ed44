"""Real test material: small FLV files made by ffmpeg once per test session, and the units inside files."""

import atexit
import functools
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import imageio_ffmpeg

from streaming.flv import FlvReader, audio_tag, header, video_tag
from streaming.samples import AudioConfig, AudioSample, MediaUnit, VideoCodec, VideoConfig, VideoSample

FFMPEG: str = imageio_ffmpeg.get_ffmpeg_exe()  # type: ignore[attr-defined, no-untyped-call]


@functools.cache
def media_directory() -> Path:
    """A folder for material, removed when the session ends."""
    directory = Path(tempfile.mkdtemp(prefix="weiketang-media-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    return directory


def run_ffmpeg(*arguments: str, timeout: float = 120) -> None:
    """Run ffmpeg quietly; a failure raises with its last words."""
    command = [FFMPEG, "-nostdin", "-v", "error", "-y", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    if done.returncode:
        raise RuntimeError(f"ffmpeg failed: {done.stderr[-800:]}")


@functools.cache
def make_flv(
    width: int = 320,
    height: int = 180,
    fps: str = "30",
    seconds: float = 6,
    gop: int = 30,
    b_frames: int = 0,
    audio: bool = True,
    codec: Literal["h264", "hevc"] = "h264",
    video: bool = True,
    bitrate: str = "200k",
    keyframes_at: tuple[float, ...] = (),
) -> Path:
    """A file of moving test picture and tone. fps may be a fraction (`30000/1001`); gop in frames.

    keyframes_at: seconds at which there are further keyframes.
    """
    values = (codec, width, height, fps, seconds, gop, b_frames, audio, video, bitrate, *keyframes_at)
    path = media_directory() / ("-".join(map(str, values)).replace("/", "_") + ".flv")
    arguments: list[str] = []
    if video:
        arguments += ["-f", "lavfi", "-i", f"testsrc2=size={width}x{height}:rate={fps}"]
    if audio:
        arguments += ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100"]
    arguments += ["-t", str(seconds)]
    if video:
        arguments += ["-pix_fmt", "yuv420p", "-g", str(gop), "-bf", str(b_frames), "-b:v", bitrate]
        if keyframes_at:
            arguments += ["-force_key_frames", ",".join(map(str, keyframes_at))]
        if codec == "h264":
            arguments += ["-c:v", "libx264", "-preset", "ultrafast", "-sc_threshold", "0"]
        else:
            options = f"log-level=none:scenecut=0:keyint={gop}:min-keyint={gop}:open-gop=0"
            arguments += ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", options]
    if audio:
        arguments += ["-c:a", "aac", "-b:a", "64k"]
    run_ffmpeg(*arguments, "-f", "flv", str(path))
    return path


def read_units(path: Path) -> list[MediaUnit]:
    """All configurations and samples of an FLV file, in file order."""
    return FlvReader().feed(path.read_bytes())


def write_units(path: Path, units: Iterable[MediaUnit]) -> Path:
    """Write units as an FLV file; a configuration gets the time of the sample before it."""
    now = 0
    codec = VideoCodec.H264
    with path.open("wb") as file:
        file.write(header(video=True, audio=True))
        for unit in units:
            match unit:
                case VideoConfig():
                    codec = unit.codec
                    file.write(video_tag(unit, timestamp_ms=now))
                case VideoSample():
                    now = unit.dts_ms
                    file.write(video_tag(unit, codec=codec))
                case AudioConfig():
                    file.write(audio_tag(unit, timestamp_ms=now))
                case AudioSample():
                    now = unit.pts_ms
                    file.write(audio_tag(unit))
    return path


def video_samples(units: Iterable[MediaUnit]) -> list[VideoSample]:
    return [unit for unit in units if isinstance(unit, VideoSample)]


def video_config(units: Iterable[MediaUnit]) -> VideoConfig:
    return next(unit for unit in units if isinstance(unit, VideoConfig))


def audio_config(units: Iterable[MediaUnit]) -> AudioConfig:
    return next(unit for unit in units if isinstance(unit, AudioConfig))
