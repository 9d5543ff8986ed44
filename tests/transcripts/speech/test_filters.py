"""What Whisper is known to do wrong in lectures: canned outputs, each mended or held for a person."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.settings import load_settings
from transcripts.speech.filters import (
    BLOCKED,
    INAUDIBLE,
    LONGEST_TAIL,
    LOOP,
    OUTSIDE,
    PHRASES,
    TOO_FAST,
    UNHEARD,
    UNSURE,
    Held,
    Sifted,
    blocklist,
    sift,
    unheard,
)
from transcripts.speech.words import Segment, Word

SPEECH = [(0.0, 60.0)]


def said(text: str, start: float = 0.0, end: float | None = None, **measures: float) -> Segment:
    """Evenly, a character a word, four a second unless an end is given."""
    end = start + len(text) / 4 if end is None else end
    step = (end - start) / len(text)
    words = tuple(
        Word(letter, start + place * step, start + (place + 1) * step) for place, letter in enumerate(text)
    )
    return Segment(text, start, end, words, **measures)


def sifted(
    *segments: Segment, spans: Sequence[tuple[float, float]] = SPEECH, phrases: Sequence[str] = PHRASES
) -> Sifted:
    return sift(segments, spans, phrases)


LEGAL = "申请人对行政行为不服的可以申请行政复议"


@pytest.mark.parametrize(
    ("failure", "segment", "reason"),
    [
        ("credits on silence", said("字幕由Amara.org社区提供"), BLOCKED),
        ("in another community's words", said("字幕由 Amara.org 社群提供"), BLOCKED),
        ("begging for likes", said("请不吝点赞 订阅 转发 打赏支持明镜与点点栏目"), BLOCKED),
        ("with punctuation between", said("订阅、转发、打赏！"), BLOCKED),
        ("in traditional characters", said("請不吝點贊、訂閱、轉發、打賞支持明鏡與點點欄目"), BLOCKED),
        ("a broadcaster that is not ours", said("明镜需要您的支持 欢迎收看订阅明镜"), BLOCKED),
        ("full width", said("Ａｍａｒａ．ｏｒｇ"), BLOCKED),
        ("inside a real sentence", said("今天讲行政复议字幕志愿者张三"), BLOCKED),
        ("the prompt read aloud", said("以下是普通话的句子，用简体字。"), BLOCKED),
        ("a song's credits", said("词曲 李宗盛"), BLOCKED),
        ("a farewell alone", said("谢谢观看。"), BLOCKED),
        ("a window it does not trust", said(LEGAL, no_speech_prob=0.8, avg_logprob=-1.4), UNSURE),
        ("a loop in a sentence", said("你只能选择两个" * 5), LOOP),
        ("a loop with punctuation", said("你只能选择两个，" * 5), LOOP),
        ("a loop of one syllable", said("的" * 12), LOOP),
        ("text that compresses too well", said(LEGAL, compression_ratio=3.1), LOOP),
        ("more than can be said", said(LEGAL * 3, 0.0, 2.0), TOO_FAST),
    ],
)
def test_what_nobody_said_is_held_with_its_reason(failure: str, segment: Segment, reason: str) -> None:
    after = sifted(segment)
    assert after.kept == [], failure
    assert after.held == [Held(segment.start, segment.end, segment.text, reason)], failure


@pytest.mark.parametrize(
    "segment",
    [
        said(LEGAL, avg_logprob=-0.3, no_speech_prob=0.1, compression_ratio=1.2),
        said("感谢收看，我们下期再见，记得申请行政复议。"),
        said("对对对对，就是这个意思"),
        said("谢谢大家"),
        said(LEGAL, no_speech_prob=0.9, avg_logprob=-0.2),
        said("第一千一百六十五条"),
        said("好"),
        said("歌手李宗盛告经纪公司违约案"),
    ],
)
def test_what_a_lecturer_says_is_kept(segment: Segment) -> None:
    after = sifted(segment)
    assert after.held == []
    assert [each.text for each in after.kept] == [segment.text]


def test_text_where_nobody_speaks_is_held() -> None:
    after = sifted(said(LEGAL, 10.0), spans=[(0.0, 8.0), (20.0, 30.0)])
    assert [each.reason for each in after.held] == [OUTSIDE]


def test_the_bureau_adds_phrases_of_its_own() -> None:
    phrases = blocklist(load_settings(speech_blocklist="扫码加群| 免费咨询电话 |"))
    assert [each.reason for each in sifted(said("请扫码、加群"), phrases=phrases).held] == [BLOCKED]
    assert set(PHRASES) < set(phrases)
    assert "" not in phrases


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        (["甲", "甲", "甲", "甲"], ["甲"]),
        (["甲", "甲"], ["甲", "甲"]),
        (["申请期限", "六十日", "申请期限", "六十日", "申请期限", "六十日"], ["申请期限", "六十日"]),
        (["一", "二", "三", "一", "二", "三", "一", "二", "三", "四"], ["一", "二", "三", "四"]),
        (["前文", "甲。", "甲！", "甲", "后文"], ["前文", "甲。", "后文"]),
        (["甲", "乙", "甲", "丙", "甲"], ["甲", "乙", "甲", "丙", "甲"]),
    ],
)
def test_a_sentence_said_again_and_again_is_kept_once(texts: list[str], kept: list[str]) -> None:
    after = sifted(*(said(text, 2.0 * place, 2.0 * place + 1) for place, text in enumerate(texts)))
    assert [each.text for each in after.kept] == kept
    assert {each.reason for each in after.held} <= {LOOP}
    assert len(after.held) == len(texts) - len(kept)


def test_an_end_that_stretches_over_a_pause_is_brought_back_to_the_last_word() -> None:
    words = (Word("依", 1.0, 1.2), Word("法", 1.2, 1.4))
    (after,) = sifted(Segment("依法", 1.0, 9.0, words)).kept
    assert after.end == 1.4 + LONGEST_TAIL


def test_a_word_that_stretches_over_a_pause_lasts_a_moment() -> None:
    words = (Word("依", 1.0, 7.0), Word("法", 7.0, 7.2))
    (after,) = sifted(Segment("依法", 1.0, 7.2, words)).kept
    assert (after.words[0].start, after.words[0].end) == (1.0, 2.0)


def test_a_word_begun_in_the_silence_before_speech_begins_with_the_speech() -> None:
    words = (Word("依", 2.0, 6.2), Word("法", 6.2, 6.4))
    (after,) = sifted(Segment("依法", 2.0, 6.4, words), spans=[(0.0, 1.0), (6.0, 9.0)]).kept
    assert (after.start, after.words[0].end) == (6.0, 6.2)


def test_times_that_cross_rise_again_and_nothing_is_lost() -> None:
    first = said("申请行政复议", 10.0, 13.0)
    second = said("六十日之内", 12.5, 16.0)
    after = sifted(second, first)
    assert [each.text for each in after.kept] == ["申请行政复议", "六十日之内"]
    words = [word for each in after.kept for word in each.words]
    assert all(one.end <= other.start for one, other in pairwise(words))
    assert after.kept[0].end <= after.kept[1].start


def test_a_tail_does_not_push_the_next_words_away() -> None:
    first = Segment("依法", 1.0, 9.0, (Word("依法", 1.0, 2.0),))
    second = Segment("行政", 2.2, 3.0, (Word("行政", 2.2, 3.0),))
    after = sifted(first, second)
    assert after.kept[1].start == 2.2
    assert after.kept[0].end == 2.2


def test_the_same_seconds_written_twice_are_held_the_second_time() -> None:
    after = sifted(said(LEGAL, 10.0, 15.0), said("被告应当在十五日内提交答辩状", 10.2, 14.8))
    assert [each.text for each in after.kept] == [LEGAL]
    assert [each.reason for each in after.held] == [TOO_FAST]


def test_text_without_punctuation_and_words_without_times_are_kept() -> None:
    (after,) = sifted(Segment("没有 标点", 1.0, 3.0, ())).kept
    assert "".join(word.text for word in after.words) == "没有标点"
    assert (after.words[0].start, after.words[-1].end) == (1.0, 3.0)


def test_speech_that_was_not_written_down_is_told() -> None:
    heard = [said(LEGAL, 0.0, 5.0), said(LEGAL, 12.0, 17.0)]
    missing = unheard(heard, [(0.0, 17.2), (20.0, 22.0), (30.0, 36.0)])
    assert missing == [Held(5.0, 12.0, INAUDIBLE, UNHEARD), Held(30.0, 36.0, INAUDIBLE, UNHEARD)]
    assert unheard([said(LEGAL * 4, 0.0, 17.0)], [(0.0, 17.2)]) == []


TIMES = st.floats(0, 100, allow_nan=False)
SEGMENTS = st.lists(
    st.builds(
        lambda text, start, length, words: Segment(text, start, start + length, tuple(words)),
        st.text("依法行政复议，。 a1", min_size=0, max_size=12),
        TIMES,
        st.floats(0, 20),
        st.lists(st.builds(Word, st.text("依法行政a", min_size=1, max_size=3), TIMES, TIMES), max_size=6),
    ),
    max_size=8,
)


@given(SEGMENTS, st.lists(st.tuples(TIMES, TIMES).map(lambda pair: (min(pair), max(pair))), max_size=4))
def test_whatever_an_engine_says_no_text_is_lost_and_no_times_cross(
    segments: list[Segment], spans: list[tuple[float, float]]
) -> None:
    after = sift(segments, spans, PHRASES)
    texts = [each.text.strip() for each in segments if each.text.strip()]
    assert sorted([each.text.strip() for each in after.kept] + [each.text for each in after.held]) == sorted(
        texts
    )
    moment = 0.0
    for each in after.kept:
        assert each.words
        for word in each.words:
            assert moment <= word.start <= word.end
            moment = word.end
        assert each.start == each.words[0].start
        assert each.words[-1].end <= each.end
    assert all(one.end <= other.start for one, other in pairwise(after.kept))
