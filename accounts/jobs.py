"""Background work around people: forgetting sessions that are over."""

from accounts.links import forget_old_links
from accounts.login import forget_old
from core.audit.retention import erase_mask_keys
from core.jobs import JobContext, sweep
from core.logs import get_logger

log = get_logger(__name__)


@sweep(every_seconds=600)
async def forget_old_sessions(context: JobContext) -> None:
    if gone := await forget_old(context.clock.now(), context.settings):
        log.info("session.forgotten", rows=gone)


@sweep(every_seconds=6 * 3600)
async def forget_masked_numbers(context: JobContext) -> None:
    """Of the audit log, only what its masked numbers are compared with; the entries stay."""
    if months := await erase_mask_keys(context.clock.now(), days=context.settings.audit_mask_key_days):
        log.info("audit.mask_keys_erased", months=months)


@sweep(every_seconds=6 * 3600)
async def forget_links(context: JobContext) -> None:
    if gone := await forget_old_links(context.clock.now()):
        log.info("link.forgotten", rows=gone)
