"""The days of a lecture that reminders go by, from the deadlines told to its unit. Pure."""

from datetime import datetime

from core.clock import CHINA
from core.settings import Settings
from schedules.deadlines import Deadline, in_force
from schedules.models import Broadcast
from schedules.reminders.rules import STALE, Dates
from schedules.workdays.days import WorkingCalendar

LONGEST_REST = 21
"""Days of long holidays that may lie in between beside the weekends: National Day and Spring Festival have 8 or 9."""


def dates_of(lecture: Broadcast, calendar: WorkingCalendar, settings: Settings) -> Dates:
    """Raises ValueError for a lecture without a start: it has no deadlines."""
    starts_at = start_of(lecture)
    days = in_force(starts_at, lecture.told_deadlines, calendar, settings)
    hand_in, feedback = days[Deadline.HAND_IN], days[Deadline.FEEDBACK]
    start, ahead = starts_at.astimezone(CHINA).date(), -settings.reminder_ahead_days
    return Dates(
        turn=days[Deadline.REMIND],
        hand_in_soon=calendar.add_working_days(hand_in, ahead),
        hand_in=hand_in,
        unit_review=days[Deadline.UNIT_REVIEW],
        bureau_review=days[Deadline.BUREAU_REVIEW],
        notice=days[Deadline.NOTICE],
        rehearsal=days[Deadline.REHEARSAL],
        start=start,
        replay=days[Deadline.REPLAY],
        subtitles=days[Deadline.SUBTITLES],
        feedback_soon=max(start, calendar.add_working_days(feedback, ahead)),
        feedback=feedback,
    )


def start_of(lecture: Broadcast) -> datetime:
    if lecture.starts_at is None:
        raise ValueError("a lecture without a start has no deadlines")
    return lecture.starts_at


def longest_after_days(settings: Settings) -> int:
    """So many days after its start, at most, the last reminder of a lecture may still begin."""
    last = max(
        settings.deadline_replay_days, settings.deadline_subtitles_days, settings.deadline_feedback_days
    )
    return last * 7 // 5 + LONGEST_REST + STALE.days


def furthest_days(settings: Settings) -> int:
    """So many days before its start, at most, a lecture is first reminded of: five days worked make a week."""
    return settings.deadline_remind_days * 7 // 5 + LONGEST_REST
