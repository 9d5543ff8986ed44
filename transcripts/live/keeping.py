"""After the lecture: what live captions have heard becomes its draft, until recognition has done better."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from core.database import transaction
from schedules.models import Broadcast
from transcripts.cues.draft import DraftCue
from transcripts.editing.versions import add_version
from transcripts.glossary.services import terms_by_frequency
from transcripts.models import CueVersion, LiveWords, Transcript, VersionKind
from transcripts.recognition.drafting import HeardPiece, draft_cues
from transcripts.recognition.rows import held_of, segments_of
from transcripts.speech.engine import EngineIdentity


async def words_to_draft(broadcast: Broadcast, *, now: datetime) -> bool:
    """Whether there is a new draft. Where there is any version already, nobody needs it. Safe to run twice.

    The lecture has its transcript (`recognition.asking.ask_for`).
    """
    rows = await LiveWords.filter(broadcast_id=broadcast.id)
    if not rows:
        return False
    terms = (*broadcast.laws, *(term.text for term in await terms_by_frequency()))
    cues = await asyncio.to_thread(_cues, rows, terms)
    async with transaction():
        transcript = await Transcript.filter(broadcast_id=broadcast.id).select_for_update().get_or_none()
        if transcript is None:
            return False
        is_new = bool(cues) and not await CueVersion.filter(transcript_id=transcript.id).exists()
        if is_new:
            await add_version(transcript, VersionKind.LIVE, cues, by=None, now=now)
        await LiveWords.filter(broadcast_id=broadcast.id).delete()
    return is_new


def _cues(rows: Sequence[LiveWords], terms: Sequence[str]) -> list[DraftCue]:
    """In one piece per engine: cues over the borders of what was heard at once. Times of words rise."""
    pieces = []
    for identity, group in groupby(rows, key=_identity):
        together = list(group)
        pieces.append(
            HeardPiece(
                [segment for row in together for segment in segments_of(row.segments)],
                [held for row in together for held in held_of(row.held)],
                identity,
            )
        )
    return draft_cues(pieces, terms=terms)


def _identity(row: LiveWords) -> EngineIdentity:
    return EngineIdentity(row.engine, row.model, row.model_sha256)
