"""How long what is kept: the raw log for so many months, the visits made of it for as long, the sums for good."""

from datetime import date, datetime, timedelta

from audience.figures.periods import day_begins
from audience.figures.sealed import sealed_months
from audience.models import Beacon, BeaconVisit, Visit
from core.clock import CHINA
from core.database import transaction
from core.settings import Settings

SILENT_VISIT = timedelta(days=7)
"""A visit id that said nothing for so long is forgotten; its page would be a week old."""


async def forget_old_beacons(now: datetime, settings: Settings) -> int:
    """Delete what is older, whole months only, and only sealed ones: their figures are safe. How many lines."""
    await BeaconVisit.filter(last_at__lt=now - SILENT_VISIT).delete()
    oldest = _months_before(now.astimezone(CHINA).date().replace(day=1), settings.beacon_months)
    first = await Beacon.all().order_by("id").first()
    if first is None or first.received_at >= day_begins(oldest):
        return 0
    month = first.received_at.astimezone(CHINA).date().replace(day=1)
    sealed = await sealed_months()
    while month < oldest and month in sealed:
        month = _months_before(month, -1)
    async with transaction():
        gone = await Beacon.filter(received_at__lt=day_begins(month)).delete()
        # What was played on over the line goes on in the log that stays.
        await Visit.filter(played_at__lt=day_begins(month)).delete()
    return gone


def _months_before(month: date, count: int) -> date:
    index = month.year * 12 + month.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)
