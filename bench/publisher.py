"""The publishers: a live encoder whose pictures carry their time, and a push of a ready-made file."""

import fcntl
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.media import HEIGHT, RATE, WIDTH, Clip, ffmpeg, raw_frames
from bench.process import Child, running

# Room for one raw frame, so that pushing it does not wait on the reader's pace.
PIPE_BYTES = 1 << 20
QUIET = ("-hide_banner", "-nostdin", "-loglevel", "warning")


def encoder_arguments(url: str, *, gop_seconds: int) -> list[str]:
    """ffmpeg from raw frames on stdin to RTMP: x264 superfast zerolatency 2 Mbit/s, AAC 128 kbit/s sine."""
    return [
        *(ffmpeg(), *QUIET, "-probesize", "32", "-analyzeduration", "0"),
        *(
            "-f",
            "rawvideo",
            "-pix_fmt",
            "yuv420p",
            "-video_size",
            f"{WIDTH}x{HEIGHT}",
            "-framerate",
            str(RATE),
        ),
        *("-i", "pipe:0", "-re", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"),
        *("-c:v", "libx264", "-preset", "superfast", "-tune", "zerolatency", "-b:v", "2M", "-maxrate", "2M"),
        *("-bufsize", "2M", "-g", str(RATE * gop_seconds), "-sc_threshold", "0"),
        *("-c:a", "aac", "-b:a", "128k", "-f", "flv", "-flvflags", "no_duration_filesize", url),
    ]


@asynccontextmanager
async def live_encoder(url: str, *, gop_seconds: int, folder: Path) -> AsyncIterator[Child]:
    """Stamped pictures, encoded as they come, to an RTMP address for the length of the block."""
    frames = await raw_frames()
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    with os.fdopen(reading, "rb") as source, os.fdopen(writing, "wb") as sink:
        arguments = encoder_arguments(url, gop_seconds=gop_seconds)
        async with running(arguments, log=folder / "publisher.log", stdin=source) as encoder:
            source.close()
            stamper = [sys.executable, "-m", "bench.stamper", str(frames)]
            async with running(stamper, log=folder / "stamper.log", stdout=sink):
                sink.close()
                yield encoder


@asynccontextmanager
async def file_push(url: str, clip: Clip, *, folder: Path, loop: bool = True) -> AsyncIterator[Child]:
    """A ready-made file, copied at its own pace to an RTMP address; over and over unless loop is False."""
    arguments = [
        *(ffmpeg(), *QUIET, *(("-stream_loop", "-1") if loop else ()), "-re", "-i", str(clip.path)),
        *("-c", "copy", "-f", "flv", "-flvflags", "no_duration_filesize", url),
    ]
    async with running(arguments, log=folder / "publisher.log") as publisher:
        yield publisher
