"""Year on year: no percentage across a change of definition, from zero, or from a year that was not counted whole."""

from datetime import date

import pytest

from audience.counting.definition import FIRST, Definition, versions_within
from audience.figures.comparison import Comparable, change_words, comparable, year_before
from audience.figures.periods import Period

YEAR = Period.of_year(2025)
MAY = Comparable()


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (112, 100, "增长 12.0%"),
        (88, 100, "下降 12.0%"),
        (100, 100, "持平"),
        (5, 0, ""),
        (0, 0, ""),
        (0, 3, "下降 100.0%"),
        (2, 3, "下降 33.3%"),
        (4, 3, "增长 33.3%"),
        (1001, 1000, "增长 0.1%"),
        (200_000, 3, "增长 6666566.7%"),
    ],
)
def test_the_change_is_told_in_words(now: int, before: int, expected: str) -> None:
    assert change_words(now, before, MAY) == expected


def test_what_may_not_be_compared_has_no_percentage() -> None:
    assert change_words(112, 100, Comparable("统计口径有变化，不作比较")) == ""


@pytest.mark.parametrize(
    ("definitions", "since", "why"),
    [
        ({1}, date(2025, 1, 1), ""),
        ({1}, date(2024, 6, 1), ""),
        ({1, 2}, date(2024, 6, 1), "统计口径有变化，不作比较"),
        ({1}, date(2025, 3, 2), "平台从2025年3月2日起计数，不作比较"),
        ({1}, date(2026, 1, 1), "上年没有计数"),
        ({1}, None, "上年没有计数"),
    ],
)
def test_a_year_is_compared_only_when_it_was_counted_alike(
    definitions: set[int], since: date | None, why: str
) -> None:
    assert comparable(YEAR, definitions, since) == Comparable(why)


def test_the_year_before_has_the_same_days() -> None:
    assert year_before(Period(date(2028, 1, 1), date(2028, 2, 29))) == Period(
        date(2027, 1, 1), date(2027, 2, 28)
    )


def test_every_definition_that_held_within_a_period_is_found() -> None:
    versions = [FIRST, Definition(2, date(2026, 5, 5)), Definition(3, date(2027, 1, 1))]
    assert versions_within(date(2026, 1, 1), date(2026, 5, 4), versions) == {1}
    assert versions_within(date(2026, 1, 1), date(2026, 5, 5), versions) == {1, 2}
    assert versions_within(date(2026, 5, 5), date(2027, 2, 1), versions) == {2, 3}
