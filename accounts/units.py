"""What may be done with one unit: another name, another place in the order, an end. Its code never changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tortoise.exceptions import IntegrityError

from accounts.credit_codes import credit_code_fault, normal_credit_code
from accounts.models import Unit, UnitKind, UnitName
from accounts.queries import find_unit
from accounts.unit_names import former_names, since_fault
from accounts.unit_rows import HIGHEST_ORDER, name_fault
from core.audit import Actor, record
from core.clock import CHINA
from core.database import transaction
from core.errors import Conflict, Invalid, NotFound

FARTHEST = timedelta(days=5 * 366)
"""A date of retirement lies no farther from today: beyond it is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class UnitDetails:
    kind: UnitKind
    display_order: int
    credit_code: str = ""


async def get_unit(code: str) -> Unit:
    """Raises NotFound."""
    unit = await find_unit(code)
    if unit is None:
        raise NotFound(f"没有代码为 {code[:16]} 的单位。")
    return unit


async def rename_unit(code: str, name: str, since: date, *, by: Actor, now: datetime) -> Unit:
    """From `since` on the unit bears the name; before, it bore the present one. Raises NotFound, Invalid."""
    name = " ".join(name.split())
    async with transaction():
        unit = await get_unit(code)
        former = await former_names(unit)
        faults = {
            "name": name_fault(name) or ("和现在的名称一样，不用改。" if name == unit.name else None),
            "since": since_fault(former, since, today_of(now)),
        }
        if faults["name"] is None and await Unit.filter(name=name).exists():
            faults["name"] = f"已经有单位叫“{name}”，请核对；如果两家合并，请用“停用或并入”。"
        if wrong := {field: text for field, text in faults.items() if text}:
            raise Invalid(wrong)
        before = await take_name(unit, name, since)
        await record(
            "unit.renamed",
            by=by,
            subject=f"unit:{code}",
            now=now,
            before={"name": before},
            after={"name": name, "since": since},
        )
    return unit


async def take_name(unit: Unit, name: str, since: date) -> str:
    """Give a unit its new name and keep the old one with its day; the old name. Inside a transaction."""
    before = unit.name
    if not await UnitName.filter(unit_id=unit.code, until=since).exists():
        # A second change on one day: the name in between never held, and the one before it is kept already.
        await UnitName.create(unit=unit, name=before, until=since)
    unit.name = name
    await unit.save(update_fields=["name"])
    return before


async def change_unit(code: str, details: UnitDetails, *, by: Actor, now: datetime) -> Unit:
    """Kind, place in the official order, 统一社会信用代码. Raises NotFound, Invalid."""
    credit_code = normal_credit_code(details.credit_code)
    faults: dict[str, str] = {}
    if not 1 <= details.display_order <= HIGHEST_ORDER:
        faults["display_order"] = f"显示顺序要填 1 到 {HIGHEST_ORDER} 的整数。"
    if credit_code and (fault := credit_code_fault(credit_code)):
        faults["credit_code"] = fault
    if faults:
        raise Invalid(faults)
    async with transaction():
        unit = await get_unit(code)
        before = _details(unit)
        unit.kind, unit.display_order, unit.credit_code = details.kind, details.display_order, credit_code
        after = _details(unit)
        if after != before:
            await unit.save(update_fields=["kind", "display_order", "credit_code"])
            await record("unit.changed", by=by, subject=f"unit:{code}", now=now, before=before, after=after)
    return unit


async def retire_unit(code: str, on: date, *, merged_into: str = "", by: Actor, now: datetime) -> Unit:
    """From `on` the unit takes no turns; its past stays as it is. merged_into: the code of who takes its work on.

    Raises NotFound, Invalid.
    """
    async with transaction():
        unit = await get_unit(code)
        faults: dict[str, str] = {}
        if abs(on - today_of(now)) > FARTHEST:
            faults["on"] = "停用日期离今天太远，请核对年份。"
        if merged_into and (fault := await _merge_fault(unit, merged_into, on)):
            faults["merged_into"] = fault
        if faults:
            raise Invalid(faults)
        before = _end(unit)
        unit.retired_on, unit.merged_into_id = on, merged_into or None
        await unit.save(update_fields=["retired_on", "merged_into_id"])
        await record("unit.retired", by=by, subject=f"unit:{code}", now=now, before=before, after=_end(unit))
    return unit


async def restore_unit(code: str, *, by: Actor, now: datetime) -> Unit:
    """Take a retirement back. Raises NotFound, Conflict."""
    async with transaction():
        unit = await get_unit(code)
        if unit.retired_on is None:
            raise Conflict(f"{unit.name}没有停用，不用恢复。")
        before = _end(unit)
        unit.retired_on, unit.merged_into_id = None, None
        await unit.save(update_fields=["retired_on", "merged_into_id"])
        await record("unit.restored", by=by, subject=f"unit:{code}", now=now, before=before, after=_end(unit))
    return unit


async def add_unit(code: str, name: str, details: UnitDetails, *, by: Actor, now: datetime) -> Unit:
    """For what was checked already, as a line of a list is. Joins the caller's transaction. Raises Conflict."""
    unit = Unit(
        code=code,
        name=name,
        kind=details.kind,
        display_order=details.display_order,
        credit_code=details.credit_code,
    )
    try:
        async with transaction():
            await unit.save(force_create=True)
            await record(
                "unit.created",
                by=by,
                subject=f"unit:{code}",
                now=now,
                after={"name": name} | dict(_details(unit)),
            )
    except IntegrityError:
        raise Conflict(f"单位代码 {code} 或名称“{name}”刚刚被别人用了，请刷新后再试。") from None
    return unit


def takes_turns(unit: Unit, day: date) -> bool:
    """Whether the unit can be asked to speak on a day."""
    return unit.retired_on is None or day < unit.retired_on


def today_of(now: datetime) -> date:
    return now.astimezone(CHINA).date()


async def _merge_fault(unit: Unit, into: str, on: date) -> str | None:
    target = await find_unit(into)
    if target is None:
        return f"没有代码为 {into[:16]} 的单位，请从列表中选择。"
    if target.code == unit.code:
        return "单位不能并入自己，请选择另一个单位。"
    if not takes_turns(target, on):
        return f"{target.name}到那天已经停用，请选择接着承担工作的单位。"
    return None


def _details(unit: Unit) -> Mapping[str, object]:
    return {"kind": unit.kind, "display_order": unit.display_order, "credit_code": unit.credit_code}


def _end(unit: Unit) -> Mapping[str, object]:
    return {"retired_on": unit.retired_on, "merged_into": unit.merged_into_id}
