"""What may be read about recognition: how far it is, and which lecture it has to wait for."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.expressions import Q

from core.settings import Settings
from schedules.models import Broadcast
from schedules.states import AirState
from transcripts.models import Piece, SubtitleState, Transcript
from transcripts.recognition.live_first import MAY_COME, ON_AIR, LiveFirst, live_first
from transcripts.recognition.progress import GOING_ON, PieceDone, Progress, progress

LONGEST_DELAY = timedelta(days=1)
"""A planned start that is longer ago is none any more."""


async def who_comes_first(now: datetime, settings: Settings) -> LiveFirst | None:
    """The lecture on the air, or near its start, that recognition has to wait for."""
    soon = now + timedelta(minutes=settings.speech_pause_minutes)
    near = Q(air_state__in=MAY_COME, starts_at__lte=soon, starts_at__gt=now - LONGEST_DELAY)
    return live_first(await Broadcast.filter(Q(air_state__in=ON_AIR) | near), now, settings)


async def progress_of(broadcast: Broadcast, first: LiveFirst | None) -> Progress | None:
    """None for a lecture without a transcript: it has not ended, or was never on the air here.

    first: the lecture that recognition has to wait for (who_comes_first).
    """
    transcript = await Transcript.get_or_none(broadcast_id=broadcast.id)
    if transcript is None:
        return None
    pieces = [
        PieceDone(
            piece.end_ms - piece.start_ms,
            piece.speech_ms,
            piece.seconds_spent,
            piece.recognised_at is not None,
            len(piece.held),
        )
        for piece in await Piece.filter(transcript_id=transcript.id).only(
            "id", "start_ms", "end_ms", "speech_ms", "seconds_spent", "recognised_at", "held"
        )
    ]
    ahead = 0
    if transcript.recognition in GOING_ON:
        ahead = await Transcript.filter(
            recognition__in=GOING_ON,
            broadcast__air_state=AirState.ENDED,
            created_at__lt=transcript.created_at,
        ).count()
    return progress(broadcast, transcript, pieces, first=first, ahead=ahead)


async def subtitle_states(broadcast_ids: Collection[UUID]) -> Mapping[UUID, SubtitleState]:
    """Of those that have a transcript, for lists."""
    rows = await Transcript.filter(broadcast_id__in=list(broadcast_ids)).values_list("broadcast_id", "state")
    return {UUID(str(broadcast_id)): SubtitleState(state) for broadcast_id, state in rows}
