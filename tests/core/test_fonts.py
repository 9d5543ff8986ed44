from pathlib import Path

import pytest

from core.fonts import BUNDLED, SIMPLIFIED, FontMissing, Typeface, find_typeface
from core.settings import Settings


def settings(**overrides: object) -> Settings:
    return Settings.model_validate(overrides)


def test_the_face_that_setup_laid_is_taken_with_both_weights_and_its_licence() -> None:
    face = find_typeface(settings())
    assert face == Typeface(BUNDLED / "NotoSansSC-Regular.ttf", BUNDLED / "NotoSansSC-Bold.ttf")
    assert "SIL OPEN FONT LICENSE" in (BUNDLED / "LICENSE").read_text("utf-8").upper()


def test_without_it_the_usual_places_are_tried_in_order(tmp_path: Path) -> None:
    for name in ("second.ttc", "second-bold.ttc", "half.ttf"):
        (tmp_path / name).touch()
    missing = Typeface(tmp_path / "half.ttf", tmp_path / "none.ttf")
    second = Typeface(tmp_path / "second.ttc", tmp_path / "second-bold.ttc", SIMPLIFIED)
    assert find_typeface(settings(), [missing, second]) == second


def test_a_setting_comes_first_and_of_a_collection_the_simplified_face_is_taken(tmp_path: Path) -> None:
    for name, index in (("own.ttf", 0), ("own.TTC", SIMPLIFIED)):
        own = tmp_path / name
        own.touch()
        assert find_typeface(settings(pdf_font_path=own)) == Typeface(own, own, index)


def test_a_machine_without_any_says_what_to_do() -> None:
    with pytest.raises(FontMissing, match=r"scripts/setup.*WEIKETANG_PDF_FONT_PATH"):
        find_typeface(settings(), [])


def test_a_setting_that_points_nowhere_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(FontMissing, match=r"WEIKETANG_PDF_FONT_PATH.*gone\.ttf"):
        find_typeface(settings(pdf_font_path=tmp_path / "gone.ttf"))
