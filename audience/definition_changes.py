"""The bureau decides on another definition: a new version from a day to come, with a reason. What has been counted
stays as it was counted.
"""

from dataclasses import dataclass
from datetime import date, datetime

from audience.counting.definition import Definition
from audience.figures.definitions import versions
from audience.intake.writers import take_turn
from audience.models import DefinitionVersion
from core.audit import Actor, record
from core.clock import CHINA
from core.database import transaction
from core.errors import Conflict, Invalid

VISIT_SECONDS = (1, 600)
PAUSE_MINUTES = (5, 720)
"""Less than a day: so far back are open visits looked for."""
LIVE_MINUTES = (1, 240)
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Told:
    """A version with what is told of it. until: the day before the next one holds; None: no next one is known."""

    definition: Definition
    until: date | None
    reason: str
    decided_by: str
    decided_at: datetime | None

    def holds_on(self, day: date) -> bool:
        return self.definition.valid_from <= day and (self.until is None or day <= self.until)


async def history() -> list[Told]:
    """Every version, the latest first."""
    known = await versions()
    rows = {row.version: row for row in await DefinitionVersion.all()}
    told = []
    for definition, following in zip(known, [*known[1:], None], strict=True):
        row = rows.get(definition.version)
        told.append(
            Told(
                definition,
                date.fromordinal(following.valid_from.toordinal() - 1) if following else None,
                row.reason if row else "平台启用时的口径",
                row.decided_by if row else "",
                row.decided_at if row else None,
            )
        )
    return told[::-1]


async def change_definition(
    *,
    valid_from: date,
    visit_seconds: int,
    pause_minutes: int,
    live_minutes: int,
    reason: str,
    seen: int,
    by: Actor,
    now: datetime,
) -> DefinitionVersion:
    """A new version. seen: the latest version that the page showed. Raises Invalid, Conflict."""
    async with transaction() as connection:
        await take_turn(connection)
        latest = (await versions())[-1]
        if latest.version != seen:
            raise Conflict("刚刚有人改过口径，请看过最新的口径再改。")
        asked = Definition(latest.version + 1, valid_from, visit_seconds, pause_minutes, live_minutes)
        _check(asked, latest, reason, now)
        made = await DefinitionVersion.create(
            version=asked.version,
            valid_from=valid_from,
            visit_seconds=visit_seconds,
            pause_minutes=pause_minutes,
            live_minutes=live_minutes,
            reason=reason.strip(),
            decided_by=by.name,
            decided_at=now,
        )
        await record(
            "audience.definition_changed",
            by=by,
            subject=f"definition:{made.version}",
            now=now,
            before=_audited(latest),
            after={**_audited(asked), "reason": made.reason},
        )
    return made


def _check(asked: Definition, latest: Definition, reason: str, now: datetime) -> None:
    faults: dict[str, str] = {}
    for name, value, (least, most), label in (
        ("visit_seconds", asked.visit_seconds, VISIT_SECONDS, "秒数"),
        ("pause_minutes", asked.pause_minutes, PAUSE_MINUTES, "分钟数"),
        ("live_minutes", asked.live_minutes, LIVE_MINUTES, "分钟数"),
    ):
        if not least <= value <= most:
            faults[name] = f"{label}要填 {least} 到 {most} 的整数。"
    if asked.valid_from <= now.astimezone(CHINA).date():
        faults["valid_from"] = "新口径只能从以后的日子起用，最早是明天；已经计的数不改。"
    elif asked.valid_from <= latest.valid_from:
        faults["valid_from"] = f"上一版从 {latest.valid_from.isoformat()} 起用，新的一版要更晚。"
    if not 1 <= len(reason.strip()) <= LONGEST_REASON:
        faults["reason"] = f"请写明为什么改，不超过 {LONGEST_REASON} 个字。"
    same = (latest.visit_seconds, latest.pause_minutes, latest.live_minutes)
    if not faults and (asked.visit_seconds, asked.pause_minutes, asked.live_minutes) == same:
        faults["visit_seconds"] = "和现在的口径一样，没有要改的。"
    if faults:
        raise Invalid(faults)


def _audited(definition: Definition) -> dict[str, object]:
    return {
        "version": definition.version,
        "valid_from": definition.valid_from.isoformat(),
        "visit_seconds": definition.visit_seconds,
        "pause_minutes": definition.pause_minutes,
        "live_minutes": definition.live_minutes,
    }
