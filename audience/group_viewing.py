"""集中收看: a unit reports how many watched together; corrections keep what stood before. Apart from views."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.models import Unit
from audience.figures.sealed import late_rule
from audience.models import GroupViewing
from core.audit import Actor, record
from core.clock import CHINA
from core.database import transaction
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.settings import Settings
from schedules.models import Broadcast
from schedules.public.visibility import PUBLIC
from schedules.queries import by_number
from schedules.turns.stepping import actor_key, lock

LONGEST_TEXT = 200
REPORTED_FOR = timedelta(days=366)
"""So long a lecture stands in the list of those a unit may report on."""


@dataclass(frozen=True, slots=True)
class Viewing:
    """sessions: 场次. people: 人数; both 0: nobody watched together. watched_on: the day (of China). watched_at: such
    as 15:00, or empty. parts: (place, sessions, people) where it was told row by row; their sums are the figures.
    """

    sessions: int
    people: int
    watched_on: date
    watched_at: str = ""
    place: str = ""
    note: str = ""
    parts: tuple[tuple[str, int, int], ...] = ()


async def holding(broadcast: Broadcast, unit_code: str) -> GroupViewing | None:
    """What the unit has reported of the lecture, as it stands."""
    return await GroupViewing.get_or_none(
        broadcast_id=broadcast.id, unit_id=unit_code, replaced_at__isnull=True
    )


async def history(broadcast: Broadcast, unit_code: str) -> Sequence[GroupViewing]:
    """Every report of the unit on the lecture, the latest first."""
    return await GroupViewing.filter(broadcast_id=broadcast.id, unit_id=unit_code).order_by("-reported_at")


async def report_viewing(
    number: str,
    unit_code: str,
    viewing: Viewing,
    *,
    reason: str = "",
    seen: str | None,
    by: Actor,
    now: datetime,
    settings: Settings,
) -> GroupViewing:
    """Report, or correct what was reported (with a reason). seen: id of the report the page showed, None for none.

    Raises NotFound, Forbidden (another unit's), Invalid, Conflict (somebody was quicker).
    """
    if by.unit_code is not None and by.unit_code != unit_code:
        raise Forbidden("只能填报本单位的集中收看。")
    async with transaction():
        await lock(number)
        broadcast = await by_number(number)
        unit = await Unit.get_or_none(code=unit_code)
        if unit is None:
            raise NotFound("没有这个单位。")
        if broadcast.first_live_at is None:
            raise Conflict("这一期还没有开讲，讲完再填。")
        _check(viewing, broadcast, now, settings)
        standing = await holding(broadcast, unit_code)
        if (str(standing.id) if standing else None) != seen:
            raise Conflict("刚刚有人填报过，请看过最新的数字再改。")
        if standing is not None and not reason.strip():
            raise Invalid({"reason": "更正要写原因，例如“漏报两个乡镇”。"})
        if standing is not None:
            await GroupViewing.filter(id=standing.id).update(replaced_at=now)
        is_sealed = await late_rule()
        days = {viewing.watched_on} | ({standing.watched_on} if standing else set())
        made = await GroupViewing.create(
            broadcast_id=broadcast.id,
            unit_id=unit.code,
            unit_name=unit.name,
            sessions=viewing.sessions,
            people=viewing.people,
            place=viewing.place.strip(),
            watched_on=viewing.watched_on,
            watched_at=viewing.watched_at,
            note=viewing.note.strip(),
            parts=list(viewing.parts),
            reason=reason.strip()[:LONGEST_TEXT],
            reported_by=by.name,
            actor=actor_key(by),
            reported_at=now,
            is_late=any(is_sealed(day, now) for day in days),
        )
        await record(
            "audience.group_viewing_corrected" if standing else "audience.group_viewing_reported",
            by=by,
            subject=f"broadcast:{number}",
            now=now,
            before=_audited(standing) if standing else None,
            after={"unit": unit.code, **_audited(made), **({"reason": made.reason} if made.reason else {})},
        )
    return made


def _check(viewing: Viewing, broadcast: Broadcast, now: datetime, settings: Settings) -> None:
    faults: dict[str, str] = {}
    is_none = viewing.sessions == viewing.people == 0
    if not is_none and not 1 <= viewing.sessions <= settings.group_sessions_most:
        faults["sessions"] = (
            f"场次要填 1 到 {settings.group_sessions_most} 的整数；没有组织的，场次和人数都填 0。"
        )
    if not is_none and not 1 <= viewing.people <= settings.group_people_most:
        faults["people"] = f"人数要填 1 到 {settings.group_people_most} 的整数。"
    elif viewing.people < viewing.sessions:
        faults["people"] = "人数是各场加起来的总数，不会比场次少。"
    began = (
        broadcast.first_live_at.astimezone(CHINA).date() if broadcast.first_live_at else viewing.watched_on
    )
    if viewing.watched_on > now.astimezone(CHINA).date():
        faults["watched_on"] = "收看日期还没有到。"
    elif viewing.watched_on < began:
        faults["watched_on"] = f"这一期是 {began.year}年{began.month}月{began.day}日讲的，收看日期不能更早。"
    for name, text in (("place", viewing.place), ("note", viewing.note)):
        if len(text) > LONGEST_TEXT:
            faults[name] = f"最多 {LONGEST_TEXT} 个字。"
    if faults:
        raise Invalid(faults)


def _audited(row: GroupViewing) -> dict[str, object]:
    return {"sessions": row.sessions, "people": row.people, "watched_on": row.watched_on.isoformat()}


async def watchable(now: datetime) -> list[Broadcast]:
    """Lectures of the last months that rooms may have watched, the latest first. With their units."""
    rows = Broadcast.filter(PUBLIC).filter(
        is_sample=False, first_live_at__isnull=False, first_live_at__gte=now - REPORTED_FOR
    )
    return await rows.order_by("-first_live_at").prefetch_related("unit")
