"""What the rota works from, gathered out of the database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from tortoise.expressions import Q
from tortoise.functions import Max
from tortoise.queryset import QuerySet

from accounts.models import Unit, UnitKind
from core.clock import CHINA
from core.errors import Conflict
from core.settings import Settings
from schedules.models import Broadcast
from schedules.models.calendar import CalendarYear
from schedules.models.rota import QuietDays, RotaAbsence, RotaPin, RotaTurn
from schedules.rota.queue import Absence, RotaUnit
from schedules.rota.slots import SlotPattern
from schedules.rota.year import Kept, Pin, Quiet, RotaInput, Rule, Turn
from schedules.states import PlanState
from schedules.workdays.calendars import load_calendar


@dataclass(frozen=True, slots=True)
class Standing:
    """A lecture as the rota looks at it; years of them are read at once, so it holds no more than that.

    day: it is to be given on, None where none stands. turn: the day it counts as its unit's turn (turn_day).
    """

    id: UUID
    number: str
    unit_code: str
    unit_name: str
    kind: UnitKind
    plan_state: PlanState
    day: date | None
    turn: date | None


@dataclass(frozen=True, slots=True)
class YearState:
    """A year as it stands: what decides its rota, the lectures that stay and the drafts a new rota takes away."""

    given: RotaInput
    kept: list[Broadcast]
    replaced: list[Broadcast]


async def year_state(year: int, rule: Rule, settings: Settings, now: datetime) -> YearState:
    """Raises Conflict when the calendar does not hold the year."""
    if not await CalendarYear.exists(year=year):
        raise Conflict(
            f"工作日历里还没有 {year} 年，请在服务器上运行 weiketang calendar show --year {year}。"
        )
    of_year = await _lectures_numbered_in(year)
    planned = await planned_ids([row.id for row in of_year])
    kept, replaced = [], []
    for row in of_year:
        if row.plan_state is PlanState.DRAFT and not row.locked:
            replaced.append(row)
        elif (row.id in planned or row.plan_state is PlanState.DRAFT) and not _frees_its_slot(row, now):
            kept.append(row)
    gone = {row.id for row in replaced}
    # The year's own rows are read but once: two who generate at the same moment must not each see half of it.
    units = await rota_units()
    standing = [row for row in await standing_lectures(units) if not row.number.startswith(f"{year}-")]
    standing += [
        _as_standing(row)
        for row in of_year
        if row.id not in gone and row.plan_state is not PlanState.CANCELLED
    ]
    given = RotaInput(
        year=year,
        rule=rule,
        units=units,
        calendar=await load_calendar([year]),
        history=[Turn(row.unit_code, row.turn) for row in standing if row.turn and row.turn.year <= year],
        kept=[_kept(row) for row in kept],
        pins=await pins_of(year),
        absences=await absences(),
        quiet=await quiet(),
        taken_days=frozenset(row.day for row in standing if row.day),
        taken_numbers=await _taken_numbers(year),
        pattern=pattern_of(settings),
    )
    return YearState(given, kept, replaced)


async def _lectures_numbered_in(year: int) -> list[Broadcast]:
    """All but samples, with their units, in order of time."""
    rows = Broadcast.filter(number__startswith=f"{year}-", is_sample=False)
    return await rows.order_by("starts_at", "number").prefetch_related("unit")


async def standing_lectures(
    units: Collection[RotaUnit], near: tuple[date, date] | None = None
) -> list[Standing]:
    """All but samples and cancelled ones, in order of time. units: all there are. near: only those given from the
    first until the second day, both counted, and those that have no day.
    """
    by_code = {unit.code: unit for unit in units}
    rows = _standing()
    if near is not None:
        since, until = midnight(near[0]), midnight(near[1] + timedelta(days=1))
        rows = rows.filter(Q(starts_at__gte=since, starts_at__lt=until) | Q(starts_at=None))
    found = await rows.order_by("starts_at", "number").values_list(
        "id", "number", "unit_id", "plan_state", "starts_at", "first_starts_at", "first_live_at"
    )
    return [
        Standing(
            id=id,
            number=number,
            unit_code=code,
            unit_name=by_code[code].name,
            kind=by_code[code].kind,
            plan_state=state,
            day=china_day(starts_at) if starts_at else None,
            turn=turn_day(starts_at, first_starts_at, first_live_at),
        )
        for id, number, code, state, starts_at, first_starts_at, first_live_at in found
    ]


async def last_days(but: UUID) -> dict[str, date]:
    """Unit code → the last day that one of its standing lectures is to be given or was given; but: not this one."""
    rows = _standing().exclude(id=but).filter(starts_at__isnull=False)
    found = await rows.annotate(last=Max("starts_at")).group_by("unit_id").values_list("unit_id", "last")
    return {str(code): china_day(last) for code, last in found}


def _as_standing(row: Broadcast) -> Standing:
    return Standing(
        id=row.id,
        number=row.number,
        unit_code=row.unit_id,
        unit_name=row.unit.name,
        kind=row.unit.kind,
        plan_state=row.plan_state,
        day=china_day(row.starts_at) if row.starts_at else None,
        turn=turn_day(row.starts_at, row.first_starts_at, row.first_live_at),
    )


def _standing() -> QuerySet[Broadcast]:
    return Broadcast.filter(is_sample=False).exclude(plan_state=PlanState.CANCELLED)


async def planned_ids(ids: Collection[UUID]) -> set[UUID]:
    """Those of the lectures that the rota planned; the others are 临时期次 and fill no slot of it."""
    rows = await RotaTurn.filter(broadcast_id__in=list(ids)).values_list("broadcast_id", flat=True)
    return {UUID(str(row)) for row in rows}


async def rota_units() -> list[RotaUnit]:
    return [
        RotaUnit(unit.code, unit.name, unit.kind, unit.display_order, unit.retired_on, unit.merged_into_id)
        for unit in await Unit.all()
    ]


async def pins_of(year: int) -> list[Pin]:
    """Those of the year and those of every year."""
    rows = await RotaPin.all()
    return [Pin(row.unit_id, row.month, row.day, row.note) for row in rows if row.year in (None, year)]


async def absences() -> list[Absence]:
    rows = await RotaAbsence.all()
    return [Absence(row.unit_id, row.from_day, row.until_day, row.reason) for row in rows]


async def quiet() -> list[Quiet]:
    return [Quiet(row.from_day, row.until_day, row.reason) for row in await QuietDays.all()]


def pattern_of(settings: Settings) -> SlotPattern:
    weeks = tuple(int(week) for week in settings.rota_weeks.split(","))
    return SlotPattern(settings.rota_weekday, weeks, time.fromisoformat(settings.rota_time))


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=CHINA)


def china_day(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()


def turn_day(
    starts_at: datetime | None, first_starts_at: datetime | None, first_live_at: datetime | None
) -> date | None:
    """The day a lecture counts as its unit's turn: also one that was postponed and has no new day yet."""
    moment = starts_at or first_starts_at or first_live_at
    return china_day(moment) if moment else None


def _frees_its_slot(row: Broadcast, now: datetime) -> bool:
    """One that is called off before its day leaves room for another; afterwards the month has had it."""
    return row.plan_state is PlanState.CANCELLED and (row.starts_at is None or row.starts_at > now)


def _kept(row: Broadcast) -> Kept:
    year, month = (int(part) for part in row.number.split("-")[:2])
    planned = china_day(row.first_starts_at or row.starts_at or datetime(year, month, 1, tzinfo=CHINA))
    day = china_day(row.starts_at) if row.starts_at else planned
    return Kept(
        row.number,
        row.unit_id,
        day,
        planned,
        is_draft=row.plan_state is PlanState.DRAFT,
        called_off=row.plan_state is PlanState.CANCELLED,
    )


async def _taken_numbers(year: int) -> frozenset[str]:
    """Numbers that have been told to somebody: of all lectures but drafts, samples and cancelled ones included."""
    told = Broadcast.filter(number__startswith=f"{year}-").exclude(plan_state=PlanState.DRAFT)
    return frozenset(str(number) for number in await told.values_list("number", flat=True))
