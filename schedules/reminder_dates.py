"""The days of a lecture that reminders go by, from the deadlines told to its unit. Pure."""

from datetime import datetime

from core.clock import CHINA
from core.settings import Settings
from schedules.reminders import Dates
from schedules.working_days import WorkingCalendar


def dates_of(starts_at: datetime, calendar: WorkingCalendar, settings: Settings) -> Dates:
    start = starts_at.astimezone(CHINA).date()
    hand_in = calendar.add_working_days(start, -10)
    return Dates(
        turn=calendar.add_working_days(start, -20),
        hand_in_soon=calendar.add_working_days(hand_in, -settings.reminder_ahead_days),
        hand_in=hand_in,
        unit_review=calendar.add_working_days(start, -7),
        bureau_review=calendar.add_working_days(start, -5),
        notice=calendar.add_working_days(start, -3),
        rehearsal=calendar.add_working_days(start, -1),
        start=start,
    )


def furthest_days(settings: Settings) -> int:
    """So many days before its start, at most, a lecture is first reminded of: a long holiday in between included."""
    return 20 * 2 + 21
