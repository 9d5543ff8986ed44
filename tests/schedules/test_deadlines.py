from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from core.settings import load_settings
from schedules.deadlines import (
    DEADLINE_LABELS,
    Deadline,
    deadlines,
    from_row,
    in_force,
    never_earlier,
    to_row,
)
from schedules.workdays.days import DayEntry, DayKind, WorkingCalendar

HOLIDAYS = WorkingCalendar(
    {
        date(2026, 10, 1): DayEntry(DayKind.OFF, "国庆节"),
        date(2026, 10, 2): DayEntry(DayKind.OFF, "国庆节"),
        date(2026, 10, 10): DayEntry(DayKind.WORKED, "调休上班"),
    },
    frozenset({2026}),
)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
told = st.dictionaries(st.sampled_from(Deadline), days)


def test_the_deadlines_are_counted_in_working_days_around_the_start() -> None:
    found = deadlines(date(2026, 10, 12), HOLIDAYS, load_settings())
    assert found[Deadline.START] == date(2026, 10, 12)
    assert found[Deadline.REHEARSAL] == date(2026, 10, 10), "the Saturday that is made up for"
    assert found[Deadline.NOTICE] == date(2026, 10, 8)
    assert found[Deadline.BUREAU_REVIEW] == date(2026, 10, 6)
    assert found[Deadline.UNIT_REVIEW] == date(2026, 9, 30), "beyond the holidays"
    assert found[Deadline.HAND_IN] == date(2026, 9, 25)
    assert found[Deadline.REPLAY] == date(2026, 10, 13)
    assert found[Deadline.FEEDBACK] == date(2026, 10, 19)


def test_the_days_are_settings() -> None:
    found = deadlines(date(2026, 11, 26), HOLIDAYS, load_settings(deadline_hand_in_days=3))
    assert found[Deadline.HAND_IN] == date(2026, 11, 23)


@given(told, told)
def test_a_told_deadline_never_moves_earlier(
    before: dict[Deadline, date], fresh: dict[Deadline, date]
) -> None:
    found = never_earlier(before, fresh)
    assert set(found) == set(fresh)
    for each, day in found.items():
        if each is Deadline.START:
            assert day == fresh[each]
        else:
            assert day == max(fresh[each], before.get(each, fresh[each]))


@given(told)
def test_a_row_keeps_them_as_they_are(days_told: dict[Deadline, date]) -> None:
    assert from_row(to_row(days_told)) == days_told
    assert from_row({**to_row(days_told), "no longer one": "2026-01-01"}) == days_told


def test_those_in_force_are_the_later_of_told_and_fresh() -> None:
    start = datetime(2026, 11, 25, 16, 30, tzinfo=UTC)  # 0:30 on the 26th in China
    found = in_force(start, {"hand_in": "2026-11-20"}, HOLIDAYS, load_settings())
    assert found[Deadline.START] == date(2026, 11, 26)
    assert found[Deadline.HAND_IN] == date(2026, 11, 20)
    assert found[Deadline.UNIT_REVIEW] == date(2026, 11, 17)


def test_every_deadline_has_its_word() -> None:
    assert set(DEADLINE_LABELS) == set(Deadline)
