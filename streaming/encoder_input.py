"""What is written to the encoder's stdin: FLV for H.264, fragmented MP4 for HEVC (DESIGN §10)."""

from typing import Protocol

from streaming import flv, fmp4
from streaming.codecs import video_info
from streaming.samples import VideoCodec, VideoConfig, VideoSample

_TIMESCALE = 1000
_ASSUMED_FPS = 30


class EncoderInput(Protocol):
    """The bytes of a stream, picture by picture; times are the samples' own."""

    def start(self) -> bytes: ...

    def picture(self, sample: VideoSample) -> bytes: ...


def encoder_input(config: VideoConfig) -> EncoderInput:
    """The writer for this configuration; raises `CodecError` when an HEVC one cannot be read."""
    return _FlvInput(config) if config.codec is VideoCodec.H264 else _Mp4Input(config)


class _FlvInput:
    """Without onMetaData: what a publisher's says may be wrong, and ffmpeg needs none."""

    def __init__(self, config: VideoConfig) -> None:
        self._config = config

    def start(self) -> bytes:
        return flv.header() + flv.video_tag(self._config)

    def picture(self, sample: VideoSample) -> bytes:
        return flv.video_tag(sample)


class _Mp4Input:
    """One fragment a picture. Each one says its own decode time, so the duration need not be known."""

    def __init__(self, config: VideoConfig) -> None:
        info = video_info(config)
        self._track = fmp4.VideoTrack(b"hvc1", config.record, info.width, info.height, _TIMESCALE)
        self._duration = round(_TIMESCALE / (info.fps or _ASSUMED_FPS))
        self._sequence = 0

    def start(self) -> bytes:
        return fmp4.init_section(self._track, None)

    def picture(self, sample: VideoSample) -> bytes:
        self._sequence += 1
        only = fmp4.FragmentSample(
            self._duration, sample.data, sample.keyframe, sample.pts_ms - sample.dts_ms
        )
        run = fmp4.TrackRun(fmp4.VIDEO_TRACK_ID, sample.dts_ms, [only])
        return fmp4.fragment(self._sequence, [run])
