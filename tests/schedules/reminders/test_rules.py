from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.deadlines import Deadline
from schedules.reminders.rules import (
    Addressee,
    Dates,
    Due,
    LectureFacts,
    ReminderKind,
    due,
    may_speak,
    pause_after,
    still_holds,
)
from schedules.states import Delivery, PlanState

DATES = Dates(
    turn=date(2027, 2, 5),
    hand_in_soon=date(2027, 2, 22),
    hand_in=date(2027, 2, 25),
    unit_review=date(2027, 3, 2),
    bureau_review=date(2027, 3, 4),
    notice=date(2027, 3, 8),
    rehearsal=date(2027, 3, 10),
    start=date(2027, 3, 11),
    replay=date(2027, 3, 12),
    subtitles=date(2027, 3, 16),
    feedback_soon=date(2027, 3, 15),
    feedback=date(2027, 3, 18),
)
"""A lecture on Thursday 11 March 2027, with the Spring Festival in between."""


def kinds(state: PlanState, today: date, **facts: object) -> list[ReminderKind]:
    return [each.kind for each in due(LectureFacts(state, **facts), DATES, today)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("today", "kind"),
    [
        (date(2027, 2, 4), None),
        (date(2027, 2, 5), ReminderKind.TURN),
        (date(2027, 2, 21), ReminderKind.TURN),
        (date(2027, 2, 22), ReminderKind.HAND_IN_SOON),
        (date(2027, 2, 25), ReminderKind.HAND_IN_SOON),
        (date(2027, 2, 26), ReminderKind.HAND_IN_LATE),
        (date(2027, 3, 10), ReminderKind.HAND_IN_LATE),
        (date(2027, 3, 11), None),
    ],
)
def test_a_unit_that_has_not_handed_in_is_reminded_of_its_turn_then_of_the_end_then_of_being_late(
    today: date, kind: ReminderKind | None
) -> None:
    for state in (PlanState.ISSUED, PlanState.AWAITING):
        found = due(LectureFacts(state), DATES, today)
        assert found == ([] if kind is None else [Due(kind, DATES.hand_in, Addressee.UNIT)])


def test_reviews_are_called_in_on_their_day_and_from_those_who_review() -> None:
    assert kinds(PlanState.UNIT_REVIEW, date(2027, 3, 1)) == []
    (unit,) = due(LectureFacts(PlanState.UNIT_REVIEW), DATES, date(2027, 3, 2))
    (bureau,) = due(LectureFacts(PlanState.BUREAU_REVIEW), DATES, date(2027, 3, 4))
    assert (unit.kind, unit.addressee) == (ReminderKind.UNIT_REVIEW, Addressee.UNIT)
    assert (bureau.kind, bureau.addressee) == (ReminderKind.BUREAU_REVIEW, Addressee.BUREAU)


def test_before_the_lecture_come_notice_rehearsal_and_who_is_on_duty() -> None:
    assert kinds(PlanState.SCHEDULED, date(2027, 3, 5)) == []
    assert kinds(PlanState.SCHEDULED, date(2027, 3, 8)) == [ReminderKind.NOTICE]
    everything = [ReminderKind.NOTICE, ReminderKind.REHEARSAL, ReminderKind.DUTY]
    assert kinds(PlanState.SCHEDULED, date(2027, 3, 10)) == everything
    assert kinds(PlanState.SCHEDULED, date(2027, 3, 10), has_duty_officer=True) == everything[:2]
    assert kinds(PlanState.SCHEDULED, date(2027, 3, 11)) == [ReminderKind.DUTY]


def test_a_lecture_given_elsewhere_needs_no_rehearsal_of_the_stream() -> None:
    found = kinds(PlanState.SCHEDULED, date(2027, 3, 10), delivery=Delivery.EXTERNAL)
    assert found == [ReminderKind.NOTICE]


def test_what_comes_after_a_lecture_is_called_in_from_whoever_does_it_while_it_is_open() -> None:
    everything = frozenset({Deadline.REPLAY, Deadline.SUBTITLES, Deadline.FEEDBACK})
    facts = LectureFacts(PlanState.SCHEDULED, was_given=True, open_after=everything)
    called = {
        date(2027, 3, 11): [],
        date(2027, 3, 12): [ReminderKind.REPLAY],
        date(2027, 3, 15): [ReminderKind.REPLAY, ReminderKind.FEEDBACK],
        date(2027, 3, 16): [ReminderKind.REPLAY, ReminderKind.SUBTITLES, ReminderKind.FEEDBACK],
        date(2027, 4, 18): [],
    }
    for today, kinds_then in called.items():
        assert [each.kind for each in due(facts, DATES, today)] == kinds_then, today
    to_whom = {each.kind: (each.addressee, each.deadline) for each in due(facts, DATES, date(2027, 3, 16))}
    assert to_whom == {
        ReminderKind.REPLAY: (Addressee.BUREAU, DATES.replay),
        ReminderKind.SUBTITLES: (Addressee.BUREAU, DATES.subtitles),
        ReminderKind.FEEDBACK: (Addressee.UNIT, DATES.feedback),
    }
    done = LectureFacts(PlanState.SCHEDULED, was_given=True)
    assert due(done, DATES, date(2027, 3, 16)) == []


def test_a_lecture_that_was_given_earlier_on_its_day_needs_no_duty_officer_any_more() -> None:
    assert due(LectureFacts(PlanState.SCHEDULED, was_given=True), DATES, DATES.start) == []


DAYS = st.dates(date(2026, 12, 1), date(2027, 6, 1))


@given(DAYS, st.sampled_from(PlanState), st.sampled_from(Delivery), st.booleans())
def test_nobody_is_reminded_of_what_is_no_duty_of_theirs(
    today: date, state: PlanState, delivery: Delivery, has_duty_officer: bool
) -> None:
    found = due(LectureFacts(state, delivery, has_duty_officer), DATES, today)
    if state in (PlanState.DRAFT, PlanState.POSTPONED, PlanState.CANCELLED) or today > DATES.start:
        assert found == []
    hand_in = [each for each in found if each.deadline == DATES.hand_in]
    assert len(hand_in) <= 1
    assert len({(each.kind, each.deadline) for each in found}) == len(found)


@given(DAYS, st.integers(min_value=1, max_value=60))
def test_a_moved_lecture_has_new_deadlines_and_so_new_reminders(today: date, days: int) -> None:
    moved = Dates(*(getattr(DATES, name) + timedelta(days) for name in Dates.__dataclass_fields__))
    facts = LectureFacts(PlanState.AWAITING)
    for old in due(facts, DATES, today):
        assert not still_holds(old.kind, old.deadline, facts, moved, today)


def test_a_reminder_of_what_has_been_done_meanwhile_no_longer_holds() -> None:
    late, day = ReminderKind.HAND_IN_LATE, date(2027, 2, 26)
    assert still_holds(late, DATES.hand_in, LectureFacts(PlanState.AWAITING), DATES, day)
    assert not still_holds(late, DATES.hand_in, LectureFacts(PlanState.UNIT_REVIEW), DATES, day)


class Weekdays:
    def is_working(self, day: date) -> bool:
        return day.weekday() < 5


@pytest.mark.parametrize(
    ("moment", "loud"),
    [
        (datetime(2027, 3, 1, 0, 0, tzinfo=UTC), True),  # Monday 8:00 in China
        (datetime(2027, 2, 28, 23, 59, tzinfo=UTC), False),  # Monday 7:59
        (datetime(2027, 3, 1, 12, 59, tzinfo=UTC), True),  # 20:59
        (datetime(2027, 3, 1, 13, 0, tzinfo=UTC), False),  # 21:00
        (datetime(2027, 3, 6, 2, 0, tzinfo=UTC), False),  # Saturday
        (datetime(2027, 2, 28, 2, 0, tzinfo=UTC), False),  # Sunday
    ],
)
def test_nothing_is_sent_at_night_or_on_a_day_off(moment: datetime, loud: bool) -> None:
    assert may_speak(moment, Weekdays(), from_hour=8, until_hour=21) is loud


def test_pauses_grow_fourfold_up_to_the_longest() -> None:
    first, longest = timedelta(minutes=2), timedelta(hours=12)
    pauses = [pause_after(tries, first=first, longest=longest) for tries in range(1, 8)]
    assert [pause / timedelta(minutes=1) for pause in pauses] == [2, 8, 32, 128, 512, 720, 720]
    assert pause_after(10_000, first=first, longest=longest) == longest
