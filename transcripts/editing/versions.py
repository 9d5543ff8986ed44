"""Versions of a lecture's cues: adding one, writing on in the one being typed, reading the draft."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from core.audit import Actor
from schedules.turns.stepping import actor_key
from transcripts.cues.draft import DraftCue, from_rows, to_rows
from transcripts.models import CueVersion, SubtitleState, Transcript, VersionKind

OF_MACHINES = (VersionKind.RECOGNISED, VersionKind.LIVE)


async def add_version(
    transcript: Transcript,
    kind: VersionKind,
    cues: Sequence[DraftCue],
    *,
    by: Actor | None,
    now: datetime,
    note: str = "",
    declined: Sequence[Mapping[str, str]] | None = None,
) -> CueVersion:
    """The new draft. Inside the caller's transaction, which holds the transcript's row. by: None for the house.
    declined: chapters that somebody does not want; as in the draft before it, unless given.

    What a machine has to say never takes the place of a draft that people have worked on: it is kept beside it.
    """
    latest = await CueVersion.filter(transcript_id=transcript.id).order_by("-number").first()
    draft = await draft_of(transcript)
    if declined is None:
        declined = draft.declined if draft else ()
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
        declined=[dict(each) for each in declined],
    )
    if kind not in OF_MACHINES or draft is None or draft.kind in OF_MACHINES:
        transcript.draft_version = version.number
        _changed(transcript)
    if transcript.state is SubtitleState.WAITING:
        transcript.state = SubtitleState.REVIEW
    transcript.changed_at = now
    await transcript.save()
    return version


async def write_on(
    transcript: Transcript,
    draft: CueVersion | None,
    cues: Sequence[DraftCue],
    *,
    by: Actor,
    now: datetime,
    pause: timedelta,
    declined: Sequence[Mapping[str, str]] | None = None,
) -> tuple[CueVersion, bool]:
    """What was typed, in the same row while one person types on without a pause; whether a new one was begun.

    A version that is published or handed over is never written in. Inside the caller's transaction.
    """
    goes_on = (
        draft is not None
        and draft.kind is VersionKind.EDITED
        and draft.actor == actor_key(by)
        and now - draft.changed_at < pause
        and draft.number != transcript.published_version
        and transcript.handed_over_at is None
    )
    if draft is None or not goes_on:
        kind = VersionKind.EDITED
        return await add_version(transcript, kind, cues, by=by, now=now, declined=declined), True
    draft.cues = to_rows(cues)
    if declined is not None:
        draft.declined = [dict(each) for each in declined]
    draft.changed_at = now
    await draft.save(update_fields=["cues", "declined", "changed_at"])
    _changed(transcript)
    transcript.changed_at = now
    await transcript.save()
    return draft, False


async def draft_of(transcript: Transcript) -> CueVersion | None:
    return await CueVersion.get_or_none(transcript_id=transcript.id, number=transcript.draft_version)


async def cues_of(transcript: Transcript, number: int) -> list[DraftCue]:
    """Of one version; none for a number there is not."""
    version = await CueVersion.get_or_none(transcript_id=transcript.id, number=number)
    return from_rows(version.cues) if version else []


def _changed(transcript: Transcript) -> None:
    transcript.revision += 1
    transcript.handed_over_at = None
    transcript.handed_over_by = ""
