import xml.etree.ElementTree as ElementTree
from io import BytesIO

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.fonts import Typeface, find_typeface
from core.settings import Settings
from schedules.papers.addresses import lecture_address, wall_address
from schedules.papers.qr_codes import QUIET, qr_picture, qr_png, qr_svg_file, runs, wrapped_address

SITE = "https://fz.example.gov.cn"
ADDRESS = lecture_address(SITE, "2026-11-2", "520013")


@pytest.fixture(scope="module")
def face() -> Typeface:
    return find_typeface(Settings())


def dark_squares(address: str) -> set[tuple[int, int]]:
    """As the encoder has them, quiet zone included."""
    code = segno.make(address, error="m", micro=False)
    lines = enumerate(code.matrix_iter(border=QUIET))
    return {(x, y) for y, line in lines for x, dark in enumerate(line) if dark}


def test_addresses_are_short_and_carry_the_unit() -> None:
    assert ADDRESS == "https://fz.example.gov.cn/l/2026-11-2?u=520013"
    assert lecture_address(SITE, "2026-11-2") == "https://fz.example.gov.cn/l/2026-11-2"
    assert wall_address(SITE, "522701") == "https://fz.example.gov.cn/u/522701"


@given(st.sampled_from([ADDRESS, wall_address(SITE, "522701"), "http://127.0.0.1:8000/l/2026-1-1?u=520001"]))
def test_the_stretches_are_the_codes_own_squares(address: str) -> None:
    size, dark = runs(address)
    drawn = {(column + step, row) for column, row, length in dark for step in range(length)}
    assert drawn == dark_squares(address)
    assert all(QUIET <= x < size - QUIET and QUIET <= y < size - QUIET for x, y in drawn)


def test_the_correction_is_at_least_m() -> None:
    assert segno.make(ADDRESS, error="m", micro=False).error in {"M", "Q", "H"}


def test_the_picture_has_every_module_whole() -> None:
    image = qr_picture(ADDRESS, 3)
    size, _ = runs(ADDRESS)
    assert image.size == (size * 3, size * 3)
    pixels = {(x, y) for x in range(size) for y in range(size) if image.getpixel((x * 3 + 1, y * 3 + 1)) == 0}
    assert pixels == dark_squares(ADDRESS)


def test_the_svg_carries_unit_and_address_and_no_markup_of_theirs() -> None:
    svg = qr_svg_file(ADDRESS, "州<司>法&局")
    texts = "".join(ElementTree.fromstring(svg).itertext())
    assert texts.count(ADDRESS) == 2  # its title, and printed below
    assert "州<司>法&局" in texts
    assert 'width="60mm"' in svg


def test_the_png_is_print_size_with_its_words(face: Typeface) -> None:
    image = Image.open(BytesIO(qr_png(ADDRESS, "三都水族自治县", face)))
    dpi = image.info["dpi"][0]
    size, _ = runs(ADDRESS)
    code_mm = image.width * (size - 2 * QUIET) / size / dpi * 25.4
    assert round(dpi) == 300
    assert code_mm >= 30
    assert image.height > image.width  # the words above and below


@given(st.text("abcdefghij-./?=:0123456789", min_size=1, max_size=200), st.integers(12, 60))
def test_a_wrapped_address_loses_nothing_and_fits(address: str, most: int) -> None:
    lines = wrapped_address(address, most)
    assert "".join(lines) == address
    assert all(0 < len(line) <= most for line in lines)


def test_an_address_is_broken_where_it_reads_well() -> None:
    assert wrapped_address("https://fz.example.gov.cn/l/2026-11-2?u=520013", 40) == [
        "https://fz.example.gov.cn/l/2026-11-2",
        "?u=520013",
    ]
