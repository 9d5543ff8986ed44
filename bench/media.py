"""Pictures and clips that the publishers push, made once by the pinned ffmpeg and kept between runs."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

from bench.process import outcome

WIDTH, HEIGHT, RATE = 1280, 720, 30
FRAME_BYTES = WIDTH * HEIGHT * 3 // 2
CACHED_FRAMES = 60
# 64 s hold a whole number of AAC frames at 48 kHz (3000) and of GOPs, so that a loop of it has no seam.
CLIP_SECONDS = 64


def ffmpeg() -> str:
    """The pinned ffmpeg, for publishers and peers alike."""
    path: str = imageio_ffmpeg.get_ffmpeg_exe()  # type: ignore[attr-defined, no-untyped-call]
    return path


def cache_folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"weiketang-bench-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


async def _made(name: str, arguments: list[str]) -> Path:
    """The file these arguments make, made at the first call; the name carries a digest of the arguments."""
    stem, _, suffix = name.rpartition(".")
    digest = hashlib.sha256("\0".join(arguments).encode()).hexdigest()[:8]
    path = cache_folder() / f"{stem}-{digest}.{suffix}"
    if not path.exists():
        unfinished = path.with_name(f"unfinished-{os.getpid()}-{path.name}")
        await outcome([ffmpeg(), "-hide_banner", "-loglevel", "error", "-y", *arguments, str(unfinished)])
        unfinished.rename(path)
    return path


async def raw_frames() -> Path:
    """CACHED_FRAMES frames of testsrc2, planar 4:2:0, one after another, to be stamped and looped."""
    picture = f"testsrc2=size={WIDTH}x{HEIGHT}:rate={RATE}"
    return await _made(
        "frames.yuv",
        [
            "-f",
            "lavfi",
            "-i",
            picture,
            "-frames:v",
            str(CACHED_FRAMES),
            "-f",
            "rawvideo",
            "-pix_fmt",
            "yuv420p",
        ],
    )


@dataclass(frozen=True, slots=True)
class Clip:
    """A ready-made file: seconds long, frames pictures, keyframes every gop_seconds."""

    path: Path
    seconds: float
    frames: int


async def clip(*, gop_seconds: int = 2, video_kilobits: int = 1870) -> Clip:
    """720p30 H.264 + AAC of CLIP_SECONDS; with the sound, a 2 s segment of the default rate is 500 KB."""
    rate = f"{video_kilobits}k"
    picture = f"testsrc2=size={WIDTH}x{HEIGHT}:rate={RATE},noise=alls=24:allf=t,format=yuv420p"
    path = await _made(
        "clip.mp4",
        [
            *("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"),
            *("-t", str(CLIP_SECONDS), "-c:v", "libx264", "-preset", "superfast", "-tune", "zerolatency"),
            *("-b:v", rate, "-maxrate", rate, "-bufsize", f"{video_kilobits // 2}k"),
            *("-g", str(RATE * gop_seconds), "-sc_threshold", "0", "-c:a", "aac", "-b:a", "128k", "-ac", "2"),
        ],
    )  # fmt: skip
    return Clip(path, CLIP_SECONDS, CLIP_SECONDS * RATE)
