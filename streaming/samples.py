"""Compressed media as it travels from a publisher or an encoder to the packager.

Times are milliseconds of the carrier (RTMP message or FLV tag timestamps), not lecture time: `timeline`
turns one into the other.
"""

from dataclasses import dataclass
from enum import StrEnum


class VideoCodec(StrEnum):
    H264 = "h264"
    HEVC = "hevc"


@dataclass(frozen=True, slots=True)
class VideoConfig:
    """Decoder configuration: avcC (ISO/IEC 14496-15 §5.3.3) or hvcC (§8.3.3), as carried by the sequence header."""

    codec: VideoCodec
    record: bytes


@dataclass(frozen=True, slots=True)
class VideoSample:
    """One coded picture, NAL units with length prefixes as the configuration record says."""

    dts_ms: int
    pts_ms: int
    keyframe: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class AudioConfig:
    """AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1) of an AAC track."""

    record: bytes


@dataclass(frozen=True, slots=True)
class AudioSample:
    """One raw AAC frame (no ADTS header)."""

    pts_ms: int
    data: bytes


MediaUnit = VideoConfig | VideoSample | AudioConfig | AudioSample
