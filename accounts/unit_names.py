"""The names of a unit through time: which one held on a day, and from which day a new one may hold. Pure rules, and
the reading of a unit's own."""

from collections.abc import Sequence
from datetime import date

from accounts.models import Unit, UnitName


def name_at(former: Sequence[tuple[str, date]], current: str, day: date) -> str:
    """former: (name, until) with the first day it held no more, the earliest first."""
    return next((name for name, until in former if day < until), current)


def since_fault(former: Sequence[tuple[str, date]], since: date, today: date) -> str | None:
    """What is wrong with a day from which a new name is to hold; None when it will do."""
    if since > today:
        return "改名日期不能晚于今天，请在正式改名（挂牌）那天以后来改。"
    if former and since < former[-1][1]:
        last = former[-1][1]
        return f"上一次改名是从 {last:%Y-%m-%d} 起，这次不能更早，请核对日期。"
    return None


async def former_names(unit: Unit) -> list[tuple[str, date]]:
    return [(row.name, row.until) for row in await UnitName.filter(unit_id=unit.code)]


async def name_on(unit: Unit, day: date) -> str:
    """The name the unit had on a day: for papers about the past. A lecture carries its own snapshot."""
    return name_at(await former_names(unit), unit.name, day)
