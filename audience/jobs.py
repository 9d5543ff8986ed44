"""Background work around counting: sealing months, and forgetting what may not be kept."""

from datetime import timedelta

from audience.figures.sealing import months_to_seal, seal
from audience.intake.viewers import forget_salts
from audience.models import GroupViewing
from audience.retention import forget_old_beacons
from core.clock import CHINA
from core.jobs import JobContext, sweep
from core.logs import get_logger
from schedules.deadlines import Deadline
from schedules.fulfilment import answers_for
from schedules.models import Broadcast

log = get_logger(__name__)

SALT_TURN = timedelta(hours=1)
"""A batch that began before midnight may still need its day's salt."""


@sweep(every_seconds=3600)
async def seal_months(context: JobContext) -> None:
    now = context.clock.now()
    for month in await months_to_seal(now):
        sealed = await seal(month, now)
        log.info("audience.month_sealed", month=f"{month:%Y-%m}", raw_sha256=sealed.raw_sha256)


@sweep(every_seconds=3600)
async def forget(context: JobContext) -> None:
    now = context.clock.now()
    salts = await forget_salts((now - SALT_TURN).astimezone(CHINA).date())
    beacons = await forget_old_beacons(now, context.settings)
    if salts or beacons:
        log.info("audience.forgotten", salts=salts, beacons=beacons)


@answers_for(Deadline.FEEDBACK, path="/desk/group-viewing/{number}")
async def group_viewing_is_reported(lecture: Broadcast) -> bool:
    """By the unit that gave the lecture."""
    return await GroupViewing.exists(
        broadcast_id=lecture.id, unit_id=lecture.unit_id, replaced_at__isnull=True
    )
