"""Which laws a lecture spoke of: rows written on publishing, and chapters for whoever reads."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from transcripts.cues.cue import Cue
from transcripts.cues.draft import DraftCue, from_rows
from transcripts.cues.statutes import Chapter, ChapterKey, chapters, spoken_statutes
from transcripts.models import CueVersion, StatuteMention, Transcript

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


def suggested_chapters(cues: Iterable[DraftCue]) -> list[Chapter]:
    """All that the words suggest, whether somebody wants them or not."""
    return _chapters(tuple(each.cue for each in cues))


def chapters_of(version: CueVersion) -> list[Chapter]:
    """As whoever reads this version gets them: without those that were declined."""
    declined = declined_in(version)
    return [each for each in suggested_chapters(from_rows(version.cues)) if each.key not in declined]


def declined_in(version: CueVersion) -> dict[ChapterKey, Mapping[str, str]]:
    """What is kept of each chapter that was declined."""
    return {(each["law"], each["article"]): each for each in version.declined}


@lru_cache(maxsize=128)
def _chapters(cues: tuple[Cue, ...]) -> list[Chapter]:
    """Kept for a while: the page of a lecture asks each time, and reading it takes some milliseconds."""
    return chapters(cues)
