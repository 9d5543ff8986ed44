"""What stands against each day and each unit a draft could be moved to, in Chinese."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.models import UnitKind
from core.settings import Settings
from schedules.models import Broadcast
from schedules.planning.inputs import absences, china_day, lectures, quiet, rota_units, turn_day
from schedules.rota.festivals import hint
from schedules.rota.queue import KIND_LABELS, RotaUnit, TurnQueue
from schedules.rota.slots import days_of_month
from schedules.rota.year import Quiet, why_blocked
from schedules.states import PlanState
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
    """Everything a choice is judged by, loaded once. others: all lectures but the one to be moved."""

    calendar: WorkingCalendar
    quiet: Sequence[Quiet]
    others: Sequence[Broadcast]
    units: Sequence[RotaUnit]
    queue: TurnQueue
    today: date
    settings: Settings


async def surroundings(moving: Broadcast, year: int, *, now: datetime, settings: Settings) -> Surroundings:
    rows = [row for row in await lectures() if row.plan_state is not PlanState.CANCELLED]
    others = [row for row in rows if row.id != moving.id]
    units = await rota_units()
    queue = TurnQueue(units, await absences(), interleaved=False)
    for row in others:
        if day := turn_day(row):
            queue.spoke(row.unit_id, day)
    today = china_day(now)
    calendar = await load_calendar([year, today.year])
    return Surroundings(calendar, await quiet(), others, units, queue, today, settings)


async def choices_of_day(
    moving: Broadcast, year: int, month: int, *, now: datetime, settings: Settings
) -> list[DayChoice]:
    """Every day of the month, with what stands against it for this lecture and its unit."""
    around = await surroundings(moving, year, now=now, settings=settings)
    return [
        DayChoice(
            day,
            [*objections_to_day(around, day), *objections_to_unit(around, moving.unit_id, day)],
            hint(day),
        )
        for day in days_of_month(year, month)
    ]


async def choices_of_unit(
    moving: Broadcast, day: date, *, now: datetime, settings: Settings
) -> list[UnitChoice]:
    """Every unit that still takes turns, with what stands against it on that day; who has waited longest first."""
    around = await surroundings(moving, day.year, now=now, settings=settings)
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
        if row.starts_at and china_day(row.starts_at) == day:
            found.append(Objection(f"这一天已有 {row.number}（{row.unit.name}）。", True))
    same_month = [row for row in around.others if _in_month(row, day)]
    if len(same_month) > 1:
        found.append(Objection(f"这个月另有 {len(same_month)} 期。", False))
    ahead = around.calendar.working_days_between(around.today, day)
    if 0 <= ahead < around.settings.deadline_hand_in_days:
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
    own = [(turn, row) for row in around.others if row.unit_id == unit_code and (turn := turn_day(row))]
    for turn, row in own:
        if abs(turn - day) < NEAR_MONTHS:
            found.append(
                Objection(f"{unit.name}另有 {row.number}（{turn:%Y年%-m月%-d日}），间隔太近。", False)
            )
    same_kind = [row for row in around.others if _in_month(row, day) and row.unit.kind is unit.kind]
    if same_kind:
        found.append(Objection(f"这个月已有{KIND_LABELS[unit.kind]}（{same_kind[0].unit.name}）。", False))
    return found


def _in_month(row: Broadcast, day: date) -> bool:
    if row.starts_at is None:
        return False
    other = china_day(row.starts_at)
    return (other.year, other.month) == (day.year, day.month)
