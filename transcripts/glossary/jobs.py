"""Background work around the glossary: what came with us is there early, and counted by what is said."""

from core.jobs import JobContext, sweep
from core.logs import get_logger
from transcripts.glossary.services import ensure_terms, recount_frequencies
from transcripts.published import published_texts

log = get_logger(__name__)


@sweep(every_seconds=6 * 3600)
async def fill_glossary(context: JobContext) -> None:
    if count := await ensure_terms():
        log.info("glossary.filled", terms=count)


@sweep(every_seconds=6 * 3600)
async def count_what_is_said(_context: JobContext) -> None:
    """Hotwords are taken by it, so that a recogniser is told first what lectures here speak of."""
    if changed := await recount_frequencies(await published_texts()):
        log.info("glossary.counted", changed=changed)
