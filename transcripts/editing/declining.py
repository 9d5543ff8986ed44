"""Chapters that nobody wants: a suggestion is declined, stays in sight, and can be taken back.

It belongs to the draft as its cues do: what is published keeps its chapters until the draft is published.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.audit import Actor, record
from core.database import transaction
from core.errors import NotFound
from core.settings import Settings
from transcripts.cues.draft import from_rows
from transcripts.cues.statutes import ChapterKey, statute_title
from transcripts.editing.finding import check_revision, locked
from transcripts.editing.holding import keep_hold
from transcripts.editing.versions import draft_of, write_on
from transcripts.laws.mentions import declined_in, suggested_chapters
from transcripts.models import CueVersion


@dataclass(frozen=True, slots=True)
class Decided:
    """The draft as it is now."""

    revision: int
    draft: CueVersion


async def decline(
    number: str, chapter: ChapterKey, *, revision: int, by: Actor, now: datetime, settings: Settings
) -> Decided:
    """Nothing happens where it was declined before. Raises NotFound, Forbidden, Taken, Stale."""
    return await _decide(number, chapter, False, revision=revision, by=by, now=now, settings=settings)


async def want_again(
    number: str, chapter: ChapterKey, *, revision: int, by: Actor, now: datetime, settings: Settings
) -> Decided:
    """Nothing happens where it was not declined. Raises NotFound, Forbidden, Taken, Stale."""
    return await _decide(number, chapter, True, revision=revision, by=by, now=now, settings=settings)


async def _decide(
    number: str,
    chapter: ChapterKey,
    is_wanted: bool,
    *,
    revision: int,
    by: Actor,
    now: datetime,
    settings: Settings,
) -> Decided:
    async with transaction():
        _, transcript = await locked(number, by)
        keep_hold(transcript, by, now, settings)
        await check_revision(transcript, revision)
        draft = await draft_of(transcript)
        cues = from_rows(draft.cues) if draft else []
        if draft is None or chapter not in [each.key for each in suggested_chapters(cues)]:
            raise NotFound("字幕里已经没有这一处章节建议，请刷新看最新的。")
        declined = declined_in(draft)
        if is_wanted == (chapter not in declined):
            return Decided(transcript.revision, draft)
        if is_wanted:
            del declined[chapter]
        else:
            law, article = chapter
            declined[chapter] = {"law": law, "article": article, "by": by.name}
        version, _ = await write_on(
            transcript,
            draft,
            cues,
            by=by,
            now=now,
            pause=timedelta(minutes=settings.subtitle_version_minutes),
            declined=list(declined.values()),
        )
        await record(
            "subtitle.chapter_wanted_again" if is_wanted else "subtitle.chapter_declined",
            by=by,
            subject=f"subtitle:{number}",
            now=now,
            after={"version": version.number, "chapter": statute_title(*chapter)},
        )
        return Decided(transcript.revision, version)
