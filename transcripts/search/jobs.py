"""The sweep that keeps the index what the rows say: titles change, replays are withdrawn, units are merged."""

from core.jobs import JobContext, sweep
from core.logs import get_logger
from transcripts.search.indexing import keep_up

log = get_logger(__name__)


@sweep(every_seconds=30)
async def keep_the_index(_context: JobContext) -> None:
    kept = await keep_up()
    if kept.indexed or kept.removed:
        log.info("search.indexed", indexed=kept.indexed, removed=kept.removed)
