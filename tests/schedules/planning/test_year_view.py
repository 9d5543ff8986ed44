from dataclasses import replace
from datetime import UTC, datetime

import pytest

from schedules.planning.year_view import YearLecture, by_month, counts, in_order, tokens
from schedules.states import AirState, PlanState

JANUARY, MARCH = datetime(2027, 1, 14, 7, tzinfo=UTC), datetime(2027, 3, 11, 7, tzinfo=UTC)
LECTURE = YearLecture(
    number="2027-1-1",
    version=3,
    unit="州司法局",
    kind="州级单位",
    title="",
    start=JANUARY,
    first_start=None,
    state=PlanState.DRAFT,
    air=AirState.SCHEDULED,
    reason="",
    locked=False,
)


def test_all_twelve_months_stand_and_a_lecture_stands_where_it_is_now() -> None:
    moved = replace(LECTURE, start=MARCH, first_start=JANUARY)
    months = by_month(2027, [moved, replace(LECTURE, number="2027-1-2")])
    assert [month.number for month in months] == list(range(1, 13))
    assert [each.number for each in months[0].lectures] == ["2027-1-2"]
    assert [each.number for each in months[2].lectures] == ["2027-1-1"]


def test_a_lecture_that_left_the_year_stands_in_the_month_of_its_number() -> None:
    gone = replace(LECTURE, number="2027-12-2", start=datetime(2028, 1, 13, 7, tzinfo=UTC))
    assert by_month(2027, [gone])[11].lectures == [gone]


def test_a_month_begins_at_midnight_in_china() -> None:
    late = replace(LECTURE, start=datetime(2027, 1, 31, 16, 0, tzinfo=UTC))
    assert by_month(2027, [late])[1].lectures == [late]


def test_lectures_without_any_day_come_last() -> None:
    undated = replace(LECTURE, number="2027-1-3", start=None)
    assert in_order([undated, replace(LECTURE, start=MARCH), LECTURE])[-1] is undated


def test_only_what_is_not_called_off_is_counted() -> None:
    county = replace(LECTURE, kind="县（市）", state=PlanState.ISSUED)
    off = replace(LECTURE, state=PlanState.CANCELLED)
    found = counts([LECTURE, replace(LECTURE, locked=True), county, off])
    assert (found.total, found.drafts, found.locked, found.departments, found.counties) == (3, 2, 1, 2, 1)


@pytest.mark.parametrize(
    ("lecture", "label", "tone"),
    [
        (LECTURE, "草案", "sample"),
        (replace(LECTURE, state=PlanState.SCHEDULED), "已排期", "done"),
        (replace(LECTURE, state=PlanState.SCHEDULED, air=AirState.LIVE), "直播中", "live"),
        (replace(LECTURE, state=PlanState.SCHEDULED, air=AirState.ENDED), "已结束", "quiet"),
        (replace(LECTURE, state=PlanState.CANCELLED), "已取消", "quiet"),
    ],
)
def test_a_state_has_its_word_and_its_tone(lecture: YearLecture, label: str, tone: str) -> None:
    assert (lecture.label, lecture.tone) == (label, tone)


def test_the_first_time_is_named_only_where_it_is_another() -> None:
    assert replace(LECTURE, first_start=JANUARY).moved == ""
    assert replace(LECTURE, start=MARCH, first_start=JANUARY).moved == "原定2027年1月14日 15:00"
    assert replace(LECTURE, start=None, first_start=JANUARY).moved == "原定2027年1月14日 15:00"


def test_what_a_form_sends_back_names_the_lecture_and_the_version_that_was_seen() -> None:
    assert tokens([LECTURE.token]) == {"2027-1-1": 3}
    for text in ("2027-1-1", "2027-1-1:", "2027-1-1:-1", "2027-1-1:x", "2027-1-1:" + "9" * 30, "1:٣"):
        with pytest.raises(ValueError):
            tokens([text])
