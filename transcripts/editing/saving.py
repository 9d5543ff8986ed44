"""Autosave: what somebody typed goes into the draft, on the revision they saw."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.audit import Actor, record
from core.database import transaction
from core.settings import Settings
from transcripts.cues.draft import DraftCue, from_rows
from transcripts.editing.changes import Changes, apply
from transcripts.editing.finding import check_revision, locked
from transcripts.editing.holding import keep_hold
from transcripts.editing.versions import draft_of, write_on
from transcripts.models import CueVersion, Transcript, VersionKind


@dataclass(frozen=True, slots=True)
class Saved:
    """cues: the whole draft as it is now. gone_at: where cues were taken out of it, in ms."""

    revision: int
    version: int
    cues: list[DraftCue]
    gone_at: tuple[int, ...] = ()


async def save(
    number: str, changes: Changes, *, revision: int, by: Actor, now: datetime, settings: Settings
) -> Saved:
    """Whoever saves also holds the subtitles from then on, when nobody else does.

    One entry of the audit log a version: what is typed on into the same row belongs to it, and the row says who and
    when. Raises NotFound, Forbidden, Taken, Stale, Invalid.
    """
    async with transaction():
        _, transcript = await locked(number, by)
        keep_hold(transcript, by, now, settings)
        await check_revision(transcript, revision)
        draft = await draft_of(transcript)
        before = from_rows(draft.cues) if draft else []
        heard = await heard_of(transcript) if changes.cues or changes.unlooked else {}
        cues = apply(before, changes, heard=heard, most=settings.subtitle_most_cues)
        pause = timedelta(minutes=settings.subtitle_version_minutes)
        version, is_new = await write_on(transcript, draft, cues, by=by, now=now, pause=pause)
        if is_new:
            await record(
                "subtitle.edited",
                by=by,
                subject=f"subtitle:{number}",
                now=now,
                after={"version": version.number, "changed": len(changes.touched)},
            )
        gone_at = tuple(each.cue.start_ms for each in before if each.id in changes.removed)
        return Saved(transcript.revision, version.number, cues, gone_at)


async def heard_of(transcript: Transcript) -> dict[str, DraftCue]:
    """The machine's own cues by id, of its last recognition."""
    rows = CueVersion.filter(transcript_id=transcript.id, kind=VersionKind.RECOGNISED)
    recognised = await rows.order_by("-number").first()
    return {each.id: each for each in from_rows(recognised.cues)} if recognised else {}
