import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.codecs import CodecError, HevcInfo
from tests.support.media import make_flv, media_directory, read_units, run_ffmpeg, video_config


def record_of(*encoder: str, options: str = "", size: str = "322x182", pixels: str = "yuv420p") -> bytes:
    path = media_directory() / "hevc.flv"
    source = ("-f", "lavfi", "-i", f"testsrc2=size={size}:rate=25")
    quiet = ("-x265-params", f"log-level=none{options}")
    run_ffmpeg(*source, "-frames:v", "2", "-pix_fmt", pixels, "-c:v", "libx265", *quiet, *encoder, str(path))
    return video_config(read_units(path)).record


def test_it_reads_size_inside_the_window_frame_rate_and_codecs() -> None:
    info = HevcInfo.parse(record_of(options=":level-idc=3.1:high-tier=0"))
    assert (info.width, info.height, info.fps) == (322, 182, 25.0)
    assert info.codecs == "hvc1.1.6.L93.90"
    assert (info.nal_length_size, info.chroma_format, info.bit_depth) == (4, 1, 8)


def test_ten_bit_pictures_are_main_10() -> None:
    info = HevcInfo.parse(record_of(pixels="yuv420p10le", options=":level-idc=3.1:high-tier=0"))
    assert (info.bit_depth, info.profile) == (10, 2)
    assert info.codecs == "hvc1.2.4.L93.90"


@pytest.mark.parametrize(
    "options",
    [
        ":temporal-layers=2",
        ":scaling-list=default",
        ":bframes=4:b-pyramid=1:ref=4",
        ":sar=2:range=full:colorprim=bt709:transfer=bt709:colormatrix=bt709",
    ],
)
def test_the_frame_rate_is_found_behind_everything_optional(options: str) -> None:
    info = HevcInfo.parse(record_of(options=options))
    assert (info.width, info.height, info.fps) == (322, 182, 25.0)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (b"", "empty"),
        (b"\x05" + bytes(22), "version"),
        (b"\x01" + bytes(20) + b"\x02\x00", "3-byte"),
        (b"\x01" + bytes(20) + b"\x03\x00", "no sequence parameter set"),
        (b"\x01" + bytes(20) + b"\x03\x01\x21\x00\x01\x00\x09\x42", "too early"),
        (b"\x01" + bytes(20) + b"\x03\x01\x21\x00\x01\x00\x03\x40\x01\x00", "not a sequence parameter set"),
    ],
)
def test_a_broken_record_is_refused_with_the_reason(record: bytes, words: str) -> None:
    with pytest.raises(CodecError, match=words):
        HevcInfo.parse(record)


@settings(deadline=None)  # the machine is shared
@given(st.binary(max_size=120), st.integers(0, 400), st.integers(0, 255))
def test_garbage_raises_codec_error_and_nothing_else(garbage: bytes, place: int, value: int) -> None:
    good = video_config(read_units(make_flv(codec="hevc", seconds=1, audio=False))).record
    hurt = bytearray(good)
    hurt[place % len(good)] = value
    for record in (garbage, bytes(hurt), good[: place % len(good)] + garbage):
        try:
            info = HevcInfo.parse(record)
        except CodecError:
            continue
        assert info.width > 0
        assert info.height > 0
