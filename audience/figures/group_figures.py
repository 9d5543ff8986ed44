"""Which reports of 集中收看 stand in figures: those that hold; of a sealed month, those that held at its seal."""

from audience.figures.periods import Period
from audience.models import GroupViewing, MonthSeal


async def groups_of(period: Period) -> list[GroupViewing]:
    """Of rooms that watched in the period. A correction after the seal is 补计 and changes no sealed figure."""
    sealed_at = {seal.month: seal.sealed_at for seal in await MonthSeal.all().only("month", "sealed_at")}
    rows = await GroupViewing.filter(
        is_late=False, sessions__gt=0, watched_on__gte=period.first, watched_on__lte=period.last
    )
    found = []
    for row in rows:
        sealed = sealed_at.get(row.watched_on.replace(day=1))
        if row.replaced_at is None or (sealed is not None and row.replaced_at > sealed):
            found.append(row)
    return found


async def late_groups_of(period: Period) -> list[GroupViewing]:
    """补计: what was reported or corrected after its month had been sealed, as it holds now."""
    return await GroupViewing.filter(
        is_late=True,
        sessions__gt=0,
        replaced_at__isnull=True,
        watched_on__gte=period.first,
        watched_on__lte=period.last,
    )
