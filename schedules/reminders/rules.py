"""Which reminders are due for a lecture, when they may be spoken, and how long a failed one rests. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from core.clock import CHINA
from schedules.deadlines import Deadline
from schedules.states import WITH_THE_UNIT, Delivery, PlanState


class ReminderKind(StrEnum):
    TURN = "turn"
    HAND_IN_SOON = "hand_in_soon"
    HAND_IN_LATE = "hand_in_late"
    UNIT_REVIEW = "unit_review"
    BUREAU_REVIEW = "bureau_review"
    NOTICE = "notice"
    REHEARSAL = "rehearsal"
    DUTY = "duty"
    REPLAY = "replay"
    SUBTITLES = "subtitles"
    FEEDBACK = "feedback"


class Addressee(StrEnum):
    UNIT = "unit"
    BUREAU = "bureau"


KIND_LABELS: Mapping[ReminderKind, str] = {
    ReminderKind.TURN: "轮值提醒",
    ReminderKind.HAND_IN_SOON: "报送快到期",
    ReminderKind.HAND_IN_LATE: "报送已逾期",
    ReminderKind.UNIT_REVIEW: "等单位初审",
    ReminderKind.BUREAU_REVIEW: "等州局审核",
    ReminderKind.NOTICE: "发预告和二维码",
    ReminderKind.REHEARSAL: "推流测试",
    ReminderKind.DUTY: "没有值班员",
    ReminderKind.REPLAY: "回看没有公开",
    ReminderKind.SUBTITLES: "字幕没有发布",
    ReminderKind.FEEDBACK: "报集中收看情况",
}


class WorkingDays(Protocol):
    def is_working(self, day: date) -> bool: ...


@dataclass(frozen=True, slots=True)
class Dates:
    """The days of one lecture in China, the earliest first. hand_in_soon and feedback_soon: some working days before
    hand_in and feedback, the second never before the lecture was given.
    """

    turn: date
    hand_in_soon: date
    hand_in: date
    unit_review: date
    bureau_review: date
    notice: date
    rehearsal: date
    start: date
    replay: date
    subtitles: date
    feedback_soon: date
    feedback: date


@dataclass(frozen=True, slots=True)
class LectureFacts:
    """What of a lecture decides which reminders it needs. open_after: the deadlines after it that are not kept."""

    plan_state: PlanState
    delivery: Delivery = Delivery.LIVE
    has_duty_officer: bool = False
    was_given: bool = False
    open_after: frozenset[Deadline] = frozenset()


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that is to be there. deadline: the day it is about; with a new deadline it is a new reminder."""

    kind: ReminderKind
    deadline: date
    addressee: Addressee


@dataclass(frozen=True, slots=True)
class _Rule:
    """From first to last, both included, while applies."""

    kind: ReminderKind
    addressee: Addressee
    applies: Callable[[LectureFacts], bool]
    first: Callable[[Dates], date]
    last: Callable[[Dates], date]
    deadline: Callable[[Dates], date]


def is_awaited(facts: LectureFacts) -> bool:
    """The unit has not handed in yet."""
    return facts.plan_state in WITH_THE_UNIT


def _is_in(state: PlanState) -> Callable[[LectureFacts], bool]:
    return lambda facts: facts.plan_state is state


def _is_announced(facts: LectureFacts) -> bool:
    return facts.plan_state is PlanState.SCHEDULED and not facts.was_given


def _is_live(facts: LectureFacts) -> bool:
    return _is_announced(facts) and facts.delivery is Delivery.LIVE


def _is_open(deadline: Deadline) -> Callable[[LectureFacts], bool]:
    return lambda facts: deadline in facts.open_after


def _lacks_duty(facts: LectureFacts) -> bool:
    return _is_live(facts) and not facts.has_duty_officer


DAY = timedelta(days=1)
STALE = timedelta(days=30)
"""So long after its deadline a reminder of what comes after a lecture may still begin."""
UNIT, BUREAU = Addressee.UNIT, Addressee.BUREAU


def _before_start(dates: Dates) -> date:
    return dates.start - DAY


RULES: tuple[_Rule, ...] = (
    _Rule(
        ReminderKind.TURN,
        UNIT,
        is_awaited,
        lambda dates: dates.turn,
        lambda dates: dates.hand_in_soon - DAY,
        lambda dates: dates.hand_in,
    ),
    _Rule(
        ReminderKind.HAND_IN_SOON,
        UNIT,
        is_awaited,
        lambda dates: dates.hand_in_soon,
        lambda dates: dates.hand_in,
        lambda dates: dates.hand_in,
    ),
    _Rule(
        ReminderKind.HAND_IN_LATE,
        UNIT,
        is_awaited,
        lambda dates: dates.hand_in + DAY,
        _before_start,
        lambda dates: dates.hand_in,
    ),
    _Rule(
        ReminderKind.UNIT_REVIEW,
        UNIT,
        _is_in(PlanState.UNIT_REVIEW),
        lambda dates: dates.unit_review,
        _before_start,
        lambda dates: dates.unit_review,
    ),
    _Rule(
        ReminderKind.BUREAU_REVIEW,
        BUREAU,
        _is_in(PlanState.BUREAU_REVIEW),
        lambda dates: dates.bureau_review,
        _before_start,
        lambda dates: dates.bureau_review,
    ),
    _Rule(
        ReminderKind.NOTICE,
        UNIT,
        _is_announced,
        lambda dates: dates.notice,
        _before_start,
        lambda dates: dates.notice,
    ),
    _Rule(
        ReminderKind.REHEARSAL,
        UNIT,
        _is_live,
        lambda dates: dates.rehearsal,
        _before_start,
        lambda dates: dates.rehearsal,
    ),
    _Rule(
        ReminderKind.DUTY,
        BUREAU,
        _lacks_duty,
        lambda dates: dates.rehearsal,
        lambda dates: dates.start,
        lambda dates: dates.start,
    ),
    _Rule(
        ReminderKind.REPLAY,
        BUREAU,
        _is_open(Deadline.REPLAY),
        lambda dates: dates.replay,
        lambda dates: dates.replay + STALE,
        lambda dates: dates.replay,
    ),
    _Rule(
        ReminderKind.SUBTITLES,
        BUREAU,
        _is_open(Deadline.SUBTITLES),
        lambda dates: dates.subtitles,
        lambda dates: dates.subtitles + STALE,
        lambda dates: dates.subtitles,
    ),
    _Rule(
        ReminderKind.FEEDBACK,
        UNIT,
        _is_open(Deadline.FEEDBACK),
        lambda dates: dates.feedback_soon,
        lambda dates: dates.feedback + STALE,
        lambda dates: dates.feedback,
    ),
)


def due(facts: LectureFacts, dates: Dates, today: date) -> list[Due]:
    """What is to be said today, or was to be said before and still holds."""
    return [
        Due(rule.kind, rule.deadline(dates), rule.addressee)
        for rule in RULES
        if rule.applies(facts) and rule.first(dates) <= today <= rule.last(dates)
    ]


def still_holds(kind: ReminderKind, deadline: date, facts: LectureFacts, dates: Dates, today: date) -> bool:
    """Whether a reminder that was made earlier is still worth sending: nobody is reminded of what is done."""
    return any((each.kind, each.deadline) == (kind, deadline) for each in due(facts, dates, today))


def may_speak(now: datetime, calendar: WorkingDays, *, from_hour: int, until_hour: int) -> bool:
    """By day and on working days only. now: aware; the hours are China's, until_hour not included."""
    local = now.astimezone(CHINA)
    return from_hour <= local.hour < until_hour and calendar.is_working(local.date())


def pause_after(tries: int, *, first: timedelta, longest: timedelta) -> timedelta:
    """How long to wait after so many attempts (at least 1): four times longer after each."""
    # After ten quadruplings a minute has become two years: longer than any longest pause.
    return min(first * 4.0 ** min(tries - 1, 10), longest)
