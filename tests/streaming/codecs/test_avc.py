from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.codecs import AvcInfo, CodecError
from tests.support.media import make_flv, media_directory, read_units, run_ffmpeg, video_config


def record_of(*encoder: str, size: str = "320x180", rate: str = "25", pixels: str = "yuv420p") -> bytes:
    path = media_directory() / "avc.flv"
    source = ("-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}")
    run_ffmpeg(*source, "-frames:v", "2", "-pix_fmt", pixels, "-c:v", "libx264", *encoder, str(path))
    return video_config(read_units(path)).record


def test_it_reads_size_after_cropping_frame_rate_and_codecs() -> None:
    info = AvcInfo.parse(record_of("-profile:v", "high", "-level", "3.1", size="322x182", rate="30000/1001"))
    assert (info.width, info.height) == (322, 182)
    assert info.fps == pytest.approx(30000 / 1001)
    assert (info.codecs, info.profile, info.level) == ("avc1.64001f", 100, 31)
    assert (info.nal_length_size, info.chroma_format, info.bit_depth) == (4, 1, 8)


def test_constrained_baseline_shows_its_constraint_flags() -> None:
    info = AvcInfo.parse(record_of("-profile:v", "baseline", "-level", "3.0", size="640x360"))
    assert info.codecs == "avc1.42c01e"


@pytest.mark.parametrize(("pixels", "chroma", "depth"), [("yuv422p10le", 2, 10), ("yuv444p", 3, 8)])
def test_pictures_that_browsers_cannot_show_are_recognised(pixels: str, chroma: int, depth: int) -> None:
    info = AvcInfo.parse(record_of(pixels=pixels, size="322x182"))
    assert (info.chroma_format, info.bit_depth, info.width, info.height) == (chroma, depth, 322, 182)


def test_interlaced_pictures_have_their_full_height() -> None:
    info = AvcInfo.parse(record_of("-flags", "+ildct+ilme", size="720x1080"))
    assert (info.width, info.height) == (720, 1080)


def test_scaling_lists_do_not_move_what_follows() -> None:
    info = AvcInfo.parse(record_of("-x264-params", "cqm=jvt", size="322x182"))
    assert (info.width, info.height, info.fps) == (322, 182, 25.0)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (b"", "empty"),
        (b"\x02\x64\x00\x1f\xff\xe1", "version"),
        (b"\x01\x64\x00\x1f\xfe\xe1", "3-byte"),
        (b"\x01\x64\x00\x1f\xff\xe0\x00", "no sequence parameter set"),
        (b"\x01\x64\x00\x1f\xff\xe1\x00\x30\x67", "too early"),
        (b"\x01\x64\x00\x1f\xff\xe1\x00\x04\x68\x64\x00\x1f", "not a sequence parameter set"),
        (b"\x01\x64\x00\x1f\xff\xe1\x00\x05\x67\x64\x00\x1f\x80", "middle of a field"),
    ],
)
def test_a_broken_record_is_refused_with_the_reason(record: bytes, words: str) -> None:
    with pytest.raises(CodecError, match=words):
        AvcInfo.parse(record)


def test_a_record_cut_anywhere_is_refused_or_reads_the_same() -> None:
    record = video_config(read_units(make_flv())).record
    whole = AvcInfo.parse(record)
    for length in range(len(record)):
        try:
            assert replace(AvcInfo.parse(record[:length]), fps=whole.fps) == whole
        except CodecError:
            continue


@settings(deadline=None)  # the machine is shared
@given(st.binary(max_size=120), st.integers(0, 60), st.integers(0, 255))
def test_garbage_raises_codec_error_and_nothing_else(garbage: bytes, place: int, value: int) -> None:
    good = bytes.fromhex("0164000dffe1001967640000acd94150479e226c040000fa40003a9803c50a6580010006")
    hurt = bytearray(good)
    hurt[place % len(good)] = value
    for record in (garbage, bytes(hurt), good[: place % len(good)] + garbage):
        try:
            info = AvcInfo.parse(record)
        except CodecError:
            continue
        assert info.width > 0
        assert info.height > 0
