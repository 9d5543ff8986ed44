"""FLV: tags written for ffmpeg's stdin and read back from its pipes (Adobe FLV 10.1 §E.2 to §E.4)."""

from streaming.flv_messages import FlvError, UnsupportedCodec, parse_audio, parse_video
from streaming.samples import AudioConfig, AudioSample, MediaUnit, VideoCodec, VideoConfig, VideoSample

AUDIO_TAG, VIDEO_TAG, SCRIPT_TAG = 8, 9, 18
_HEADER_BYTES = 9
_TAG_HEADER_BYTES = 11
_BACK_POINTER_BYTES = 4
_LEGACY_CODEC_ID = {VideoCodec.H264: 7, VideoCodec.HEVC: 12}
_AAC_44K_STEREO_16 = 0xAF  # what every AAC message says, whatever the configuration tells
LARGEST_TIMESTAMP_MS = 0x7FFF_FFFF  # ffmpeg reads and writes 31 bits


def header(*, video: bool = True, audio: bool = False) -> bytes:
    """The start of a file, with the first back pointer."""
    return (
        b"FLV\x01"
        + bytes([4 * audio + video])
        + _HEADER_BYTES.to_bytes(4, "big")
        + bytes(_BACK_POINTER_BYTES)
    )


def tag(kind: int, timestamp_ms: int, payload: bytes) -> bytes:
    """One tag with its back pointer; the timestamp is cut to 31 bits."""
    stamp = timestamp_ms & LARGEST_TIMESTAMP_MS
    head = (
        bytes([kind])
        + len(payload).to_bytes(3, "big")
        + (stamp & 0xFFFFFF).to_bytes(3, "big")
        + bytes([stamp >> 24])
        + bytes(3)
    )
    return head + payload + (_TAG_HEADER_BYTES + len(payload)).to_bytes(4, "big")


def video_payload(unit: VideoConfig | VideoSample, codec: VideoCodec = VideoCodec.H264) -> bytes:
    """The message of a configuration or picture with a legacy codec id; codec is used for pictures only."""
    if isinstance(unit, VideoConfig):
        return bytes([0x10 | _LEGACY_CODEC_ID[unit.codec], 0, 0, 0, 0]) + unit.record
    head = (1 if unit.keyframe else 2) << 4 | _LEGACY_CODEC_ID[codec]
    return bytes([head, 1]) + _composition(unit) + unit.data


def enhanced_video_payload(unit: VideoConfig | VideoSample, fourcc: bytes = b"hvc1") -> bytes:
    """The message of a configuration or picture with a FourCC, as OBS sends HEVC (enhanced RTMP v1)."""
    if isinstance(unit, VideoConfig):
        return bytes([0x90]) + fourcc + unit.record
    kind = 0x90 if unit.keyframe else 0xA0
    if unit.pts_ms == unit.dts_ms:
        return bytes([kind | 3]) + fourcc + unit.data
    return bytes([kind | 1]) + fourcc + _composition(unit) + unit.data


def _composition(unit: VideoSample) -> bytes:
    return (unit.pts_ms - unit.dts_ms).to_bytes(3, "big", signed=True)


def audio_payload(unit: AudioConfig | AudioSample) -> bytes:
    """The message of an AAC configuration or frame."""
    if isinstance(unit, AudioConfig):
        return bytes([_AAC_44K_STEREO_16, 0]) + unit.record
    return bytes([_AAC_44K_STEREO_16, 1]) + unit.data


def video_tag(
    unit: VideoConfig | VideoSample, *, timestamp_ms: int | None = None, codec: VideoCodec = VideoCodec.H264
) -> bytes:
    """A tag with a configuration or picture; a picture's own decode time is the default timestamp, else 0."""
    if timestamp_ms is None:
        timestamp_ms = unit.dts_ms if isinstance(unit, VideoSample) else 0
    return tag(VIDEO_TAG, timestamp_ms, video_payload(unit, codec))


def audio_tag(unit: AudioConfig | AudioSample, *, timestamp_ms: int | None = None) -> bytes:
    """A tag with an AAC configuration or frame; a frame's own time is the default timestamp, else 0."""
    if timestamp_ms is None:
        timestamp_ms = unit.pts_ms if isinstance(unit, AudioSample) else 0
    return tag(AUDIO_TAG, timestamp_ms, audio_payload(unit))


class FlvReader:
    """Reads a file arriving in pieces of any size; script tags and unknown tags are passed over."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._started = False

    def feed(self, data: bytes) -> list[MediaUnit]:
        """Units completed by these bytes; raises `FlvError` when they are no FLV file."""
        units: list[MediaUnit] = []
        for kind, timestamp_ms, payload in self.feed_tags(data):
            if kind == VIDEO_TAG:
                units += parse_video(timestamp_ms, payload)
            elif kind == AUDIO_TAG:
                units += parse_audio(timestamp_ms, payload)
        return units

    def feed_tags(self, data: bytes) -> list[tuple[int, int, bytes]]:
        """Tags completed by these bytes: kind, timestamp in ms, body."""
        self._buffer += data
        if not self._started and not self._read_header():
            return []
        tags: list[tuple[int, int, bytes]] = []
        at = 0
        while len(self._buffer) - at >= _TAG_HEADER_BYTES:
            size = int.from_bytes(self._buffer[at + 1 : at + 4], "big")
            end = at + _TAG_HEADER_BYTES + size + _BACK_POINTER_BYTES
            if len(self._buffer) < end:
                break
            stamp = int.from_bytes(self._buffer[at + 4 : at + 7], "big") | self._buffer[at + 7] << 24
            body = bytes(self._buffer[at + _TAG_HEADER_BYTES : end - _BACK_POINTER_BYTES])
            back = int.from_bytes(self._buffer[end - _BACK_POINTER_BYTES : end], "big")
            if back != _TAG_HEADER_BYTES + size:
                raise FlvError(f"FLV tag of {size} bytes is followed by a back pointer of {back}")
            tags.append((self._buffer[at], stamp, body))
            at = end
        del self._buffer[:at]
        return tags

    def _read_header(self) -> bool:
        if not b"FLV\x01".startswith(self._buffer[:4]):
            raise FlvError("not an FLV file")
        if len(self._buffer) < _HEADER_BYTES:
            return False
        start = int.from_bytes(self._buffer[5:9], "big") + _BACK_POINTER_BYTES
        if start != _HEADER_BYTES + _BACK_POINTER_BYTES:
            raise FlvError(f"FLV header says the first tag starts at byte {start}, expected 13")
        if len(self._buffer) < start:
            return False
        del self._buffer[:start]
        self._started = True
        return True


__all__ = [
    "AUDIO_TAG",
    "LARGEST_TIMESTAMP_MS",
    "SCRIPT_TAG",
    "VIDEO_TAG",
    "FlvError",
    "FlvReader",
    "UnsupportedCodec",
    "audio_payload",
    "audio_tag",
    "enhanced_video_payload",
    "header",
    "parse_audio",
    "parse_video",
    "tag",
    "video_payload",
    "video_tag",
]
