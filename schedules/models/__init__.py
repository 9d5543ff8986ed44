"""The tables of the plan; one file a concept."""

from schedules.models.broadcast import Broadcast
from schedules.models.calendar import CalendarDay, CalendarYear
from schedules.models.prompt import Prompt
from schedules.models.reminder import Reminder, ReminderAttempt, ReminderContact, ReminderDispatch

__all__ = [
    "Broadcast",
    "CalendarDay",
    "CalendarYear",
    "Prompt",
    "Reminder",
    "ReminderAttempt",
    "ReminderContact",
    "ReminderDispatch",
]
