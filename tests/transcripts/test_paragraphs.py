from hypothesis import given
from hypothesis import strategies as st

from tests.support.published_subtitles import cues
from transcripts.cues.cue import Cue
from transcripts.paragraphs import MOST_CHARACTERS, paragraphs

CUES = st.lists(
    st.tuples(st.integers(100, 7000), st.integers(0, 4000), st.text("讲法 ", max_size=32)), max_size=80
)


def laid(drawn: list[tuple[int, int, str]]) -> list[Cue]:
    at, made = 0, []
    for length, pause, text in drawn:
        made.append(Cue(at, at + length, (text,)))
        at += length + pause
    return made


@given(CUES, st.lists(st.integers(0, 300_000), max_size=5))
def test_every_cue_with_words_is_in_one_paragraph_in_order(
    drawn: list[tuple[int, int, str]], starts: list[int]
) -> None:
    given_cues = laid(drawn)
    made = paragraphs(given_cues, chapter_starts=starts)
    assert [cue for each in made for cue in each.cues] == [cue for cue in given_cues if cue.text.strip()]
    assert all(sum(len(cue.text) for cue in each.cues) <= MOST_CHARACTERS for each in made)


def test_a_chapter_begins_a_paragraph() -> None:
    made = paragraphs([each.cue for each in cues("一", "二", "三", "四")], chapter_starts=[8000])
    assert [[cue.text for cue in each.cues] for each in made] == [["一", "二"], ["三", "四"]]
    assert [each.seconds for each in made] == [0, 8]


def test_a_pause_begins_a_paragraph_once_there_is_enough_in_the_one_before() -> None:
    long = "长" * 16
    given_cues = [Cue(at * 3000, at * 3000 + 2900, (long,)) for at in range(4)]
    given_cues.append(Cue(15_000, 18_000, ("后",)))
    given_cues.append(Cue(21_000, 22_000, ("再后",)))
    made = paragraphs(given_cues)
    assert [len(each.cues) for each in made] == [4, 2]
