"""A lecture is to be recognised: because it has ended, or because somebody wants it once more."""

from datetime import datetime, timedelta

from core.audit import Actor, record
from core.database import transaction
from core.errors import Conflict
from core.settings import Settings
from schedules.models import Broadcast
from schedules.queries import ended_between
from schedules.states import LANGUAGE_LABELS, AirState, Language
from schedules.turns.stepping import for_the_bureau
from transcripts.editing.finding import lecture_with_transcript
from transcripts.models import Piece, Recognition, Transcript

AT_REST = (
    Recognition.DONE,
    Recognition.NO_SPEECH,
    Recognition.NO_AUDIO,
    Recognition.FAILED,
)
"""Where recognition has come to an end and can be begun anew."""


async def ask_for(broadcast: Broadcast, *, now: datetime) -> bool:
    """Let an ended lecture have its transcript; whether it is new. What was made by people before is kept."""
    recognition, detail = Recognition.QUEUED, ""
    if broadcast.language is not Language.MANDARIN:
        language = LANGUAGE_LABELS[broadcast.language]
        recognition = Recognition.BY_PEOPLE
        detail = f"这一期用{language}讲，不自动识别。请导入字幕文件，或按讲稿打点。"
    _, is_new = await Transcript.get_or_create(
        broadcast_id=broadcast.id,
        defaults={"recognition": recognition, "detail": detail, "created_at": now, "changed_at": now},
    )
    return is_new


async def missed(now: datetime, settings: Settings) -> list[Broadcast]:
    """Lectures that ended of late and have no transcript, the first ended first."""
    ended = await ended_between(now - timedelta(days=settings.speech_look_back_days), now)
    rows = await Transcript.filter(broadcast_id__in=[each.id for each in ended]).only("id", "broadcast_id")
    known = {row.broadcast_id for row in rows}
    return [each for each in ended if each.id not in known]


def why_not_again(broadcast: Broadcast, transcript: Transcript) -> str:
    """Why it cannot be recognised once more now; empty: it can."""
    if broadcast.air_state is not AirState.ENDED:
        return "讲座还没有结束，结束后会自动识别。"
    if transcript.recognition is Recognition.BY_PEOPLE:
        return "这一期不是用普通话讲的，字幕由人工制作。"
    if transcript.recognition not in AT_REST:
        return "这一期正在识别，或在排队，不用再点。"
    return ""


async def recognise_again(number: str, *, by: Actor, now: datetime) -> Transcript:
    """Begin anew; what comes of it becomes the draft, and the drafts before stay among the versions.

    Raises NotFound, Forbidden, Conflict.
    """
    for_the_bureau(by)
    async with transaction():
        broadcast, found = await lecture_with_transcript(number)
        transcript = await Transcript.filter(id=found.id).select_for_update().get()
        reason = why_not_again(broadcast, transcript)
        if reason:
            raise Conflict(reason)
        before = transcript.recognition
        await Piece.filter(transcript_id=transcript.id).delete()
        transcript.recognition = Recognition.QUEUED
        transcript.detail, transcript.attempts = "", 0
        transcript.pieces_cut_at, transcript.audio_ms = None, 0
        transcript.claimed_by, transcript.claimed_at = "", None
        transcript.again_by = by.name
        transcript.changed_at = now
        await transcript.save()
        await record(
            "subtitle.recognised_again",
            by=by,
            subject=f"subtitle:{number}",
            now=now,
            before={"recognition": before, "draft_version": transcript.draft_version},
            after={"recognition": transcript.recognition},
        )
    return transcript
