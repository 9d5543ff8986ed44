"""What stands against each day and each unit a draft could be moved to, in Chinese: read once, judged many times."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.models import UnitKind
from core.settings import Settings
from schedules.models import Broadcast
from schedules.planning.inputs import (
    Standing,
    absences,
    china_day,
    last_days,
    quiet,
    rota_units,
    standing_lectures,
)
from schedules.rota.festivals import hint
from schedules.rota.queue import KIND_LABELS, RotaUnit, TurnQueue
from schedules.rota.slots import days_of_month
from schedules.rota.year import Quiet, why_blocked
from schedules.workdays.calendars import load_calendar
from schedules.workdays.days import WorkingCalendar

NEAR_MONTHS = timedelta(days=180)
"""A unit that speaks twice within so long is pointed out."""


@dataclass(frozen=True, slots=True)
class Objection:
    """blocks: the move is refused; else it only should be known."""

    text: str
    blocks: bool


@dataclass(frozen=True, slots=True)
class DayChoice:
    day: date
    objections: Sequence[Objection]
    hint: str | None
    """A festival of law nearby."""

    @property
    def is_free(self) -> bool:
        return not any(objection.blocks for objection in self.objections)


@dataclass(frozen=True, slots=True)
class UnitChoice:
    code: str
    name: str
    kind: UnitKind
    last_turn: date | None
    objections: Sequence[Objection]

    @property
    def is_free(self) -> bool:
        return not any(objection.blocks for objection in self.objections)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything a choice is judged by, loaded once. others: lectures not far from the days, without the one that is
    to be moved. in_time: the first day for which a unit told today can still hand in by its deadline."""

    calendar: WorkingCalendar
    quiet: Sequence[Quiet]
    others: Sequence[Standing]
    units: Sequence[RotaUnit]
    queue: TurnQueue
    today: date
    in_time: date


async def surroundings(
    moving: Broadcast, days: Collection[date], *, now: datetime, settings: Settings
) -> Surroundings:
    """days: at least one, those that are to be judged."""
    first, last = min(days), max(days)
    units = await rota_units()
    near = await standing_lectures(units, (first - NEAR_MONTHS, last + NEAR_MONTHS))
    others = [row for row in near if row.id != moving.id]
    queue = TurnQueue(units, await absences(), interleaved=False)
    for code, day in (await last_days(moving.id)).items():
        queue.spoke(code, day)
    for row in others:  # those without a day count by the one they were first told
        if row.turn:
            queue.spoke(row.unit_code, row.turn)
    today = china_day(now)
    calendar = await load_calendar({today.year, *(day.year for day in days)})
    in_time = calendar.add_working_days(today, settings.deadline_hand_in_days)
    return Surroundings(calendar, await quiet(), others, units, queue, today, in_time)


def choices_of_day(around: Surroundings, unit_code: str, year: int, month: int) -> list[DayChoice]:
    """Every day of the month, with what stands against it for the lecture when that unit gives it."""
    return [
        DayChoice(
            day,
            [*objections_to_day(around, day), *objections_to_unit(around, unit_code, day)],
            hint(day),
        )
        for day in days_of_month(year, month)
    ]


def choices_of_unit(around: Surroundings, day: date) -> list[UnitChoice]:
    """Every unit that still takes turns, with what stands against it on that day; who has waited longest first."""
    found = [
        UnitChoice(
            unit.code,
            unit.name,
            unit.kind,
            around.queue.last_turn(unit),
            objections_to_unit(around, unit.code, day),
        )
        for unit in around.units
        if unit.retired_on is None or unit.retired_on > day
    ]
    return sorted(found, key=lambda choice: (not choice.is_free, choice.last_turn or date.min))


def objections_to_day(around: Surroundings, day: date) -> list[Objection]:
    """What stands against a lecture on that day, whoever gives it."""
    found: list[Objection] = []
    if day < around.today:
        found.append(Objection("这一天已经过去了。", True))
    if reason := why_blocked(day, around.calendar, around.quiet):
        found.append(Objection(reason, True))
    for row in around.others:
        if row.day == day:
            found.append(Objection(f"这一天已有 {row.number}（{row.unit_name}）。", True))
    same_month = [row for row in around.others if _in_month(row, day)]
    if len(same_month) > 1:
        found.append(Objection(f"这个月另有 {len(same_month)} 期。", False))
    if around.today <= day < around.in_time:
        ahead = around.calendar.working_days_between(around.today, day)
        found.append(Objection(f"离现在只有 {ahead} 个工作日，来不及按期报送。", False))
    if not around.calendar.is_official(day.year):
        found.append(Objection(f"{day.year} 年放假安排还没有公布，这一天是否上班为预计。", False))
    return found


def objections_to_unit(around: Surroundings, unit_code: str, day: date) -> list[Objection]:
    """What stands against this unit speaking on that day."""
    unit = next((each for each in around.units if each.code == unit_code), None)
    if unit is None:
        return [Objection("单位名册里没有这个单位。", True)]
    found: list[Objection] = []
    if absent := around.queue.why_absent(unit, day):
        found.append(Objection(f"{absent}。", True))
    for row in around.others:
        if row.unit_code == unit_code and row.turn and abs(row.turn - day) < NEAR_MONTHS:
            found.append(
                Objection(f"{unit.name}另有 {row.number}（{row.turn:%Y年%-m月%-d日}），间隔太近。", False)
            )
    same_kind = [row for row in around.others if _in_month(row, day) and row.kind is unit.kind]
    if same_kind:
        found.append(Objection(f"这个月已有{KIND_LABELS[unit.kind]}（{same_kind[0].unit_name}）。", False))
    return found


def _in_month(row: Standing, day: date) -> bool:
    return row.day is not None and (row.day.year, row.day.month) == (day.year, day.month)
