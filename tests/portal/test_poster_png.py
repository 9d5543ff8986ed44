from io import BytesIO

import pytest
from PIL import Image
from portal.drum import drum_paths, sun, teeth
from portal.poster import HEIGHT, MARGIN, WIDTH, Poster
from portal.poster_png import TOTAL_HEIGHT, PosterFoot, poster_png

from core.fonts import Typeface, find_typeface
from core.settings import Settings
from schedules.papers.qr_codes import QUIET, runs

ADDRESS = "https://fz.example.gov.cn/l/2026-11-2?u=520013"
FOOT = PosterFoot("扫一扫，准时收看", ADDRESS)
POSTER = Poster("欠薪怎么办", "州人力资源社会保障局", "2026年11月26日 15:00", "法治微课堂")


@pytest.fixture(scope="module")
def face() -> Typeface:
    return find_typeface(Settings())


def drawn(poster: Poster, face: Typeface, foot: PosterFoot = FOOT) -> Image.Image:
    image = Image.open(BytesIO(poster_png(poster, foot, face)))
    assert image.format == "PNG"
    return image.convert("L")


def shade(image: Image.Image, x: int, y: int) -> int:
    value = image.getpixel((x, y))
    assert isinstance(value, int)
    return value


def light_in(image: Image.Image, left: int, top: int, right: int, bottom: int) -> int:
    """How many pixels are nearly white."""
    counts = image.crop((left, top, right, bottom)).histogram()
    return sum(counts[230:])


def test_it_has_the_posters_width_and_a_white_foot(face: Typeface) -> None:
    image = drawn(POSTER, face)
    assert image.size == (WIDTH, TOTAL_HEIGHT)
    assert shade(image, 4, 4) < 100
    assert shade(image, 4, TOTAL_HEIGHT - 4) == 255


def test_every_module_of_its_code_is_whole_and_right(face: Typeface) -> None:
    """Read from the picture as a decoder does: the middle of each module, dark or light."""
    image = drawn(POSTER, face)
    size, dark = runs(ADDRESS)
    side = 256 // size * size
    module = side // size
    left, top = WIDTH - MARGIN - side, HEIGHT + (TOTAL_HEIGHT - HEIGHT - side) // 2
    seen = {
        (column, row)
        for column in range(size)
        for row in range(size)
        if shade(image, left + column * module + module // 2, top + row * module + module // 2) < 128
    }
    assert seen == {(column + step, row) for column, row, length in dark for step in range(length)}
    assert min(column for column, _ in seen) == QUIET


def test_title_unit_and_date_are_drawn_in_their_places(face: Typeface) -> None:
    image = drawn(POSTER, face)
    bare = drawn(Poster("讲", "", "", "", is_sample=False), face)
    for band in ((80, 150), (300, 440), (600, 660)):
        assert light_in(image, MARGIN, band[0], 700, band[1]) > light_in(bare, MARGIN, band[0], 700, band[1])


def test_the_title_is_legible_when_the_poster_is_160_pixels_wide(face: Typeface) -> None:
    """Its strokes stand out from the blue by more than 4.5 to 1 (WCAG 1.4.3) after scaling down."""
    small = drawn(POSTER, face).resize((160, 160 * TOTAL_HEIGHT // WIDTH), Image.Resampling.LANCZOS)
    title = small.crop((MARGIN // 8, 38, 80, 56))
    shades = [place for place, count in enumerate(title.histogram()) if count]
    assert shades[-1] > 200
    assert shades[0] < 75


def test_the_sample_mark_stands_only_on_samples(face: Typeface) -> None:
    corner = (WIDTH - MARGIN - 140, 80, WIDTH - MARGIN, 150)
    plain = light_in(drawn(POSTER, face), *corner)
    sample = Poster(POSTER.title, POSTER.unit, POSTER.when, POSTER.site, is_sample=True)
    assert plain == 0
    assert light_in(drawn(sample, face), *corner) > 300


@pytest.mark.parametrize("title", ["法" * 120, "OBS", "䶮𬱟", "，。"])
def test_any_title_can_be_drawn(title: str, face: Typeface) -> None:
    long = "https://fazhiweiketang.qiannan.example.gov.cn/weiketang/l/2026-11-12?u=5200130000000000"
    assert (
        drawn(Poster(title, "单位" * 30, "时间" * 40, "站" * 40), face, PosterFoot("扫" * 40, long)).width
        == WIDTH
    )


def test_the_pattern_is_the_one_of_the_drawn_poster() -> None:
    paths = drum_paths()
    for corners in (sun(), teeth()):
        assert "L".join(f"{x:.1f} {y:.1f}" for x, y in corners) in paths
        assert all(0 < value < 600 for corner in corners for value in corner)
