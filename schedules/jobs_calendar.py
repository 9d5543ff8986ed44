"""Background work around the calendar: the years that may be asked about are in the table before anybody asks."""

from core.database import transaction
from core.jobs import JobContext, sweep
from core.logs import get_logger
from schedules.told import keep_told_deadlines
from schedules.workdays.calendars import ensure_usual_years

log = get_logger(__name__)


@sweep(every_seconds=6 * 3600)
async def fill_calendar(context: JobContext) -> None:
    if years := await ensure_usual_years(context.clock.now()):
        async with transaction():
            await keep_told_deadlines(now=context.clock.now(), settings=context.settings)
        log.info("calendar.filled", years=years)
