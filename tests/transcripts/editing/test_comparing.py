"""What is different between two versions, and how many characters were changed."""

from hypothesis import given
from hypothesis import strategies as st

from transcripts.cues.cue import Cue
from transcripts.editing.comparing import differences, edit_distance, letter_pieces, letters_of


def cues(*texts: str, length: int = 2000) -> list[Cue]:
    return [
        Cue(index * length, (index + 1) * length, tuple(text.split("/"))) for index, text in enumerate(texts)
    ]


def plain_distance(before: str, after: str) -> int:
    """Wagner and Fischer, row by row."""
    row = list(range(len(after) + 1))
    for i, one in enumerate(before, start=1):
        last, row[0] = row[0], i
        for j, other in enumerate(after, start=1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (one != other))
    return row[-1]


texts = st.text("甲乙丙a", max_size=40)


@given(texts, texts)
def test_the_bit_vectors_count_as_the_table_does(before: str, after: str) -> None:
    assert edit_distance(before, after) == plain_distance(before, after)


@given(texts, texts)
def test_pieces_give_both_texts_back(before: str, after: str) -> None:
    pieces = letter_pieces(before, after)
    assert "".join(each.text for each in pieces if each.kind != "new") == before
    assert "".join(each.text for each in pieces if each.kind != "gone") == after


@given(st.lists(texts, max_size=6), st.lists(texts, max_size=6))
def test_differences_carry_one_list_over_into_the_other(before: list[str], after: list[str]) -> None:
    old, new = cues(*before), cues(*after)
    found = differences(old, new)
    kept_old = [cue for each in found for cue in each.before]
    kept_new = [cue for each in found for cue in each.after]
    rest_old, rest_new = list(old), list(new)
    for cue in kept_old:
        rest_old.remove(cue)
    for cue in kept_new:
        rest_new.remove(cue)
    assert rest_old == rest_new


def test_one_more_cue_does_not_make_all_later_ones_different() -> None:
    before = cues("一", "二", "三")
    after = [before[0], Cue(1900, 2000, ("新的",)), *before[1:]]
    (difference,) = differences(before, after)
    assert (difference.before, difference.after[0].lines, difference.is_retimed) == ((), ("新的",), False)


def test_only_moved_is_said_to_be_moved() -> None:
    before = cues("一", "二")
    after = [before[0], Cue(2100, 4000, ("二",))]
    (difference,) = differences(before, after)
    assert difference.is_retimed


def test_punctuation_spaces_width_and_case_count_for_nothing() -> None:
    assert letters_of(cues("今天，讲 法。", "《民法典》/Ａpp第１条")) == "今天讲法民法典APP第1条"


def test_long_passages_are_shown_whole() -> None:
    pieces = letter_pieces("一" * 2000, "二" * 3)
    assert [(each.kind, len(each.text)) for each in pieces] == [("gone", 2000), ("new", 3)]
