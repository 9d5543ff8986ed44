"""Errors are counted over everything, both sides written the same way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.speech.evaluation import (
    ClipScore,
    Score,
    Terms,
    edits,
    normalised,
    outside_speech,
    terms_found,
)
from transcripts.speech.words import Segment, Word


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("行政復議，第十一條。", "行政复议第11条"),
        ("第11条", "第十一条"),
        ("第一千一百六十五条", "第1165条"),
        ("第１１６５条", "第1165条"),
        ("二〇二六年", "2026年"),
        ("二零二六年十一月", "2026年11月"),
        ("百分之五十", "50%"),
        ("百分之三点五", "3.5％"),
        ("千分之二", "2‰"),
        ("三万五", "35,000"),
        ("一百零五", "105"),
        ("一百三", "130"),
        ("一亿三千万", "130000000"),
        ("<|zh|><|NEUTRAL|>你 好", "你好"),
        ("wto", "ＷＴＯ"),
        ("乾隆", "乾隆"),
    ],
)
def test_what_is_written_differently_and_said_alike_is_the_same(written: str, same: str) -> None:
    assert normalised(written) == normalised(same)


@pytest.mark.parametrize("text", ["三四十", "千万", "百姓", "万一"])
def test_what_is_no_number_stays(text: str) -> None:
    assert normalised(text) == text


@pytest.mark.parametrize(
    ("one", "other"), [("三四十人", "四十人"), ("第十条", "第二十条"), ("一百三", "一百零三")]
)
def test_different_numbers_stay_different(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


@given(st.text("第一二三十百千万亿条0123456789.,%百分之点 a，", max_size=20))
def test_what_is_normal_stays_so(text: str) -> None:
    assert not set(normalised(text)) & set("，, ")


@pytest.mark.parametrize(
    ("reference", "heard", "count"),
    [("", "", 0), ("依法行政", "依法行政", 0), ("依法行政", "", 4), ("", "依法", 2), ("依法行政", "依法执政", 1),
     ("依法行政", "依行政", 1), ("依法行政", "依法法行政", 1), ("𠮷日", "吉日", 1)],
)  # fmt: skip
def test_edits_are_the_fewest(reference: str, heard: str, count: int) -> None:
    assert edits(reference, heard) == count


def plainly(one: str, other: str) -> int:
    """The recurrence as it stands in textbooks."""
    table = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i, a in enumerate(one, 1):
        for j, b in enumerate(other, 1):
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (a != b))
    return table[len(one), len(other)]


@given(st.text("依法行政", max_size=9), st.text("依法行政", max_size=9))
def test_edits_are_those_of_the_textbook(one: str, other: str) -> None:
    assert edits(one, other) == plainly(one, other)


def test_terms_count_as_often_as_they_are_said() -> None:
    found = terms_found(
        "行政复议与行政复议机关和证据", "行政复议与行政服役机关", {"行政复议", "证据", "彩礼", ""}
    )
    assert (found, found.recall) == (Terms(3, 1), 1 / 3)
    assert Terms(0, 0).recall is None


def test_characters_of_words_outside_speech_are_counted() -> None:
    words = (Word("依法", 0.0, 1.0), Word("谢谢，", 4.0, 5.0), Word("a1", 9.5, 10.5))
    assert outside_speech([Segment("", 0, 5, words)], [(0.0, 2.0), (10.0, 12.0)]) == 2


def clip(reference: str, heard: str, **values: float) -> ClipScore:
    numbers = {
        "seconds": 60.0,
        "speech_seconds": 30.0,
        "spent": 6.0,
        "invented": 0,
        "invented_before": 0,
    } | values
    return ClipScore("a.wav", reference, heard, edits(reference, heard), Terms(0, 0), held=0, **numbers)  # type: ignore[arg-type]


def test_the_rate_is_of_all_characters_not_the_mean_of_files() -> None:
    score = Score((clip("一" * 90, "一" * 90), clip("一" * 10, "二" * 10)))
    assert score.cer == 0.1
    assert score.real_time_factor == 0.1


def test_what_is_heard_where_nobody_speaks_is_told_per_minute_and_is_no_error_of_characters() -> None:
    silence = clip("", "谢谢观看", speech_seconds=0.0, invented=4, invented_before=8)
    score = Score((clip("一" * 10, "一" * 10), silence))
    assert score.cer == 0
    assert score.silent_minutes == 1.5
    assert score.invented_per_silent_minute == pytest.approx(4 / 1.5)
    assert score.invented_before_per_silent_minute == pytest.approx(8 / 1.5)


def test_without_anything_nothing_is_divided() -> None:
    nothing = Score(())
    assert (nothing.cer, nothing.real_time_factor, nothing.invented_per_silent_minute) == (None, None, None)
