"""Decoder configurations: what a sequence header says about the pictures or sound behind it."""

from streaming.codecs.aac import AacInfo
from streaming.codecs.avc import AvcInfo
from streaming.codecs.bits import CodecError
from streaming.codecs.hevc import HevcInfo
from streaming.samples import VideoCodec, VideoConfig

VideoInfo = AvcInfo | HevcInfo


def video_info(config: VideoConfig) -> VideoInfo:
    """Read the record of either codec; raises `CodecError`."""
    return AvcInfo.parse(config.record) if config.codec is VideoCodec.H264 else HevcInfo.parse(config.record)


__all__ = ["AacInfo", "AvcInfo", "CodecError", "HevcInfo", "VideoInfo", "video_info"]
