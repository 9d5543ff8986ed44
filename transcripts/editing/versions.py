"""Versions of a lecture's cues: adding one, and reading the draft and what is published."""

from collections.abc import Sequence
from datetime import datetime

from core.audit import Actor
from schedules.turns.stepping import actor_key
from transcripts.cues.draft import DraftCue, from_rows, to_rows
from transcripts.models import CueVersion, SubtitleState, Transcript, VersionKind


async def add_version(
    transcript: Transcript,
    kind: VersionKind,
    cues: Sequence[DraftCue],
    *,
    by: Actor | None,
    now: datetime,
    note: str = "",
) -> CueVersion:
    """The new draft. Inside the caller's transaction, which holds the transcript's row. by: None for the house."""
    latest = await CueVersion.filter(transcript_id=transcript.id).order_by("-number").first()
    version = await CueVersion.create(
        transcript_id=transcript.id,
        number=latest.number + 1 if latest else 1,
        kind=kind,
        person=by.name if by else "",
        actor=actor_key(by) if by else "",
        note=note,
        made_at=now,
        changed_at=now,
        cues=to_rows(cues),
    )
    transcript.draft_version = version.number
    transcript.handed_over_at = None
    transcript.handed_over_by = ""
    if transcript.state is SubtitleState.WAITING:
        transcript.state = SubtitleState.REVIEW
    transcript.changed_at = now
    await transcript.save()
    return version


async def cues_of(transcript: Transcript, number: int) -> list[DraftCue]:
    """Of one version; none for a number there is not."""
    version = await CueVersion.get_or_none(transcript_id=transcript.id, number=number)
    return from_rows(version.cues) if version else []
