"""Background work around the plan: each concept has a module of its own, the worker finds them all here."""

from schedules.jobs_calendar import fill_calendar
from schedules.jobs_plan import erase_id_numbers, open_hand_ins, tell_deadlines
from schedules.jobs_reminders import check_messengers, send_reminders

__all__ = [
    "check_messengers",
    "erase_id_numbers",
    "fill_calendar",
    "open_hand_ins",
    "send_reminders",
    "tell_deadlines",
]
