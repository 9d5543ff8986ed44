import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portal.poster import LINES, MARGIN, WIDTH, Poster, fit_title, poster_svg, text_width, wrap

TITLES = [
    "欠薪怎么办",
    "未成年人防溺水与监护责任",
    "新修订的行政复议法，老百姓怎么用",
    "欠薪怎么办：农民工工资支付保障条例（2020年施行）逐条讲解与维权指南",
]


@pytest.mark.parametrize("title", TITLES)
def test_a_title_keeps_every_character_within_three_lines(title: str) -> None:
    size, lines = fit_title(title)
    assert "".join(lines) == title
    assert len(lines) <= LINES
    assert all(text_width(line) * size <= WIDTH - 2 * MARGIN for line in lines)


def test_a_short_title_is_drawn_large_and_stays_legible_at_160_pixels() -> None:
    size, lines = fit_title("欠薪怎么办")
    assert lines == ["欠薪怎么办"]
    assert size * 160 / WIDTH >= 12


def test_lines_are_even_and_do_not_begin_with_punctuation() -> None:
    lines = wrap("新修订的行政复议法，老百姓怎么用", 10, 3)
    assert lines is not None
    assert len(lines) == 2
    assert abs(text_width(lines[0]) - text_width(lines[1])) <= 2
    assert lines[1][0] not in "，。）"


def test_latin_words_and_numbers_stay_whole() -> None:
    lines = wrap("用OBS直播的12345个办法", 6, 3)
    assert lines is not None
    assert any("OBS" in line for line in lines)
    assert any("12345" in line for line in lines)


def test_a_title_far_too_long_ends_with_an_ellipsis() -> None:
    _, lines = fit_title("法" * 120)
    assert len(lines) == LINES
    assert lines[-1].endswith("…")


@given(st.text(min_size=1, max_size=120).filter(str.strip))
def test_any_title_can_be_drawn_as_well_formed_svg(title: str) -> None:
    printable = "".join(letter for letter in title if letter.isprintable()) or "讲座"
    svg = poster_svg(Poster(printable, "州<司>法&局", "2026年11月24日 15:00", "法治微课堂", is_sample=True))
    ElementTree.fromstring(svg)
    assert "州&lt;司&gt;法&amp;局" in svg
