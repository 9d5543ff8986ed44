"""The machine's draft: all that was heard, once and in order; each cue says which engine heard it and how surely."""

from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.spoken import assert_hard_rules, spoken
from transcripts.cues.draft import DraftCue, from_rows, to_rows
from transcripts.recognition.drafting import HeardPiece, characters_of, draft_cues
from transcripts.recognition.rows import (
    HeldText,
    at_lecture_time,
    held_of,
    held_rows,
    segment_rows,
    segments_of,
)
from transcripts.speech.engine import EngineIdentity
from transcripts.speech.words import Segment, Word

SMALL = EngineIdentity("whisper", "small", "1" * 64)
LARGE = EngineIdentity("sherpa", "sense-voice", "2" * 64)


def said(text: str, start: float, *, prob: float = 0.9) -> Segment:
    words = tuple(Word(each.text, each.start, each.end, prob) for each in spoken(text, start=start))
    return Segment(text, words[0].start, words[-1].end, words)


def draft(*pieces: HeardPiece, terms: tuple[str, ...] = ()) -> list[DraftCue]:
    numbers = count(1)
    return draft_cues(pieces, terms=terms, make_id=lambda: str(next(numbers)))


def texts(cues: list[DraftCue]) -> str:
    return "".join(cue.cue.text for cue in cues)


def test_a_cue_knows_its_engine_its_model_and_its_least_sure_word() -> None:
    words = (*spoken("行政复议"), Word("法", 0.8, 1.0, 0.4))
    first = HeardPiece([Segment("行政复议法", 0, 1, words)], [], SMALL)
    second = HeardPiece([said("依法行政", 5, prob=0.75)], [], LARGE)
    cues = draft(first, second)
    assert [(each.engine, each.model, each.sha256, each.prob) for each in cues] == [
        ("whisper", "small", "1" * 64, 0.4),
        ("sherpa", "sense-voice", "2" * 64, 0.75),
    ]
    assert from_rows(to_rows(cues)) == cues


def test_a_sentence_that_goes_on_in_the_next_piece_is_not_torn() -> None:
    cues = draft(HeardPiece([said("今天讲行政复", 0)], [], SMALL), HeardPiece([said("议法", 1.2)], [], SMALL))
    assert [each.cue.text for each in cues] == ["今天讲行政复议法"]


def test_behind_another_engine_no_cue_lingers_over_the_next() -> None:
    cues = draft(HeardPiece([said("今天讲行政复", 0)], [], SMALL), HeardPiece([said("议法", 1.2)], [], LARGE))
    assert (cues[0].cue.end_ms, cues[0].engine) == (1200, "whisper")
    assert_hard_rules([each.cue for each in cues])


def test_a_term_is_not_broken() -> None:
    long = "我们首先要弄清楚的是最高人民检察院的职责"
    cues = draft(HeardPiece([said(long, 0)], [], SMALL), terms=("最高人民检察院",))
    assert any("最高人民检察院" in line for each in cues for line in each.cue.lines)


def test_what_is_held_stands_between_with_its_reason_and_does_not_count() -> None:
    held = HeldText(3.0, 5.0, "谢谢观看", "这里没有人说话")
    cues = draft(HeardPiece([said("各位听众", 0), said("依法行政", 6)], [held], SMALL))
    assert [(each.cue.text, each.held, each.prob) for each in cues] == [
        ("各位听众", "", 0.9),
        ("谢谢观看", "这里没有人说话", None),
        ("依法行政", "", 0.9),
    ]
    assert {each.engine for each in cues} == {"whisper"}
    assert characters_of(cues) == 8


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        pytest.param(
            HeldText(0.2, 0.6, "谢谢观看", "套话"), False, id="no room: the list of the piece has it"
        ),
        pytest.param(HeldText(0.2, 4.0, "谢谢观看", "套话"), True, id="room behind what stands"),
        pytest.param(HeldText(9.0, 9.1, "谢谢观看", "套话"), True, id="room of its own"),
    ],
)
def test_what_stands_keeps_its_time_and_what_is_held_takes_the_room_that_is_left(
    held: HeldText, shown: bool
) -> None:
    cues = draft(HeardPiece([said("各位听众", 0)], [held], SMALL))
    assert cues[0].cue.text == "各位听众"
    assert any(each.held for each in cues) is shown
    assert_hard_rules([each.cue for each in cues])


def test_without_words_there_is_no_cue() -> None:
    assert draft() == []
    assert draft(HeardPiece([], [], SMALL)) == []


moments = st.integers(0, 4000).map(lambda hundredths: hundredths / 100)
words = st.builds(
    Word, st.sampled_from(("依法", "行", "政复议", "申请", "受理")), moments, moments, st.just(0.9)
)
segments = st.lists(words, min_size=1, max_size=4).map(
    lambda each: Segment("".join(word.text for word in each), each[0].start, each[-1].end, tuple(each))
)
helds = st.builds(HeldText, moments, moments, st.sampled_from(("", "谢谢", "谢谢观看" * 7)), st.just("套话"))
pieces = st.builds(
    HeardPiece,
    st.lists(segments, max_size=2),
    st.lists(helds, max_size=2),
    st.sampled_from([SMALL, LARGE]),
)


@settings(deadline=None)  # the first call loads the words of jieba
@given(st.lists(pieces, max_size=3))
def test_whatever_an_engine_says_no_word_is_lost_or_doubled_and_no_cue_stands_over_another(
    heard: list[HeardPiece],
) -> None:
    cues = draft(*heard)
    latest = 0
    for each in cues:
        assert latest <= each.cue.start_ms < each.cue.end_ms
        latest = each.cue.end_ms
    expected = "".join(word.text for piece in heard for segment in piece.segments for word in segment.words)
    assert sorted(texts([each for each in cues if not each.held])) == sorted(expected)
    assert len({each.id for each in cues}) == len(cues)


def test_rows_keep_what_was_heard() -> None:
    segment = Segment(
        "依法", 1.5, 2.5, (Word("依", 1.5, 2.0, 0.5), Word("法", 2.0, 2.5, 1.0)), -0.3, 0.1, 1.2, 0.0
    )
    assert segments_of(segment_rows([segment])) == [segment]
    held = HeldText(1.5, 2.25, "谢谢观看", "套话")
    assert held_of(held_rows([held])) == [held]


def test_a_piece_s_times_are_moved_to_where_the_lecture_has_it() -> None:
    moved = at_lecture_time(said("依法", 0.5), 600)
    assert (moved.start, moved.words[-1].end) == (600.5, 600.9)
