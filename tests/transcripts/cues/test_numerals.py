import pytest

from transcripts.cues.numerals import LARGEST, number_of, numeral


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("一", 1),
        ("十", 10),
        ("十一", 11),
        ("二十", 20),
        ("一百", 100),
        ("一百零五", 105),
        ("一百一十", 110),
        ("一百三十三", 133),
        ("一千一百六十五", 1165),
        ("一千零一", 1001),
        ("一千零一十", 1010),
        ("两百", 200),
        ("一百三", 130),
        ("一一六五", 1165),
        ("一〇五", 105),
        ("1165", 1165),
        ("１２", 12),
        ("九千九百九十九", 9999),
        ("", None),
        ("十百", None),
        ("一二十", None),
        ("甲", None),
        ("12345", None),
        ("一二三四五", None),
        ("-1", None),
    ],
)
def test_a_numeral_is_read_however_it_is_spoken(text: str, number: int | None) -> None:
    assert number_of(text) == number


def test_every_number_comes_back_from_its_numeral() -> None:
    assert all(number_of(numeral(number)) == number for number in range(LARGEST + 1))


@pytest.mark.parametrize(
    ("number", "text"),
    [(10, "十"), (15, "十五"), (110, "一百一十"), (1010, "一千零一十"), (1165, "一千一百六十五")],
)
def test_numerals_are_written_as_in_laws(number: int, text: str) -> None:
    assert numeral(number) == text


@pytest.mark.parametrize("number", [-1, 10_000])
def test_there_is_no_numeral_for_what_no_law_has(number: int) -> None:
    with pytest.raises(ValueError, match="no article"):
        numeral(number)
