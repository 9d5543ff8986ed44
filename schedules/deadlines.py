"""期限: the days of a lecture, T−20 … T+5 in working days around its start. Pure.

The default days are those of the bureau's practice; each is a setting. A deadline told to a unit never moves earlier.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from core.clock import CHINA
from core.settings import Settings
from schedules.workdays.days import WorkingCalendar


class Deadline(StrEnum):
    REMIND = "remind"
    HAND_IN = "hand_in"
    UNIT_REVIEW = "unit_review"
    BUREAU_REVIEW = "bureau_review"
    NOTICE = "notice"
    REHEARSAL = "rehearsal"
    START = "start"
    REPLAY = "replay"
    SUBTITLES = "subtitles"
    FEEDBACK = "feedback"


DEADLINE_LABELS: Mapping[Deadline, str] = {
    Deadline.REMIND: "提醒单位准备",
    Deadline.HAND_IN: "报送",
    Deadline.UNIT_REVIEW: "单位初审",
    Deadline.BUREAU_REVIEW: "州局审核",
    Deadline.NOTICE: "发布预告",
    Deadline.REHEARSAL: "试推流",
    Deadline.START: "开播",
    Deadline.REPLAY: "回看上线",
    Deadline.SUBTITLES: "字幕校对发布",
    Deadline.FEEDBACK: "报集中收看情况",
}


def offsets(settings: Settings) -> dict[Deadline, int]:
    """Working days from the start on; negative ones lie before it."""
    return {
        Deadline.REMIND: -settings.deadline_remind_days,
        Deadline.HAND_IN: -settings.deadline_hand_in_days,
        Deadline.UNIT_REVIEW: -settings.deadline_unit_review_days,
        Deadline.BUREAU_REVIEW: -settings.deadline_bureau_review_days,
        Deadline.NOTICE: -settings.deadline_notice_days,
        Deadline.REHEARSAL: -settings.deadline_rehearsal_days,
        Deadline.START: 0,
        Deadline.REPLAY: settings.deadline_replay_days,
        Deadline.SUBTITLES: settings.deadline_subtitles_days,
        Deadline.FEEDBACK: settings.deadline_feedback_days,
    }


def deadlines(start: date, calendar: WorkingCalendar, settings: Settings) -> dict[Deadline, date]:
    """Of a lecture that is given on a day of China; in order when the settings are."""
    return {each: calendar.add_working_days(start, days) for each, days in offsets(settings).items()}


def never_earlier(told: Mapping[Deadline, date], fresh: Mapping[Deadline, date]) -> dict[Deadline, date]:
    """The fresh ones, but what has been told stands where it is later. The start is the start."""
    return {
        each: day if each is Deadline.START else max(day, told.get(each, day)) for each, day in fresh.items()
    }


def from_row(told: Mapping[str, str]) -> dict[Deadline, date]:
    """As `Broadcast.told_deadlines` keeps them; names that are no more are left out."""
    return {Deadline(name): date.fromisoformat(day) for name, day in told.items() if name in set(Deadline)}


def to_row(days: Mapping[Deadline, date]) -> dict[str, str]:
    return {each.value: day.isoformat() for each, day in days.items()}


def in_force(
    starts_at: datetime, told: Mapping[str, str], calendar: WorkingCalendar, settings: Settings
) -> dict[Deadline, date]:
    """The deadlines of a lecture that starts then, of whose deadlines the unit was told before."""
    start = starts_at.astimezone(CHINA).date()
    return never_earlier(from_row(told), deadlines(start, calendar, settings))
