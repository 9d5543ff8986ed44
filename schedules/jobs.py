"""Background work around the plan: each concept has a module of its own, the worker finds them all here."""

from schedules.jobs_calendar import fill_calendar
from schedules.jobs_reminders import check_messengers, send_reminders

__all__ = ["fill_calendar", "check_messengers", "send_reminders"]
