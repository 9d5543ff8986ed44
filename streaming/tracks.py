"""The tracks of a source or a rung: decoder configurations, and the init section they make."""

from dataclasses import dataclass

from streaming import fmp4
from streaming.codecs import AacInfo, VideoInfo, video_info
from streaming.packager import RunTracks
from streaming.samples import AudioConfig, VideoCodec, VideoConfig
from streaming.segments import TICKS_PER_SECOND, Init

ASSUMED_FPS = 30.0
"""Where neither the stream nor a measurement tells the frame rate."""


@dataclass(frozen=True, slots=True)
class VideoSource:
    """otherwise_fps: where the stream itself does not tell its frame rate (a rung has that of its source)."""

    config: VideoConfig
    info: VideoInfo
    otherwise_fps: float = ASSUMED_FPS

    @classmethod
    def of(cls, config: VideoConfig, otherwise_fps: float = ASSUMED_FPS) -> "VideoSource":
        """Read the record; raises CodecError."""
        return cls(config, video_info(config), otherwise_fps)

    @property
    def fps(self) -> float:
        return self.info.fps or self.otherwise_fps

    @property
    def size(self) -> str:
        """For people."""
        return f"{self.info.width}×{self.info.height}"

    def begins_well(self, picture: bytes) -> bool:
        """Whether it begins with a whole NAL unit, as noise hardly ever does (ISO/IEC 14496-15 §5.3.4.2)."""
        prefix = self.info.nal_length_size
        return len(picture) > prefix and int.from_bytes(picture[:prefix]) <= len(picture) - prefix


@dataclass(frozen=True, slots=True)
class AudioSource:
    config: AudioConfig
    info: AacInfo

    @classmethod
    def of(cls, config: AudioConfig) -> "AudioSource":
        """Read the record; raises CodecError."""
        return cls(config, AacInfo.parse(config.record))

    @property
    def form(self) -> str:
        """For people."""
        return f"{self.info.sample_rate} Hz × {self.info.channels}"


@dataclass(frozen=True, slots=True)
class SourceTracks:
    """What a publisher sends in one run: at least one of the two."""

    video: VideoSource | None
    audio: AudioSource | None


def run_tracks(tracks: SourceTracks) -> RunTracks:
    """The init section and what the packager needs to know of one rendition's tracks."""
    video = None
    codecs = []
    if tracks.video is not None:
        info = tracks.video.info
        entry = b"avc1" if tracks.video.config.codec is VideoCodec.H264 else b"hvc1"
        video = fmp4.VideoTrack(entry, tracks.video.config.record, info.width, info.height, TICKS_PER_SECOND)
        codecs.append(info.codecs)
    audio = None
    if tracks.audio is not None:
        aac = tracks.audio.info
        audio = fmp4.AudioTrack(tracks.audio.config.record, aac.sample_rate, aac.channels)
        codecs.append(aac.codecs)
    data = fmp4.init_section(video, audio)
    init = Init(
        id=fmp4.content_id(data),
        data=data,
        codecs=",".join(codecs),
        width=video.width if video else None,
        height=video.height if video else None,
        frame_rate=tracks.video.fps if tracks.video else None,
    )
    return RunTracks(init, video is not None, tracks.audio.info.samples_per_frame if tracks.audio else None)
