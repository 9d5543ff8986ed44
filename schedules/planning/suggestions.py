"""Days that no longer fit: what to do with lectures after the calendar has changed. Only proposed, never done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.clock import CHINA
from core.settings import Settings
from schedules.models import Broadcast
from schedules.models.rota import RotaTurn
from schedules.planning.generation import is_untouched
from schedules.planning.inputs import china_day, pattern_of, quiet
from schedules.planning.year_queries import lectures_given_in, starts_after
from schedules.rota.slots import SlotPattern, days_of_month, nearest
from schedules.rota.year import Quiet, why_blocked
from schedules.states import UNDER_WAY, PlanState
from schedules.workdays.calendars import load_calendar
from schedules.workdays.days import WorkingCalendar

LOOK_AHEAD_DAYS = 62
"""So far after its day another one is looked for, for a lecture that may only move later."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """proposed None: no free day was found. version: of the lecture, to move it with."""

    number: str
    unit_name: str
    version: int
    was: datetime
    proposed: datetime | None
    reason: str
    is_draft: bool
    """False: already told to the unit; then it is postponed, not moved, and never to an earlier day."""


async def suggestions(year: int, *, now: datetime, settings: Settings) -> list[Suggestion]:
    """Lectures of the year still to come whose day is blocked now, and drafts whose usual day has become free."""
    rows = [
        row for row in await lectures_given_in(year, after=now) if row.plan_state is not PlanState.CANCELLED
    ]
    turns = {
        turn.broadcast_id: turn for turn in await RotaTurn.filter(broadcast__number__startswith=f"{year}-")
    }
    finder = _Finder(
        await load_calendar([year]),
        await quiet(),
        pattern_of(settings),
        {china_day(start) for start in await starts_after(now)},
    )
    found = []
    for row in rows:
        if suggestion := _suggestion(row, turns.get(row.id), finder, china_day(now)):
            found.append(suggestion)
    return found


@dataclass(slots=True)
class _Finder:
    calendar: WorkingCalendar
    quiet: Sequence[Quiet]
    pattern: SlotPattern
    taken: set[date]

    def why_blocked(self, day: date) -> str | None:
        return why_blocked(day, self.calendar, self.quiet)

    def is_free(self, day: date) -> bool:
        return day not in self.taken and self.why_blocked(day) is None

    def usual_day(self, day: date, today: date) -> date | None:
        """The free usual day of the month nearest to a day that is none itself."""
        usual = self.pattern.usual_days(day.year, day.month)
        if day in usual:
            return None
        return nearest(day, [each for each in usual if each > today and self.is_free(each)])

    def another_day(self, day: date, earliest: date) -> date | None:
        """As slots move: the nearest free usual weekday of the month, else working day, not before earliest; when
        the month has none, the first free working day after it."""
        month = [
            each for each in days_of_month(day.year, day.month) if each >= earliest and self.is_free(each)
        ]
        same_weekday = [each for each in month if each.isoweekday() == self.pattern.weekday]
        if same_weekday or month:
            return nearest(day, same_weekday or month)
        later = (max(day, earliest) + timedelta(days=ahead) for ahead in range(LOOK_AHEAD_DAYS))
        return next((each for each in later if self.is_free(each)), None)


def _suggestion(row: Broadcast, turn: RotaTurn | None, finder: _Finder, today: date) -> Suggestion | None:
    day, is_draft = china_day(_start(row)), row.plan_state is PlanState.DRAFT
    if blocked := finder.why_blocked(day):
        if not is_draft and row.plan_state not in UNDER_WAY:
            return None
        proposed = finder.another_day(day, today + timedelta(days=1) if is_draft else day)
        reason = blocked + ("" if is_draft else "已经告诉单位的期限不能提前，只能往后延期。")
    elif is_draft and turn is not None and is_untouched(row, turn):
        proposed = finder.usual_day(day, today)
        if proposed is None:
            return None
        reason = f"原来排不了的{proposed:%-m月%-d日}现在可以用了。"
    else:
        return None
    if proposed is not None:
        finder.taken.add(proposed)
    start = _start(row).astimezone(CHINA)
    then = None if proposed is None else datetime.combine(proposed, start.timetz())
    return Suggestion(row.number, row.unit.name, row.version, start, then, reason, is_draft)


def _start(row: Broadcast) -> datetime:
    if row.starts_at is None:
        raise ValueError("a lecture without a day")
    return row.starts_at
