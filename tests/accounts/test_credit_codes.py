import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.credit_codes import LETTERS, check_character, credit_code_fault, normal_credit_code

REAL = "91350100M000100Y43"
"""The example of GB 32100-2015, annex A."""


def test_the_standards_own_example_is_right() -> None:
    assert check_character(REAL[:17]) == "3"
    assert credit_code_fault(REAL) is None
    assert credit_code_fault(normal_credit_code(" 91350100 m000100y43\n")) is None


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("", "18 位"),
        (REAL[:-1], "现在是 17 位"),
        (REAL + "0", "现在是 19 位"),
        (REAL[:-1] + "4", "校验位"),
        ("I" + REAL[1:], "没有 I"),
        (REAL[:2] + "A" + REAL[3:], "第 3 到 8 位"),
        ("９" + REAL[1:], "数字和大写字母"),
    ],
)
def test_what_is_wrong_is_said(code: str, word: str) -> None:
    assert word in (credit_code_fault(code) or "")


@given(st.integers(0, 16), st.sampled_from(LETTERS))
def test_one_wrong_letter_is_always_found(place: int, letter: str) -> None:
    wrong = REAL[:place] + letter + REAL[place + 1 :]
    assert (credit_code_fault(wrong) is None) is (wrong == REAL)


@given(st.integers(0, 15))
def test_two_letters_that_changed_places_are_always_found(place: int) -> None:
    wrong = REAL[:place] + REAL[place + 1] + REAL[place] + REAL[place + 2 :]
    assert (credit_code_fault(wrong) is None) is (wrong == REAL)
