"""旧口径: figures of years before the platform counted, entered by hand with their source. Never compared."""

from collections.abc import Sequence
from datetime import datetime

from audience.models import EarlierYear
from core.audit import Actor, record
from core.clock import CHINA
from core.database import transaction
from core.errors import Conflict, Invalid

FIRST_YEAR = 2000
LONGEST_SOURCE = 200
MOST = 1_000_000_000


async def earlier_years() -> Sequence[EarlierYear]:
    """The latest first."""
    return await EarlierYear.all().order_by("-year")


async def enter_year(
    year: int,
    *,
    lectures: int | None,
    views: int | None,
    is_at_least: bool,
    source: str,
    replaces: bool,
    by: Actor,
    now: datetime,
) -> EarlierYear:
    """Enter a year, or replace what was entered. is_at_least: the source says “over”. None: the source does not say.

    Raises Invalid; Conflict when the year is there and is not meant to be replaced.
    """
    _check(year, lectures, views, source, now)
    async with transaction():
        standing = await EarlierYear.get_or_none(year=year)
        if standing is not None and not replaces:
            raise Conflict(f"{year} 年已经填过了。要改的话，请点那一行的“更正”。")
        before = _audited(standing) if standing else None
        row = standing or EarlierYear(year=year)
        row.lectures = lectures
        row.views = views
        row.is_at_least = is_at_least and views is not None
        row.source = source.strip()
        row.entered_by = by.name
        row.entered_at = now
        await row.save()
        await record(
            "audience.earlier_year_entered",
            by=by,
            subject=f"year:{year}",
            now=now,
            before=before,
            after=_audited(row),
        )
    return row


def _check(year: int, lectures: int | None, views: int | None, source: str, now: datetime) -> None:
    faults: dict[str, str] = {}
    this_year = now.astimezone(CHINA).year
    if not FIRST_YEAR <= year < this_year:
        faults["year"] = f"年份要填 {FIRST_YEAR} 到 {this_year - 1}，今年的数由平台自己计。"
    if lectures is None and views is None:
        faults["lectures"] = "次数和人次至少填一个。"
    for name, figure in (("lectures", lectures), ("views", views)):
        if figure is not None and not 0 <= figure <= MOST:
            faults[name] = "要填不小于 0 的整数。"
    if not 1 <= len(source.strip()) <= LONGEST_SOURCE:
        faults["source"] = f"请写明数字从哪里来，例如哪一天的哪篇报道，不超过 {LONGEST_SOURCE} 个字。"
    if faults:
        raise Invalid(faults)


def _audited(row: EarlierYear) -> dict[str, object]:
    return {
        "live_lectures": row.lectures,
        "views": row.views,
        "is_at_least": row.is_at_least,
        "source": row.source,
    }
