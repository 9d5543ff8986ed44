"""Sentences for a report: only what is true, with the figures as they are."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audience.figures.periods import Period
from audience.figures.sentences import Told, coverage_sentence, period_words, report_sentence, unit_sentence

NONE = Told(0, 0, 0, 0, 0)
GROUP = "单位组织集中收看120场、3,456人（单位填报，不计入线上收看人次）"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            Told(24, 20_113, 8_542, 120, 3_456),
            f"2026年，平台开展直播普法24次，线上收看28,655人次，其中直播20,113人次、回看8,542人次；{GROUP}。",
        ),
        (
            Told(24, 20_113, 8_542, 0, 0),
            "2026年，平台开展直播普法24次，线上收看28,655人次，其中直播20,113人次、回看8,542人次。",
        ),
        (Told(2, 30, 0, 0, 0), "2026年，平台开展直播普法2次，线上收看30人次，均为直播。"),
        (Told(0, 0, 12, 0, 0), "2026年，平台线上收看12人次，均为回看。"),
        (Told(1, 0, 0, 0, 0), "2026年，平台开展直播普法1次。"),
        (Told(0, 0, 0, 120, 3_456), f"2026年，{GROUP}。"),
        (NONE, "2026年，平台没有讲座，也没有收看记录。"),
    ],
    ids=lambda value: "" if isinstance(value, str) else str(value),
)
def test_the_sentence_has_only_clauses_that_are_true(told: Told, expected: str) -> None:
    assert report_sentence("2026年", told) == expected


@given(st.builds(Told, *[st.integers(0, 10**7)] * 5))
def test_every_figure_that_is_not_zero_is_told_and_no_zero_is(told: Told) -> None:
    sentence = report_sentence("某年", told)
    for figure in (told.lectures, told.live, told.replay, told.live + told.replay, told.group_sessions):
        assert not figure or f"{figure:,}" in sentence
    for zero in ("直播0人次", "回看0人次", "普法0次", "收看0人次", "收看0场"):
        assert zero not in sentence


@pytest.mark.parametrize(
    ("first", "last", "today", "expected"),
    [
        ("2026-01-01", "2026-12-31", "2027-03-01", "2026年"),
        ("2026-01-01", "2026-12-31", "2026-12-31", "2026年"),
        ("2026-01-01", "2026-12-31", "2026-11-24", "2026年1月1日至11月24日"),
        ("2026-01-01", "2026-12-31", "2026-01-01", "2026年1月1日"),
        ("2026-02-01", "2026-02-28", "2026-03-01", "2026年2月"),
        ("2026-02-05", "2026-03-04", "2026-04-01", "2026年2月5日至2026年3月4日"),
    ],
)
def test_the_period_is_named_as_far_as_it_has_gone(first: str, last: str, today: str, expected: str) -> None:
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    assert period_words(period, date.fromisoformat(today)) == expected


def test_coverage_is_told_once_anybody_has_taken_part() -> None:
    told = Told(24, 1, 0, 0, 0, covered=35, of_units=40)
    assert coverage_sentence("2026年", told) == "2026年，40家普法责任单位中有35家收看或组织了集中收看。"
    assert coverage_sentence("2026年", Told(24, 1, 0, 0, 0, covered=0, of_units=40)) == ""


@pytest.mark.parametrize(
    ("hosted", "live", "replay", "own", "expected"),
    [
        (
            2,
            100,
            20,
            Told(0, 7, 1, 2, 35),
            "2026年，州司法局主讲直播普法2次，主讲的期次线上收看120人次，其中直播100人次、回看20人次。"
            "本单位线上收看8人次，其中直播7人次、回看1人次；单位组织集中收看2场、35人（单位填报，不计入线上收看人次）。",
        ),
        (0, 0, 0, Told(0, 7, 0, 0, 0), "2026年，州司法局线上收看7人次，均为直播。"),
        (0, 0, 0, NONE, "2026年，州司法局没有主讲期次，也没有收看记录。"),
    ],
)
def test_a_units_sentence_keeps_what_it_gave_and_what_it_watched_apart(
    hosted: int, live: int, replay: int, own: Told, expected: str
) -> None:
    assert unit_sentence("2026年", "州司法局", hosted, live, replay, own) == expected
