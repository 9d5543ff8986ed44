from io import BytesIO

import av
import pytest
from av.video.frame import VideoFrame
from hypothesis import given
from hypothesis import strategies as st

from bench.barcode import BLOCKS, STRIP_SHARE, WRAP_MS, elapsed_ms, luma_row, read_luma
from bench.decode import decode


def plane(stamp: int, width: int, height: int) -> bytes:
    """A luma plane with the strip on top and grey below."""
    rows = height // STRIP_SHARE
    return luma_row(stamp, width) * rows + bytes([120]) * width * (height - rows)


@given(stamp=st.integers(0, WRAP_MS - 1), blocks=st.integers(4, 60))
def test_a_stamp_is_read_back_at_any_width(stamp: int, blocks: int) -> None:
    width, height = blocks * BLOCKS, 180
    assert read_luma(memoryview(plane(stamp, width, height)), width, width, height) == stamp


@given(stamp=st.integers(0, WRAP_MS - 1), block=st.integers(0, BLOCKS - 1))
def test_one_flipped_block_is_no_reading(stamp: int, block: int) -> None:
    width, height = 320, 180
    damaged = bytearray(plane(stamp, width, height))
    for row in range(height // STRIP_SHARE):
        for x in range(10 * block, 10 * block + 10):
            damaged[row * width + x] = 251 - damaged[row * width + x]
    assert read_luma(memoryview(damaged), width, width, height) is None


def test_a_blend_of_two_pictures_is_no_reading() -> None:
    first, second = plane(0x0F0F0F, 320, 180), plane(0xF0F0F0, 320, 180)
    blend = bytes((a + b) // 2 for a, b in zip(first, second, strict=True))
    assert read_luma(memoryview(blend), 320, 320, 180) is None


@pytest.mark.parametrize(
    ("now_ms", "stamp", "elapsed"),
    [
        (5_000, 4_000, 1_000),
        (WRAP_MS + 10, WRAP_MS - 90, 100),
        (3 * WRAP_MS + 700, 200, 500),
        (100, 130, -30),
    ],
)
def test_the_age_of_a_stamp_survives_its_wrap(now_ms: int, stamp: int, elapsed: int) -> None:
    assert elapsed_ms(now_ms, stamp) == elapsed


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (854, 480)])
def test_stamps_survive_encoding_and_scaling(width: int, height: int) -> None:
    stamps = [1_000, 1_033, 0xABCDEF, WRAP_MS - 1]
    file = BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for stamp in stamps:
            frame = VideoFrame(1280, 720, "yuv420p")
            for index, level in ((1, 128), (2, 128)):
                frame.planes[index].update(bytes([level]) * frame.planes[index].buffer_size)
            frame.planes[0].update(plane(stamp, 1280, 720))
            container.mux(stream.encode(frame.reformat(width, height)))
        container.mux(stream.encode(None))
    result = decode(file.getvalue())
    assert result.stamps == stamps
    assert result.errors == []


def test_media_cut_off_in_the_middle_is_reported() -> None:
    assert decode(b"\x00\x00\x00\x18ftypisom" + b"\x00" * 12).errors
