"""Which laws a lecture spoke of: rows written on publishing, and chapters for whoever reads."""

from collections.abc import Iterable
from functools import lru_cache

from transcripts.cues.cue import Cue
from transcripts.cues.draft import DraftCue
from transcripts.cues.statutes import Chapter, chapters, spoken_statutes
from transcripts.models import StatuteMention, Transcript

LONGEST_ARTICLE = 16


async def note_mentions(transcript: Transcript, cues: Iterable[DraftCue]) -> None:
    """In place of those noted before. Inside the caller's transaction."""
    spoken = spoken_statutes([each.cue for each in cues])
    await StatuteMention.filter(transcript_id=transcript.id).delete()
    await StatuteMention.bulk_create(
        StatuteMention(transcript_id=transcript.id, law=each.law, article=each.article, at_ms=each.at_ms)
        for each in spoken
        if len(each.article) <= LONGEST_ARTICLE
    )


def chapters_of(cues: Iterable[DraftCue]) -> list[Chapter]:
    return _chapters(tuple(each.cue for each in cues))


@lru_cache(maxsize=128)
def _chapters(cues: tuple[Cue, ...]) -> list[Chapter]:
    """Kept for a while: the page of a lecture asks each time, and reading it takes some milliseconds."""
    return chapters(cues)
