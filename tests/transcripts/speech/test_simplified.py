import pytest

from transcripts.speech.simplified import simplified, simplified_words


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("訴訟時效", "诉讼时效"),
        ("善意取得", "善意取得"),
        ("乾隆年間", "乾隆年间"),
        ("行政復議法第十一條", "行政复议法第十一条"),
        ("WTO 規則 2026", "WTO 规则 2026"),
        ("", ""),
    ],
)
def test_text_is_simplified(written: str, shown: str) -> None:
    assert simplified(written) == shown


@pytest.mark.parametrize("words", [["乾", "隆", "年", "間"], ["乾隆", "年間"], ["乾", "隆年", "", "間"]])
def test_single_characters_are_read_in_their_sentence(words: list[str]) -> None:
    after = simplified_words(words)
    assert "".join(after) == "乾隆年间"
    assert list(map(len, after)) == list(map(len, words))


def test_words_that_need_nothing_stay() -> None:
    assert simplified_words(["依法", "行政", "law"]) == ["依法", "行政", "law"]
    assert simplified_words([]) == []
