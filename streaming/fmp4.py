"""Fragmented MP4: initialisation sections and fragments (ISO/IEC 14496-12, -14, -15), written by hand.

RTMP delivers what MP4 stores (avcC, AudioSpecificConfig, length-prefixed NAL units), so no muxer stands between
the publisher and a part. Pure functions; times are in the track's own timescale.
"""

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass

VIDEO_TRACK_ID = 1
AUDIO_TRACK_ID = 2

# ISO/IEC 14496-12 §8.8.3.1: sample_depends_on 2 (an I picture), or 1 and sample_is_non_sync_sample.
_SYNC_SAMPLE = 0x02000000
_NON_SYNC_SAMPLE = 0x01010000

_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_EMPTY_SAMPLE_TABLE_BOXES = (b"stts", b"stsc", b"stco")


@dataclass(frozen=True, slots=True)
class VideoTrack:
    """sample_entry: `avc1` or `hvc1`; configuration: the avcC or hvcC record; size in pixels."""

    sample_entry: bytes
    configuration: bytes
    width: int
    height: int
    timescale: int


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """configuration: the AudioSpecificConfig; the timescale is the sample rate in Hz."""

    configuration: bytes
    sample_rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class FragmentSample:
    """duration and composition_offset in the track's timescale."""

    duration: int
    data: bytes
    sync: bool = True
    composition_offset: int = 0


@dataclass(frozen=True, slots=True)
class TrackRun:
    """Consecutive samples of one track; decode_time is that of the first one."""

    track_id: int
    decode_time: int
    samples: Sequence[FragmentSample]


def content_id(data: bytes) -> str:
    """A short name that differs whenever the content does (12 hexadecimal digits)."""
    return hashlib.sha256(data).hexdigest()[:12]


def init_section(video: VideoTrack | None, audio: AudioTrack | None) -> bytes:
    """`ftyp` + `moov` of a fragmented file with these tracks; at least one is needed."""
    if video is None and audio is None:
        raise ValueError("an initialisation section needs a track")
    traks = b""
    extends = b""
    if video is not None:
        traks += _video_trak(video)
        extends += _trex(VIDEO_TRACK_ID)
    if audio is not None:
        traks += _audio_trak(audio)
        extends += _trex(AUDIO_TRACK_ID)
    movie = _full_box(
        b"mvhd",
        0,
        0,
        struct.pack(">IIIIIH10x", 0, 0, 1000, 0, 0x10000, 0x0100)
        + _MATRIX
        + bytes(24)
        + struct.pack(">I", 3),
    )
    ftyp = _box(b"ftyp", b"iso6" + struct.pack(">I", 0) + b"iso6" + b"mp41" + b"cmfc")
    return ftyp + _box(b"moov", movie + traks + _box(b"mvex", extends))


def fragment(sequence_number: int, runs: Sequence[TrackRun]) -> bytes:
    """One `moof` + `mdat`. A run without samples is written as a `traf` without `trun`."""
    trafs: list[bytes] = []
    offset_positions: list[int] = []
    moof_size = 8 + 16
    for run in runs:
        traf, offset_position = _traf(run)
        if offset_position is not None:
            offset_positions.append(moof_size + offset_position)
        trafs.append(traf)
        moof_size += len(traf)
    moof = bytearray(
        _box(b"moof", _full_box(b"mfhd", 0, 0, struct.pack(">I", sequence_number)) + b"".join(trafs))
    )
    payload: list[bytes] = []
    position = moof_size + 8
    filled = iter(offset_positions)
    for run in runs:
        if run.samples:
            struct.pack_into(">i", moof, next(filled), position)
        for sample in run.samples:
            payload.append(sample.data)
            position += len(sample.data)
    return b"".join((moof, struct.pack(">I", position - moof_size), b"mdat", *payload))


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def _full_box(kind: bytes, version: int, flags: int, content: bytes) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags) + content)


def _traf(run: TrackRun) -> tuple[bytes, int | None]:
    """The box and, when it has samples, the position of trun's data_offset in it."""
    tfhd = _full_box(b"tfhd", 0, 0x020000, struct.pack(">I", run.track_id))  # default-base-is-moof
    tfdt = _full_box(b"tfdt", 1, 0, struct.pack(">Q", run.decode_time))
    if not run.samples:
        return _box(b"traf", tfhd + tfdt), None
    # data offset, and per sample: duration, size, flags, signed composition offset (version 1)
    rows = bytearray()
    for sample in run.samples:
        rows += struct.pack(
            ">IIIi",
            sample.duration,
            len(sample.data),
            _SYNC_SAMPLE if sample.sync else _NON_SYNC_SAMPLE,
            sample.composition_offset,
        )
    trun = _full_box(b"trun", 1, 0x000F01, struct.pack(">Ii", len(run.samples), 0) + rows)
    data_offset_position = 8 + len(tfhd) + len(tfdt) + 8 + 4 + 4
    return _box(b"traf", tfhd + tfdt + trun), data_offset_position


def _trex(track_id: int) -> bytes:
    return _full_box(b"trex", 0, 0, struct.pack(">IIIII", track_id, 1, 0, 0, 0))


def _video_trak(track: VideoTrack) -> bytes:
    configuration_box = b"avcC" if track.sample_entry == b"avc1" else b"hvcC"
    entry = _box(
        track.sample_entry,
        bytes(6)
        + struct.pack(">H", 1)
        + bytes(16)
        + struct.pack(">HHIIIH32xHh", track.width, track.height, 0x480000, 0x480000, 0, 1, 0x18, -1)
        + _box(configuration_box, track.configuration),
    )
    header = _full_box(b"vmhd", 0, 1, bytes(8))
    return _trak(
        VIDEO_TRACK_ID, track.timescale, b"vide", header, entry, volume=0, size=(track.width, track.height)
    )


def _audio_trak(track: AudioTrack) -> bytes:
    entry = _box(
        b"mp4a",
        bytes(6)
        + struct.pack(">H", 1)
        + bytes(8)
        # samplerate is 16.16; rates that do not fit are told by the decoder configuration alone
        + struct.pack(">HHIHH", track.channels, 16, 0, min(track.sample_rate, 0xFFFF), 0)
        + _esds(track.configuration),
    )
    header = _full_box(b"smhd", 0, 0, bytes(4))
    return _trak(AUDIO_TRACK_ID, track.sample_rate, b"soun", header, entry, volume=0x0100, size=(0, 0))


def _esds(configuration: bytes) -> bytes:
    """Elementary stream descriptor (ISO/IEC 14496-1 §7.2.6) of AAC: object type 0x40, audio stream."""
    decoder_specific = _descriptor(0x05, configuration)
    decoder_config = _descriptor(0x04, struct.pack(">BBBHII", 0x40, 0x15, 0, 0, 0, 0) + decoder_specific)
    return _full_box(
        b"esds",
        0,
        0,
        _descriptor(0x03, struct.pack(">HB", 0, 0) + decoder_config + _descriptor(0x06, b"\x02")),
    )


def _descriptor(tag: int, content: bytes) -> bytes:
    size = len(content)
    return (
        bytes((tag, 0x80 | size >> 21 & 0x7F, 0x80 | size >> 14 & 0x7F, 0x80 | size >> 7 & 0x7F, size & 0x7F))
        + content
    )


def _trak(
    track_id: int,
    timescale: int,
    handler: bytes,
    media_header: bytes,
    entry: bytes,
    *,
    volume: int,
    size: tuple[int, int],
) -> bytes:
    tkhd = _full_box(
        b"tkhd",
        0,
        3,  # enabled, in movie
        struct.pack(">IIIII8xHHHH", 0, 0, track_id, 0, 0, 0, 0, volume, 0)
        + _MATRIX
        + struct.pack(">II", size[0] << 16, size[1] << 16),
    )
    mdhd = _full_box(b"mdhd", 0, 0, struct.pack(">IIIIHH", 0, 0, timescale, 0, 0x55C4, 0))  # language `und`
    hdlr = _full_box(b"hdlr", 0, 0, struct.pack(">I", 0) + handler + bytes(12) + b"weiketang\0")
    dinf = _box(b"dinf", _full_box(b"dref", 0, 0, struct.pack(">I", 1) + _full_box(b"url ", 0, 1, b"")))
    stsd = _full_box(b"stsd", 0, 0, struct.pack(">I", 1) + entry)
    empty = b"".join(_full_box(kind, 0, 0, bytes(4)) for kind in _EMPTY_SAMPLE_TABLE_BOXES)
    stsz = _full_box(b"stsz", 0, 0, bytes(8))
    stbl = _box(b"stbl", stsd + empty + stsz)
    return _box(b"trak", tkhd + _box(b"mdia", mdhd + hdlr + _box(b"minf", media_header + dinf + stbl)))
