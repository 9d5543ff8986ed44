"""Background work around the glossary: what came with us is there before anybody asks."""

from core.jobs import JobContext, sweep
from core.logs import get_logger
from transcripts.glossary.services import ensure_terms

log = get_logger(__name__)


@sweep(every_seconds=6 * 3600)
async def fill_glossary(context: JobContext) -> None:
    if count := await ensure_terms():
        log.info("glossary.filled", terms=count)
