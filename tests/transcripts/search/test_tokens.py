import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.search.normal import normalise
from transcripts.search.tokens import Phrase, is_han, phrase, tokens

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4E40), min_size=1, max_size=12)
MIXED = st.text(st.sampled_from("复议法普第条1 2a，b中国"), min_size=1, max_size=30)


def holds(text: list[str], wanted: Phrase) -> bool:
    """What an index with positions does, in a few lines."""
    size = len(wanted.tokens)
    for at in range(len(text) - size + 1):
        window = text[at : at + size]
        last = (
            window[-1].startswith(wanted.tokens[-1]) if wanted.open_end else window[-1] == wanted.tokens[-1]
        )
        if last and tuple(window[:-1]) == wanted.tokens[:-1]:
            return True
    return False


@pytest.mark.parametrize(
    ("normal", "expected"),
    [
        ("行政复议", ["行政", "政复", "复议", "议"]),
        ("第11条规定", ["第", "11", "条规", "规定", "定"]),
        ("wto 规则", ["wto", "规则", "则"]),
        ("gb2312", ["gb", "2312"]),
        ("税", ["税"]),
        ("", []),
        ("x" * 200, ["x" * 60]),
        ("𠮷野", ["𠮷野", "野"]),
    ],
)
def test_text_becomes_pairs_of_characters_and_whole_latin_words(normal: str, expected: list[str]) -> None:
    assert tokens(normal) == expected


@pytest.mark.parametrize(
    ("normal", "expected"),
    [
        ("复议", Phrase(("复议",))),
        ("行政复议", Phrase(("行政", "政复", "复议"))),
        ("税", Phrase(("税",), open_end=True)),
        ("第11条", Phrase(("第", "11", "条"), open_end=True)),
        ("wto", Phrase(("wto",))),
        ("   ", None),
    ],
)
def test_a_word_is_looked_for_as_a_phrase(normal: str, expected: Phrase | None) -> None:
    assert phrase(normal) == expected


@given(HAN, st.data())
def test_every_part_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    wanted = phrase(text[start:end])
    assert wanted is not None
    assert holds(tokens(text), wanted)


@given(MIXED, HAN)
def test_what_is_not_in_a_text_is_not_found(text: str, word: str) -> None:
    normal = normalise(text)
    wanted = phrase(word)
    assert wanted is not None
    assert holds(tokens(normal), wanted) == (word in normal)


@given(st.text(max_size=80))
def test_a_token_is_nothing_but_letters_and_digits(text: str) -> None:
    assert all(token.isalnum() for token in tokens(normalise(text)))


def test_rare_characters_are_chinese_too() -> None:
    assert is_han("𠮷")
    assert is_han("〇")
    assert is_han("复")
    assert not is_han("a")
    assert not is_han("1")
    assert not is_han("，")
