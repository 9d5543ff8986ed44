"""Taking a list of units over in two steps: looked at first, then all of it or nothing."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from accounts.models import Unit, UnitImport, UnitKind
from accounts.unit_changes import UnitChange, UnitState, digest_of, plan_changes
from accounts.unit_names import former_names, since_fault
from accounts.unit_rows import COLUMNS, KINDS, UnitRow, read_rows
from accounts.units import UnitDetails, add_unit, take_name, today_of
from core.audit import Actor, record
from core.database import transaction
from core.errors import Conflict, Invalid, NotFound
from core.settings import Settings
from core.workbooks import RowFault, TableRow, WorkbookLimits

PARKED = "（改名中）"
"""Two units may change names with each other: each is parked under its code first, since names are unique."""


class RosterFaults(Invalid):
    """faults: everything wrong with the list, row by row; nothing of it was taken over."""

    def __init__(self, faults: Sequence[RowFault]) -> None:
        self.faults = list(faults)
        super().__init__({"file": f"名册里有 {len(faults)} 处要改，一行也没有导入。"})


@dataclass(frozen=True, slots=True)
class Preview:
    """untouched: units of the list that are so already. left_out: units the list does not name; they stay."""

    draft: UnitImport
    changes: list[UnitChange]
    untouched: int
    left_out: int


def limits_of(settings: Settings) -> WorkbookLimits:
    return WorkbookLimits(
        bytes=settings.roster_file_kib * 1024,
        unpacked_bytes=settings.workbook_unpacked_mib * 1024 * 1024,
        rows=settings.roster_rows,
        columns=settings.roster_columns,
    )


async def draft_import(
    table: Sequence[TableRow], *, file_name: str, since: date, by: Actor, now: datetime, settings: Settings
) -> UnitImport:
    """Keep a list to look at. since: the day from which new names hold. Raises RosterFaults, Invalid."""
    rows, faults = read_rows(table)
    changes, more = plan_changes(rows, await _states())
    faults += [*more, *await _name_faults(changes, since, now)]
    if since > today_of(now):
        raise Invalid({"since": since_fault([], since, today_of(now)) or ""})
    if faults:
        raise RosterFaults(sorted(faults, key=lambda fault: fault.row))
    await UnitImport.filter(
        uploaded_at__lt=now - timedelta(hours=settings.roster_upload_hours), applied_at=None
    ).delete()
    return await UnitImport.create(
        file_name="".join(filter(str.isprintable, file_name))[:120],
        rows=[_stored(row) for row in rows],
        digest=digest_of(changes, since),
        names_since=since,
        uploaded_by=by.id[:64],
        uploaded_at=now,
    )


async def preview_import(draft_id: UUID, *, by: Actor, now: datetime, settings: Settings) -> Preview:
    """What the list would change now. Raises NotFound for others' lists, Conflict when it is done or too old."""
    draft = await _own_draft(draft_id, by, now, settings)
    rows, states = _rows(draft), await _states()
    changes, _ = plan_changes(rows, states)
    named = {row.code for row in rows}
    return Preview(
        draft=draft,
        changes=changes,
        untouched=len(rows) - len(changes),
        left_out=sum(state.code not in named for state in states),
    )


async def apply_import(draft_id: UUID, digest: str, *, by: Actor, now: datetime, settings: Settings) -> int:
    """Do what was shown, all of it or nothing; how many units were changed or made.

    digest: of what was shown. Raises Conflict when the units have changed meanwhile, or when it is done already.
    """
    async with transaction():
        draft = await _own_draft(draft_id, by, now, settings)
        changes, faults = plan_changes(_rows(draft), await _states())
        faults += await _name_faults(changes, draft.names_since, now)
        if faults or digest_of(changes, draft.names_since) != digest:
            raise Conflict("单位刚刚被改过，和您看到的不一样了。请重新看过下面的改动，再确认导入。")
        if not await UnitImport.filter(id=draft.id, applied_at=None).update(applied_at=now):
            raise _done(draft)
        await _carry_out(changes, draft.names_since, by, now)
        await record(
            "units.imported",
            by=by,
            subject=f"unit_import:{draft.id}",
            now=now,
            after={"file": draft.file_name, "rows": len(draft.rows), "changed": len(changes)},
        )
    return len(changes)


async def _carry_out(changes: Sequence[UnitChange], since: date, by: Actor, now: datetime) -> None:
    units = {unit.code: unit for unit in await Unit.all()}
    for change in changes:
        if change.after("name") and not change.is_new:
            await Unit.filter(code=change.code).update(name=f"{PARKED}{change.code}")
    for change in changes:
        if change.is_new:
            details = UnitDetails(
                _kind(change), int(change.after("display_order") or 1), change.after("credit_code") or ""
            )
            units[change.code] = await add_unit(change.code, change.name, details, by=by, now=now)
    for change in changes:
        unit = units[change.code]
        if (name := change.after("name")) and not change.is_new:
            await take_name(unit, name, since)
        await _set(unit, change)
        if not change.is_new or change.after("retired_on"):
            await record(
                "unit.changed",
                by=by,
                subject=f"unit:{change.code}",
                now=now,
                before={each.field: each.before for each in change.fields},
                after={each.field: each.after for each in change.fields},
            )


async def _set(unit: Unit, change: UnitChange) -> None:
    """Everything but the name."""
    if change.after("kind"):
        unit.kind = _kind(change)
    if order := change.after("display_order"):
        unit.display_order = int(order)
    if (code := change.after("credit_code")) is not None:
        unit.credit_code = code
    if (day := change.after("retired_on")) is not None:
        unit.retired_on = date.fromisoformat(day) if day else None
    if (into := change.after("merged_into")) is not None:
        unit.merged_into_id = into or None
    unit.is_sample = False
    await unit.save(
        update_fields=["kind", "display_order", "credit_code", "retired_on", "merged_into_id", "is_sample"]
    )


def _kind(change: UnitChange) -> UnitKind:
    return KINDS[change.after("kind") or ""]


async def _name_faults(changes: Sequence[UnitChange], since: date, now: datetime) -> list[RowFault]:
    faults = []
    for change in changes:
        if change.is_new or change.after("name") is None:
            continue
        unit = await Unit.get(code=change.code)
        if fault := since_fault(await former_names(unit), since, today_of(now)):
            faults.append(RowFault(change.row, COLUMNS["name"], fault))
    return faults


async def _own_draft(draft_id: UUID, by: Actor, now: datetime, settings: Settings) -> UnitImport:
    draft = await UnitImport.get_or_none(id=draft_id, uploaded_by=by.id)
    if draft is None:
        raise NotFound("没有找到这份名册，请重新上传。")
    if draft.applied_at is not None:
        raise _done(draft)
    if draft.uploaded_at < now - timedelta(hours=settings.roster_upload_hours):
        raise Conflict("这份名册上传得太久了，请重新上传，看过改动再确认。")
    return draft


def _done(draft: UnitImport) -> Conflict:
    return Conflict(f"“{draft.file_name}”已经导入过了，没有重复导入。")


async def _states() -> list[UnitState]:
    return [
        UnitState(
            code=unit.code,
            name=unit.name,
            kind=unit.kind,
            display_order=unit.display_order,
            credit_code=unit.credit_code,
            retired_on=unit.retired_on.isoformat() if unit.retired_on else "",
            merged_into=unit.merged_into_id or "",
            is_sample=unit.is_sample,
        )
        for unit in await Unit.all()
    ]


def _stored(row: UnitRow) -> dict[str, str]:
    """As JSON keeps it: what the list has no column for is left out."""
    return {name: str(value) for name, value in asdict(row).items() if value is not None}


def _rows(draft: UnitImport) -> list[UnitRow]:
    return [
        UnitRow(
            row=int(row["row"]),
            code=row["code"],
            name=row["name"],
            kind=UnitKind(row["kind"]),
            display_order=int(row["display_order"]),
            credit_code=row.get("credit_code"),
            retired_on=row.get("retired_on"),
            merged_into=row.get("merged_into"),
        )
        for row in draft.rows
    ]
