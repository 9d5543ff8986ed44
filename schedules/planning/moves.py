"""Moving a draft to another day or unit, and locking it. Who acts on an old view is told what has changed since.

What has been told to a unit (from 已下达 on) is not moved here: that is 延期 and 调换.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from tortoise.expressions import F

from accounts.models import Unit
from core.audit import Actor, record
from core.audit.models import AuditEntry
from core.clock import CHINA
from core.database import transaction
from core.errors import Conflict, DomainError, Invalid
from core.settings import Settings
from schedules.models import Broadcast
from schedules.numbers import month_of
from schedules.planning.choices import objections_to_day, objections_to_unit, surroundings
from schedules.planning.inputs import china_day
from schedules.planning.numbers import renumber_drafts
from schedules.queries import by_number
from schedules.states import PlanState

FURTHEST = timedelta(days=12 * 366)


async def move(
    number: str,
    *,
    start: datetime | None = None,
    unit_code: str | None = None,
    version: int,
    by: Actor,
    now: datetime,
    settings: Settings,
) -> Broadcast:
    """Give a draft another start (aware) or another unit; None keeps it. version: of the lecture as it was seen.

    In another month the draft gets another number, and drafts of one month keep theirs in order of date. Raises
    NotFound; Conflict when somebody else has changed it or it is no draft any more; Invalid with what stands
    against the day (`start`) or the unit (`unit`).
    """
    async with transaction():
        row = await _draft_as_seen(number, version)
        before = _facts(row) | {"unit_name": row.unit.name}
        row.starts_at = _minute(start or row.starts_at or now)
        row.unit_id = unit_code or row.unit_id
        if _facts(row).items() <= before.items():
            return row
        await _check(row, changed_day=_facts(row)["start"] != before["start"], now=now, settings=settings)
        unit = await Unit.get(code=row.unit_id)
        row.reason = f"{by.name}于{now.astimezone(CHINA):%Y年%-m月%-d日}手工调整。"
        values = {"starts_at": row.starts_at, "unit_id": row.unit_id, "reason": row.reason, "changed_at": now}
        await _update(row, version, values)
        row.version = version + 1
        months = {month_of(row.starts_at), _month_of_number(row.number)}
        changed = await renumber_drafts(months, [row], by=by, now=now)
        after = _facts(row) | {"unit_name": unit.name, "number": changed.get(row.number, row.number)}
        await record(
            "broadcast.moved",
            by=by,
            subject=f"broadcast:{after['number']}",
            now=now,
            before=before,
            after=after,
        )
    return await by_number(str(after["number"]))


async def set_locked(number: str, locked: bool, *, version: int, by: Actor, now: datetime) -> Broadcast:
    """Let a draft stay as it is when the year is generated anew, or no longer. Raises NotFound, Conflict."""
    async with transaction():
        row = await _draft_as_seen(number, version)
        if row.locked is locked:
            return row
        await _update(row, version, {"locked": locked, "changed_at": now})
        await record(
            "broadcast.locked" if locked else "broadcast.unlocked",
            by=by,
            subject=f"broadcast:{number}",
            now=now,
        )
    return await by_number(number)


async def lock(number: str, *, version: int, by: Actor, now: datetime) -> Broadcast:
    return await set_locked(number, True, version=version, by=by, now=now)


async def unlock(number: str, *, version: int, by: Actor, now: datetime) -> Broadcast:
    return await set_locked(number, False, version=version, by=by, now=now)


class ChangedMeanwhile(Conflict):
    """这一期刚刚被别人改过，请看过再改。"""


async def _draft_as_seen(number: str, version: int) -> Broadcast:
    row = await by_number(number)
    if row.version != version:
        raise await _changed_meanwhile(number)
    if row.plan_state is not PlanState.DRAFT:
        raise Conflict(f"{number} 已经下达，不能再直接调整；请用“延期”改时间，用“调换”换单位。")
    return row


async def _update(row: Broadcast, version: int, values: dict[str, Any]) -> None:
    mine = Broadcast.filter(id=row.id, version=version, plan_state=PlanState.DRAFT)
    if not await mine.update(version=F("version") + 1, **values):  # PostgreSQL: somebody else was quicker
        raise await _changed_meanwhile(row.number)


async def _changed_meanwhile(number: str) -> DomainError:
    entry = await AuditEntry.filter(subject=f"broadcast:{number}").order_by("-number").first()
    if entry is None:
        return ChangedMeanwhile()
    what = _told(json.loads(entry.after) if entry.after else {})
    return ChangedMeanwhile(f"{number} 刚刚被{entry.actor_name}改过{what}，请看过再改。")


def _told(after: dict[str, Any]) -> str:
    if "start" in after:
        start = datetime.fromisoformat(after["start"]).astimezone(CHINA)
        return f"（时间 {start:%Y年%-m月%-d日 %H:%M}，单位 {after['unit_name']}）"
    return f"（编号改为 {after['number']}）" if "number" in after else ""


async def _check(row: Broadcast, *, changed_day: bool, now: datetime, settings: Settings) -> None:
    assert row.starts_at is not None
    if row.starts_at > now + FURTHEST:
        raise Invalid({"start": "时间太远了，请核对年份。"})
    if changed_day and row.starts_at <= now:
        raise Invalid({"start": "这个时间已经过去了，请另选。"})
    day = china_day(row.starts_at)
    around = await surroundings(row, [day], now=now, settings=settings)
    against = {
        "start": objections_to_day(around, day) if changed_day else [],
        "unit": objections_to_unit(around, row.unit_id, day),
    }
    faults = {
        field: "".join(each.text for each in objections if each.blocks)
        for field, objections in against.items()
    }
    if any(faults.values()):
        raise Invalid({field: text for field, text in faults.items() if text})


def _facts(row: Broadcast) -> dict[str, object]:
    start = row.starts_at.astimezone(CHINA).isoformat() if row.starts_at else None
    return {"number": row.number, "unit": row.unit_id, "start": start}


def _minute(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("start must be aware")
    return moment.replace(second=0, microsecond=0)


def _month_of_number(number: str) -> tuple[int, int]:
    year, month = number.split("-")[:2]
    return int(year), int(month)
