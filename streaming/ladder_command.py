"""The command line of a ladder: one source in on stdin, one FLV out per rung on its own pipe.

Measured (DESIGN §3.3): these options give every rung exactly the source's times and the first output after
about 0.1 s. Never `-fflags nobuffer` (it drops the first keyframe), never `-map 0:a` (it dies without sound).
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import ffmpeg

from streaming.ladder import Rung, SourceInfo
from streaming.samples import VideoCodec

graph: Any = ffmpeg  # the package is not typed

VAAPI_DEVICE = "/dev/dri/renderD128"
_NICENESS = 10
_INPUT_FORMAT = {VideoCodec.H264: "flv", VideoCodec.HEVC: "mov"}
_PIXELS_PER_DECODING_THREAD = 1920 * 1080 * 60
"""Pixels/s that one thread decodes with ease. Each further one holds a picture back, so there are no more."""
_PIXELS_PER_ENCODING_THREAD = 1280 * 720 * 30


class VideoEncoder(StrEnum):
    """ffmpeg's names; the hardware ones first, in the order in which they are preferred."""

    NVENC = "h264_nvenc"
    QSV = "h264_qsv"
    VAAPI = "h264_vaapi"
    VIDEOTOOLBOX = "h264_videotoolbox"
    X264 = "libx264"

    @property
    def hardware(self) -> bool:
        return self is not VideoEncoder.X264


@dataclass(frozen=True, slots=True)
class EncoderProgram:
    """Which ffmpeg makes the rungs, with which of its encoders, on how many cores."""

    path: str
    encoder: VideoEncoder
    cores: int


_X264: dict[str, str | int] = {
    "preset": "veryfast",
    "tune": "zerolatency",
    "sc_threshold": 0,
    "crf": 23,  # slides stand still for minutes: quality is held and the bit rate only bounded
}
_OPTIONS: dict[VideoEncoder, dict[str, str | int]] = {
    VideoEncoder.X264: _X264,
    VideoEncoder.NVENC: {
        "preset": "p4",
        "tune": "ull",
        "rc": "vbr",
        "delay": 0,
        "zerolatency": 1,
        "forced-idr": 1,
        "no-scenecut": 1,
    },
    VideoEncoder.QSV: {"preset": "veryfast", "async_depth": 1, "forced_idr": 1, "look_ahead": 0},
    VideoEncoder.VAAPI: {"async_depth": 1, "idr_interval": 0},
    VideoEncoder.VIDEOTOOLBOX: {"realtime": 1, "prio_speed": 1, "allow_sw": 0},
}


def ladder_command(
    program: EncoderProgram,
    source: SourceInfo,
    rungs: Sequence[Rung],
    outputs: Mapping[str, int],
    *,
    grid_frames: int,
) -> list[str]:
    """The argument list. outputs: file descriptor of each rung's pipe; grid_frames: keyframe distance."""
    pictures = graph.input(
        "pipe:0",
        format=_INPUT_FORMAT[source.codec],
        copyts=None,
        analyzeduration=100_000,
        probesize=32_768,
        threads=_threads(source.pixels * source.frames_per_second, _PIXELS_PER_DECODING_THREAD, program),
    ).video
    copies = pictures.split() if len(rungs) > 1 else None
    streams = [
        graph.output(
            _scaled(copies[index] if copies is not None else pictures, rung, program.encoder),
            f"pipe:{outputs[rung.name]}",
            format="flv",
            **_output_options(program, rung, source.frames_per_second, grid_frames),
        )
        for index, rung in enumerate(rungs)
    ]
    arguments: list[str] = graph.compile(graph.merge_outputs(*streams), cmd=_start_of_command(program))
    return arguments


def _start_of_command(program: EncoderProgram) -> list[str]:
    """Rungs suffer before the source does: the encoder runs behind the server."""
    nice = shutil.which("nice")
    lowered = [nice, "-n", str(_NICENESS)] if nice else []
    device = ["-vaapi_device", VAAPI_DEVICE] if program.encoder is VideoEncoder.VAAPI else []
    quiet = ["-hide_banner", "-nostats", "-loglevel", "warning", "-filter_complex_threads", "1"]
    return [*lowered, program.path, *quiet, *device]


def _scaled(pictures: Any, rung: Rung, encoder: VideoEncoder) -> Any:
    scaled = pictures.filter("scale", rung.width, rung.height)
    if encoder is VideoEncoder.VAAPI:
        return scaled.filter("format", "nv12").filter("hwupload")
    return scaled


def _output_options(
    program: EncoderProgram, rung: Rung, fps: float, grid_frames: int
) -> dict[str, str | int | None]:
    options: dict[str, str | int | None] = {
        "c:v": program.encoder.value,
        "fps_mode": "passthrough",
        "enc_time_base": "1/1000",
        "bf": 0,
        "g": grid_frames,
        "force_key_frames": "source",
        "profile:v": rung.profile,
        "level:v": rung.level,
        "maxrate": rung.maxrate,
        "bufsize": rung.bufsize,
        "flush_packets": 1,
        "flvflags": "no_duration_filesize",
        **_OPTIONS[program.encoder],
    }
    if program.encoder is VideoEncoder.X264:
        options["threads"] = _threads(rung.pixels * fps, _PIXELS_PER_ENCODING_THREAD, program)
    else:
        options["b:v"] = rung.video_bitrate
    if program.encoder is not VideoEncoder.VAAPI:  # whose pictures are on the device already
        options["pix_fmt"] = "nv12" if program.encoder is VideoEncoder.QSV else "yuv420p"
    return options


def _threads(pixels_per_second: float, per_thread: int, program: EncoderProgram) -> int:
    return max(1, min(program.cores, -(-round(pixels_per_second) // per_thread)))
