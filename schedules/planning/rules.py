"""What the bureau tells the rota: pins, absences, quiet days. All audited, and heeded by the next generation."""

from calendar import monthrange
from datetime import date, datetime, timedelta

from accounts.models import Unit
from accounts.queries import find_unit
from core.audit import Actor, record
from core.database import transaction
from core.errors import Conflict, Invalid, NotFound
from core.settings import Settings
from schedules.models.rota import QuietDays, RotaAbsence, RotaPin
from schedules.planning.inputs import china_day, pattern_of

LONGEST_NOTE = 60
LONGEST_SPAN = timedelta(days=731)
LEAP_YEAR = 2028
FIRST_YEAR, LAST_YEAR = 2020, 2100


async def pins() -> list[RotaPin]:
    """In order of month and day, with their units."""
    return await RotaPin.all().prefetch_related("unit")


async def unit_absences() -> list[RotaAbsence]:
    """In order of time, with their units."""
    return await RotaAbsence.all().prefetch_related("unit")


async def quiet_days() -> list[QuietDays]:
    return await QuietDays.all()


async def add_pin(
    unit_code: str,
    *,
    month: int,
    day: int | None = None,
    year: int | None = None,
    note: str = "",
    by: Actor,
    now: datetime,
    settings: Settings,
) -> RotaPin:
    """A unit speaks in a month, or on a day of it; year None: every year. Raises Invalid, and Conflict when the
    unit or the whole month is pinned already."""
    faults: dict[str, str] = {}
    unit = await _unit(unit_code, china_day(now), faults)
    note = _note(note, "note", faults)
    if year is not None and not max(FIRST_YEAR, china_day(now).year) <= year <= LAST_YEAR:
        faults["year"] = "请填今年或以后的年份；每年都要就不填。"
    if not 1 <= month <= 12:
        faults["month"] = "月份要在 1 到 12 之间。"
    elif day is not None and not 1 <= day <= monthrange(year or LEAP_YEAR, month)[1]:
        faults["day"] = f"{month} 月没有这一天。"
    if unit is None or faults:
        raise Invalid(faults)
    async with transaction():
        rivals = [each for each in await RotaPin.filter(month=month) if _same_year(each.year, year)]
        if any(each.unit_id == unit_code for each in rivals):
            raise Conflict(f"{unit.name}已经指定在 {month} 月了。")
        if len(rivals) >= len(pattern_of(settings).weeks):
            raise Conflict(f"{month} 月的期次都已经指定了单位，请先删去一个。")
        pin = await RotaPin.create(unit=unit, year=year, month=month, day=day, note=note)
        await record("rota.pin_added", by=by, subject=f"rota_pin:{pin.id}", now=now, after=_pin(pin))
    return pin


async def remove_pin(pin_id: int, *, by: Actor, now: datetime) -> None:
    """Raises NotFound."""
    async with transaction():
        pin = await RotaPin.get_or_none(id=pin_id)
        if pin is None or not await RotaPin.filter(id=pin_id).delete():
            raise NotFound("这条指定已经删去了。")
        await record("rota.pin_removed", by=by, subject=f"rota_pin:{pin_id}", now=now, before=_pin(pin))


async def add_absence(
    unit_code: str, first: date, last: date, *, reason: str = "", by: Actor, now: datetime
) -> RotaAbsence:
    """A unit takes no turn from first to last, both counted. Raises Invalid."""
    faults: dict[str, str] = {}
    unit = await _unit(unit_code, china_day(now), faults)
    reason = _note(reason, "reason", faults)
    _span(first, last, china_day(now), faults)
    if unit is None or faults:
        raise Invalid(faults)
    async with transaction():
        row = await RotaAbsence.create(unit=unit, from_day=first, until_day=last, reason=reason)
        await record(
            "rota.absence_added", by=by, subject=f"rota_absence:{row.id}", now=now, after=_absence(row)
        )
    return row


async def remove_absence(absence_id: int, *, by: Actor, now: datetime) -> None:
    """Raises NotFound."""
    async with transaction():
        row = await RotaAbsence.get_or_none(id=absence_id)
        if row is None or not await RotaAbsence.filter(id=absence_id).delete():
            raise NotFound("这条缺席已经删去了。")
        await record(
            "rota.absence_removed", by=by, subject=f"rota_absence:{absence_id}", now=now, before=_absence(row)
        )


async def add_quiet_days(first: date, last: date, *, reason: str = "", by: Actor, now: datetime) -> QuietDays:
    """No lecture from first to last, both counted. Raises Invalid."""
    faults: dict[str, str] = {}
    reason = _note(reason, "reason", faults)
    _span(first, last, china_day(now), faults)
    if faults:
        raise Invalid(faults)
    async with transaction():
        row = await QuietDays.create(from_day=first, until_day=last, reason=reason)
        await record("rota.quiet_added", by=by, subject=f"rota_quiet:{row.id}", now=now, after=_quiet(row))
    return row


async def remove_quiet_days(quiet_id: int, *, by: Actor, now: datetime) -> None:
    """Raises NotFound."""
    async with transaction():
        row = await QuietDays.get_or_none(id=quiet_id)
        if row is None or not await QuietDays.filter(id=quiet_id).delete():
            raise NotFound("这段静默期已经删去了。")
        await record(
            "rota.quiet_removed", by=by, subject=f"rota_quiet:{quiet_id}", now=now, before=_quiet(row)
        )


async def _unit(code: str, today: date, faults: dict[str, str]) -> Unit | None:
    unit = await find_unit(code)
    if unit is None:
        faults["unit"] = "请从名册里选一个单位。"
    elif unit.retired_on is not None and unit.retired_on <= today:
        faults["unit"] = f"{unit.name}已经撤并，不再轮值。"
    return unit


def _note(text: str, field: str, faults: dict[str, str]) -> str:
    text = " ".join(text.split())
    if len(text) > LONGEST_NOTE or not text.isprintable():
        faults[field] = f"说明不能超过 {LONGEST_NOTE} 个字。"
    return text


def _span(first: date, last: date, today: date, faults: dict[str, str]) -> None:
    if last < first:
        faults["last"] = "结束的日期要在开始的日期以后。"
    elif last < today:
        faults["last"] = "这段日子已经过去了，请核对年份。"
    elif last - first > LONGEST_SPAN:
        faults["last"] = "一次最多两年，请核对日期。"


def _same_year(one: int | None, other: int | None) -> bool:
    return one is None or other is None or one == other


def _pin(pin: RotaPin) -> dict[str, object]:
    return {"unit": pin.unit_id, "year": pin.year, "month": pin.month, "day": pin.day, "note": pin.note}


def _absence(row: RotaAbsence) -> dict[str, object]:
    return {"unit": row.unit_id, **_quiet(row)}


def _quiet(row: RotaAbsence | QuietDays) -> dict[str, object]:
    return {"first": row.from_day.isoformat(), "last": row.until_day.isoformat(), "reason": row.reason}
