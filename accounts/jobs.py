"""Background work around people: forgetting sessions that are over."""

from accounts.links import forget_old_links
from accounts.login import forget_old
from core.jobs import JobContext, sweep
from core.logs import get_logger

log = get_logger(__name__)


@sweep(every_seconds=600)
async def forget_old_sessions(context: JobContext) -> None:
    if gone := await forget_old(context.clock.now(), context.settings):
        log.info("session.forgotten", rows=gone)


@sweep(every_seconds=6 * 3600)
async def forget_links(context: JobContext) -> None:
    if gone := await forget_old_links(context.clock.now()):
        log.info("link.forgotten", rows=gone)
