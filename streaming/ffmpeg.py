"""Which ffmpeg there is and what it can really do here: found out by trying, never by its version or its lists.

A trial is a lecture in small: the very command line of a ladder, a tiny clip in, and out must come every picture
at its own time, keyframes where the source has them, and the profile and level that were announced.
"""

import asyncio
import math
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import structlog

from streaming.codecs import CodecError, video_info
from streaming.encoder import Encoder, EncoderCallbacks
from streaming.encoder_queue import QueueLimits
from streaming.ladder import Capacity, Rung, SourceInfo, choose_rungs
from streaming.ladder_command import EncoderProgram, VideoEncoder
from streaming.samples import MediaUnit, VideoCodec, VideoConfig, VideoSample
from streaming.trial_clip import FRAME_MS, trial_clip

log = structlog.get_logger()

TRIAL_SECONDS = 10.0
"""How long a trial may take; a driver that hangs is not waited for any longer."""
_CGROUP_LIMIT = Path("/sys/fs/cgroup/cpu.max")


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What was found at start. path: of ffmpeg; encoders: that passed, best first; sources: that can be decoded.

    cores: those this process may use, a fraction where a container is limited so.
    """

    path: str
    encoders: tuple[VideoEncoder, ...]
    sources: frozenset[VideoCodec]
    cores: float

    def can_encode_from(self, codec: VideoCodec) -> bool:
        """Whether rungs can be made of a source in that codec."""
        return bool(self.encoders) and codec in self.sources

    def capacity(self, busy_cores: float = 0.0) -> Capacity:
        """For `choose_rungs`; busy_cores: what the ladders of other lectures take."""
        hardware = bool(self.encoders) and self.encoders[0].hardware
        return Capacity(max(self.cores - busy_cores, 0.0), hardware, encodes=bool(self.encoders))

    @property
    def program(self) -> EncoderProgram:
        """The best encoder. Raises LookupError where nothing can be encoded."""
        if not self.encoders:
            raise LookupError("no encoder passed its trial")
        return EncoderProgram(self.path, self.encoders[0], max(1, math.floor(self.cores)))


def ffmpeg_path(setting: Path | None = None) -> str:
    """The program to use: the setting's, else the one that comes with imageio-ffmpeg."""
    if setting is not None:
        return str(setting)
    path: str = imageio_ffmpeg.get_ffmpeg_exe()  # type: ignore[attr-defined, no-untyped-call]
    return path


async def find_capabilities(setting: Path | None = None) -> Capabilities:
    """Try what is needed (about a second). An ffmpeg that is missing or fails is logged, and nothing is encoded."""
    path, cores = ffmpeg_path(setting), _cores()
    if shutil.which(path) is None:
        log.error("ffmpeg.missing", path=path)
        return Capabilities(path, (), frozenset(), cores)
    found = await asyncio.gather(
        *(_passes(EncoderProgram(path, encoder, 1), VideoCodec.H264) for encoder in VideoEncoder)
    )
    encoders = tuple(encoder for encoder, passed in zip(VideoEncoder, found, strict=True) if passed)
    sources = set()
    if encoders:
        sources.add(VideoCodec.H264)
        if await _passes(EncoderProgram(path, encoders[0], 1), VideoCodec.HEVC):
            sources.add(VideoCodec.HEVC)
    report = log.info if len(sources) == len(VideoCodec) else log.warning
    names = [encoder.value for encoder in encoders]
    report("ffmpeg.tried", path=path, encoders=names, sources=[codec.value for codec in sources], cores=cores)
    return Capabilities(path, encoders, frozenset(sources), cores)


async def _passes(program: EncoderProgram, codec: VideoCodec) -> bool:
    fault = await _trial(program, codec)
    if fault is not None:
        report = log.debug if program.encoder.hardware else log.warning
        report("ffmpeg.trial_failed", encoder=program.encoder.value, source=codec.value, fault=fault)
    return fault is None


async def _trial(program: EncoderProgram, codec: VideoCodec) -> str | None:
    """Encode the clip twice in a row, its keyframe in the middle too; None, or what is wrong with the outcome."""
    first_ms = 7  # no multiple of a frame
    config, once = trial_clip(codec, first_ms)
    pictures = [*once, *trial_clip(codec, first_ms + FRAME_MS * len(once))[1]]
    rung = choose_rungs(SourceInfo(VideoCodec.HEVC, 640, 360, 25.0), Capacity(1.0))[0]
    units: list[MediaUnit] = []
    encoder = Encoder(
        program,
        config,
        SourceInfo.of(config),
        [rung],
        EncoderCallbacks(
            unit=lambda _, unit: units.append(unit),
            left_out=lambda _: None,
            overloaded=lambda: None,
            exited=lambda status, lines: None,
        ),
        grid_frames=1000,
        limits=QueueLimits(seconds=60.0),
        drain_seconds=TRIAL_SECONDS,
    )
    try:
        await encoder.start()
    except OSError as error:
        return str(error)
    for picture in pictures:
        encoder.feed(picture)
    await encoder.drain()
    fault = _fault(units, pictures, rung)
    return fault and "; ".join([fault, *encoder.last_lines[:2]])


def _fault(units: list[MediaUnit], pictures: list[VideoSample], rung: Rung) -> str | None:
    made = [unit for unit in units if isinstance(unit, VideoSample)]
    times = [(picture.pts_ms, picture.keyframe) for picture in pictures]
    if [(picture.pts_ms, picture.keyframe) for picture in made] != times:
        return f"{len(made)} of {len(pictures)} pictures came out, or at other times, or other keyframes"
    try:
        info = video_info(next(unit for unit in units if isinstance(unit, VideoConfig)))
    except (CodecError, StopIteration):
        return "no decoder configuration came out"
    if (info.width, info.height) != (rung.width, rung.height):
        return f"pictures of {info.width} × {info.height} came out"
    if info.codecs[:7] + info.codecs[9:] != rung.codecs[:7] + rung.codecs[9:]:  # constraint flags may differ
        return f"{info.codecs} came out instead of {rung.codecs}"
    return None


def _cores() -> float:
    """Processors this process may use, container limits included (cgroup v2)."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = _CGROUP_LIMIT.read_text().split()
        return min(float(allowed), int(quota) / int(period))
    except (OSError, ValueError):  # no cgroup, or no limit ("max")
        return float(allowed)
