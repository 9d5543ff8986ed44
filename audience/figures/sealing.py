"""Sealing a month on the 5th working day after it: its figures, the definition and a digest of its raw log are kept
for good, and their hashes go into the audit chain. What comes later is 补计.
"""

import hashlib
import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from audience.figures.periods import Period, next_month
from audience.figures.raw_log import raw_digest
from audience.figures.report import report_of
from audience.figures.report_json import report_json
from audience.figures.sealed import sealed_months
from audience.intake.writers import take_turn
from audience.models import DayViews, GroupViewing, MonthSeal
from core.audit import SYSTEM, record
from core.clock import CHINA
from core.database import transaction
from schedules.workdays.calendars import load_calendar

SEALED_ON = 5
"""Working days after the month's last day."""


async def months_to_seal(now: datetime) -> list[date]:
    """Whose day has come: the months with figures, the oldest first, of which none is sealed yet."""
    today = now.astimezone(CHINA).date()
    first = await _first_month()
    if first is None:
        return []
    done = await sealed_months()
    calendar = await load_calendar(range(first.year, today.year + 1))
    due, month = [], first
    while next_month(month) <= today:
        last = Period.of_month(month).last
        if month not in done and today >= calendar.add_working_days(last, SEALED_ON):
            due.append(month)
        month = next_month(month)
    return due


async def seal(month: date, now: datetime) -> MonthSeal:
    """Keep the month's figures as they stand. One transaction, with nobody counting meanwhile."""
    period = Period.of_month(month)
    async with transaction() as connection:
        await take_turn(connection)
        known = await MonthSeal.get_or_none(month=month)
        if known is not None:
            return known
        lines, digest = await raw_digest(period.first, period.last)
        report = await report_of(period)
        figures = {**report_json(report), "sealed": True}
        sealed = await MonthSeal.create(
            month=month,
            sealed_at=now,
            definition=report.definition.version,
            raw_lines=lines,
            raw_sha256=digest,
            figures=figures,
        )
        await record(
            "audience.month_sealed",
            by=SYSTEM,
            subject=f"month:{month:%Y-%m}",
            now=now,
            after={
                "definition": _plain(asdict(report.definition)),
                "raw_lines": lines,
                "raw_sha256": digest,
                "figures_sha256": figures_digest(figures),
            },
        )
    return sealed


def figures_digest(figures: dict[str, Any]) -> str:
    """SHA-256 over the figures as JSON with sorted keys and no spaces."""
    text = json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


async def _first_month() -> date | None:
    days: list[date] = []
    views = await DayViews.all().order_by("day").first()
    group = await GroupViewing.all().order_by("watched_on").first()
    days += [views.day] if views else []
    days += [group.watched_on] if group else []
    return min(days).replace(day=1) if days else None
