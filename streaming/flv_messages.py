"""Media messages of RTMP, which are the bodies of FLV tags, read into media units.

Adobe Video File Format 10.1 §E.4.2 and §E.4.3; enhanced RTMP v1 and v2 (FourCC). What browsers cannot play is
refused with a text that tells the person at the encoder what to set.
"""

from streaming.samples import (
    AudioConfig,
    AudioSample,
    MediaUnit,
    VideoCodec,
    VideoConfig,
    VideoSample,
)

_ENHANCED_VIDEO = 0x80
_KEYFRAMES = (1, 4)  # keyframe; keyframe made by a server
_COMMAND_FRAME = 5
_LEGACY_VIDEO = {7: VideoCodec.H264, 12: VideoCodec.HEVC}
_FOURCC_VIDEO = {b"avc1": VideoCodec.H264, b"hvc1": VideoCodec.HEVC}
_VIDEO_NAMES = {2: "Sorenson H.263", 3: "Screen Video", 4: "VP6", 5: "VP6", 6: "Screen Video", 13: "AV1"}
_VIDEO_FOURCC_NAMES = {b"av01": "AV1", b"vp08": "VP8", b"vp09": "VP9", b"vvc1": "H.266"}
_AUDIO_NAMES = {
    0: "PCM", 1: "ADPCM", 2: "MP3", 3: "PCM", 4: "Nellymoser", 5: "Nellymoser", 6: "Nellymoser",
    7: "G.711 A-law", 8: "G.711 mu-law", 11: "Speex", 13: "Opus", 14: "MP3", 15: "device-specific sound",
}  # fmt: skip
_AUDIO_FOURCC_NAMES = {b"Opus": "Opus", b"fLaC": "FLAC", b"ac-3": "AC-3", b"ec-3": "E-AC-3", b".mp3": "MP3"}
_AAC, _ENHANCED_AUDIO = 10, 9

_SEQUENCE_START, _CODED_FRAMES, _CODED_FRAMES_X = 0, 1, 3
_VIDEO_MULTITRACK, _VIDEO_MODIFIER = 6, 7
_AUDIO_MULTITRACK, _AUDIO_MODIFIER = 5, 7
_ONE_TRACK = 0


class FlvError(ValueError):
    """A message or tag that cannot be read; the text is for the log."""


class UnsupportedCodec(FlvError):
    """A codec that browsers do not play: the publisher has to change a setting, so no later message helps."""


def parse_video(timestamp_ms: int, payload: bytes) -> list[MediaUnit]:
    """Units of one video message: a configuration, one picture, or nothing (command frame, end, HDR data).

    Raises `FlvError` when it is cut short, `UnsupportedCodec` when it is neither H.264 nor HEVC. A
    configuration is handed on as it came, even when empty: `streaming.codecs` judges it.
    """
    if not payload:
        return []
    head = payload[0]
    if head & _ENHANCED_VIDEO:
        return _parse_enhanced_video(timestamp_ms, payload)
    if head >> 4 == _COMMAND_FRAME:
        return []
    codec = _LEGACY_VIDEO.get(head & 15)
    if codec is None:
        name = _VIDEO_NAMES.get(head & 15, f"unknown (codec id {head & 15})")
        raise _unsupported_video(name)
    keyframe = head >> 4 in _KEYFRAMES
    if len(payload) < 5:
        raise FlvError(f"video message of {len(payload)} bytes is too short for {codec.value}")
    if payload[1] == _SEQUENCE_START:
        return [VideoConfig(codec, payload[5:])]
    if payload[1] != 1:  # 2: end of sequence
        return []
    return _picture(timestamp_ms, keyframe, payload, 2)


def parse_audio(timestamp_ms: int, payload: bytes) -> list[MediaUnit]:
    """Units of one audio message: an AAC configuration, one AAC frame, or nothing.

    Raises `FlvError` when it is cut short, `UnsupportedCodec` when it is not AAC.
    """
    if not payload:
        return []
    kind = payload[0] >> 4
    if kind == _ENHANCED_AUDIO:
        return _parse_enhanced_audio(timestamp_ms, payload)
    if kind != _AAC:
        raise _unsupported_audio(_AUDIO_NAMES.get(kind, f"unknown (sound format {kind})"))
    if len(payload) < 2:
        raise FlvError("AAC message of 1 byte is too short")
    if payload[1] == _SEQUENCE_START:
        return [AudioConfig(payload[2:])]
    return [AudioSample(timestamp_ms, payload[2:])] if len(payload) > 2 else []


def _unsupported_video(name: str) -> UnsupportedCodec:
    return UnsupportedCodec(
        f"video codec {name} is not accepted: in OBS choose Settings > Output > Video Encoder x264 "
        "or another H.264 encoder"
    )


def _unsupported_audio(name: str) -> UnsupportedCodec:
    return UnsupportedCodec(
        f"audio codec {name} is not accepted: in OBS choose Settings > Output > Audio Encoder AAC"
    )


def _picture(
    timestamp_ms: int, keyframe: bool, payload: bytes, at: int, offset: bool = True
) -> list[MediaUnit]:
    """A coded picture at that place, behind its composition time (SI24) when it has one."""
    composition = 0
    if offset:
        if len(payload) < at + 3:
            raise FlvError("video message ends before its composition time")
        composition = int.from_bytes(payload[at : at + 3], "big", signed=True)
        at += 3
    data = payload[at:]
    if not data:
        return []
    return [VideoSample(timestamp_ms, timestamp_ms + composition, keyframe, data)]


def _parse_enhanced_video(timestamp_ms: int, payload: bytes) -> list[MediaUnit]:
    frame_type, packet_type = payload[0] >> 4 & 7, payload[0] & 15
    packet_type, at = _skip_modifiers(payload, packet_type, _VIDEO_MODIFIER)
    if frame_type == _COMMAND_FRAME:
        return []
    track = _Track(payload, at, packet_type, _VIDEO_MULTITRACK)
    if track.index != 0:
        return []
    codec = _FOURCC_VIDEO.get(track.fourcc)
    if codec is None:
        raise _unsupported_video(
            _VIDEO_FOURCC_NAMES.get(track.fourcc, f"unknown ({_printable(track.fourcc)})")
        )
    keyframe = frame_type in _KEYFRAMES
    if track.packet_type == _SEQUENCE_START:
        return [VideoConfig(codec, track.body)]
    if track.packet_type == _CODED_FRAMES:
        return _picture(timestamp_ms, keyframe, track.body, 0)
    if track.packet_type == _CODED_FRAMES_X:
        return _picture(timestamp_ms, keyframe, track.body, 0, offset=False)
    return []  # end of sequence, HDR metadata, MPEG-2 TS descriptors


def _parse_enhanced_audio(timestamp_ms: int, payload: bytes) -> list[MediaUnit]:
    packet_type, at = _skip_modifiers(payload, payload[0] & 15, _AUDIO_MODIFIER)
    track = _Track(payload, at, packet_type, _AUDIO_MULTITRACK)
    if track.index != 0:
        return []  # OBS sends its VOD track beside the one meant for the audience
    if track.fourcc != b"mp4a":
        raise _unsupported_audio(
            _AUDIO_FOURCC_NAMES.get(track.fourcc, f"unknown ({_printable(track.fourcc)})")
        )
    if track.packet_type == _SEQUENCE_START:
        return [AudioConfig(track.body)]
    if track.packet_type == _CODED_FRAMES and track.body:
        return [AudioSample(timestamp_ms, track.body)]
    return []


class _Track:
    """Where a FourCC message keeps its body; of a multitrack message the first track (enhanced RTMP v2)."""

    __slots__ = ("body", "fourcc", "index", "packet_type")

    def __init__(self, payload: bytes, at: int, packet_type: int, multitrack: int) -> None:
        self.index = 0
        self.packet_type = packet_type
        if packet_type != multitrack:
            self.fourcc = _bytes(payload, at, 4)
            self.body = payload[at + 4 :]
            return
        kind, self.packet_type = divmod(_bytes(payload, at, 1)[0], 16)
        at += 1
        self.fourcc = _bytes(payload, at, 4)  # with many codecs it belongs to the first track alone
        self.index = _bytes(payload, at + 4, 1)[0]
        at += 5
        if kind == _ONE_TRACK:
            self.body = payload[at:]
        else:
            size = int.from_bytes(_bytes(payload, at, 3), "big")
            self.body = _bytes(payload, at + 3, size)


def _skip_modifiers(payload: bytes, packet_type: int, modifier: int) -> tuple[int, int]:
    """The packet type behind any ModEx parts, and where it goes on (enhanced RTMP v2)."""
    at = 1
    while packet_type == modifier:
        size = _bytes(payload, at, 1)[0] + 1
        at += 1
        if size == 256:
            size = int.from_bytes(_bytes(payload, at, 2), "big") + 1
            at += 2
        at += size
        packet_type = _bytes(payload, at, 1)[0] & 15
        at += 1
    return packet_type, at


def _bytes(payload: bytes, at: int, count: int) -> bytes:
    piece = payload[at : at + count]
    if len(piece) < count:
        raise FlvError(f"enhanced message of {len(payload)} bytes ends too early")
    return piece


def _printable(fourcc: bytes) -> str:
    return repr(fourcc.decode("latin-1"))
