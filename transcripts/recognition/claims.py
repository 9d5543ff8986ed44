"""Which lecture is recognised by whom: claims with an expiry, and what each step leaves in the rows.

Every step is written under the claim: a worker that has lost it (it was away for too long, and another one took
over) writes nothing more. What a piece has brought is one transaction: after a kill it is there whole or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise.expressions import F, Q

from core.database import transaction
from core.settings import Settings
from schedules.states import AirState
from transcripts.cues.draft import from_rows
from transcripts.editing.versions import add_version
from transcripts.models import Piece, Recognition, Transcript, VersionKind

TO_DO = (Recognition.QUEUED, Recognition.RUNNING, Recognition.PAUSED)
LONGEST_DETAIL = 300


class ClaimLost(Exception):
    """Another worker has this lecture now."""


@dataclass(frozen=True, slots=True)
class Claim:
    transcript_id: UUID
    worker: str

    async def keep(self, now: datetime) -> None:
        """A sign of life. Raises ClaimLost."""
        await self._write(claimed_at=now)

    async def pieces_cut(self, pieces: Sequence[dict[str, int]], audio_ms: int, now: datetime) -> None:
        """Once a lecture. Raises ClaimLost."""
        async with transaction():
            await self._write(claimed_at=now, pieces_cut_at=now, audio_ms=audio_ms)
            await Piece.filter(transcript_id=self.transcript_id).delete()
            await Piece.bulk_create(
                [
                    Piece(transcript_id=self.transcript_id, ordinal=number, **piece)
                    for number, piece in enumerate(pieces)
                ]
            )

    async def piece_heard(self, piece: Piece, heard: dict[str, Any], now: datetime) -> None:
        """The checkpoint. Raises ClaimLost."""
        async with transaction():
            await self._write(claimed_at=now, attempts=0)
            await Piece.filter(id=piece.id).update(
                recognised_at=now,
                segments=heard["segments"],
                held=heard["held"],
                seconds_spent=heard["seconds_spent"],
                engine=heard["engine"],
                model=heard["model"],
                model_sha256=heard["sha256"],
            )

    async def done(self, cues: list[dict[str, Any]], characters: int, now: datetime) -> bool:
        """The machine's draft; whether there is one. What people have made stays the draft, unless somebody asked for
        recognition once more. Raises ClaimLost.
        """
        async with transaction():
            row = Transcript.filter(id=self.transcript_id, claimed_by=self.worker).select_for_update()
            transcript = await row.get_or_none()
            if transcript is None:
                raise ClaimLost
            last = (
                await Piece.filter(transcript_id=transcript.id)
                .exclude(engine="")
                .order_by("-ordinal")
                .first()
            )
            if last is not None:
                transcript.engine, transcript.model = last.engine, last.model
                transcript.model_sha256 = last.model_sha256
            transcript.recognition = Recognition.DONE if cues else Recognition.NO_SPEECH
            transcript.detail = (
                "" if cues else "整场没有听到讲话。请听一下回看；需要字幕可以导入，或按讲稿打点。"
            )
            transcript.characters_recognised = characters
            transcript.attempts, transcript.claimed_by = 0, ""
            again_by, transcript.again_by = transcript.again_by, ""
            transcript.changed_at = now
            await transcript.save()
            if cues:
                before = transcript.draft_version
                note = f"{again_by}要求再识别一次" if again_by else ""
                made = await add_version(
                    transcript, VersionKind.RECOGNISED, from_rows(cues), by=None, now=now, note=note
                )
                if again_by and transcript.draft_version == before:
                    transcript.draft_version = made.number
                    transcript.revision += 1
                    transcript.handed_over_at, transcript.handed_over_by = None, ""
                    await transcript.save()
        return bool(cues)

    async def leave(self, recognition: Recognition, detail: str, now: datetime, **values: Any) -> None:
        """Let it go. claimed_at stays: what failed is tried again some time after it. Raises ClaimLost."""
        text = detail[:LONGEST_DETAIL]
        await self._write(recognition=recognition, detail=text, claimed_by="", claimed_at=now, **values)

    async def _write(self, **values: Any) -> None:
        if not await Transcript.filter(id=self.transcript_id, claimed_by=self.worker).update(**values):
            raise ClaimLost


async def waiting(now: datetime, settings: Settings) -> list[Transcript]:
    """What may be recognised now, with its lecture and unit: the longest waiting first."""
    rested = Q(attempts=0) | Q(claimed_at__lte=now - timedelta(seconds=settings.speech_retry_seconds))
    rows = Transcript.filter(
        _free(now, settings),
        rested,
        recognition__in=(*TO_DO, Recognition.WAITING_FOR_MODEL),
        broadcast__air_state=AirState.ENDED,
    )
    return await rows.order_by("created_at", "id").prefetch_related("broadcast__unit")


async def claim(transcript: Transcript, worker: str, now: datetime, settings: Settings) -> Claim | None:
    """None when another worker was quicker. attempts counts claims without progress since."""
    rows = Transcript.filter(_free(now, settings), id=transcript.id, recognition=transcript.recognition)
    taken = await rows.update(
        claimed_by=worker,
        claimed_at=now,
        recognition=Recognition.RUNNING,
        detail="",
        attempts=F("attempts") + 1,
    )
    return Claim(transcript.id, worker) if taken else None


async def give_up(transcript: Transcript, now: datetime, settings: Settings) -> None:
    """Of a lecture whose workers died one after the other: something in it, or about the machine, kills them."""
    rows = Transcript.filter(_free(now, settings), id=transcript.id, attempts=transcript.attempts)
    await rows.update(
        recognition=Recognition.FAILED, detail=gave_up(transcript.attempts), claimed_by="", changed_at=now
    )


def gave_up(attempts: int, reason: str = "识别进程几次都没做完就退出了。") -> str:
    return f"{reason}已经试过 {attempts} 次，不再自动重试。请管理员看日志，改好后点“再识别一次”。"


async def wait_for_model(now: datetime, detail: str, settings: Settings) -> None:
    """Everything that could be begun or gone on with but for the model. detail: what is missing, and what to do."""
    text = detail[:LONGEST_DETAIL]
    rows = Transcript.filter(_free(now, settings), recognition__in=(*TO_DO, Recognition.WAITING_FOR_MODEL))
    told = Q(recognition=Recognition.WAITING_FOR_MODEL, detail=text)
    await (
        rows.filter(broadcast__air_state=AirState.ENDED)
        .exclude(told)
        .update(
            recognition=Recognition.WAITING_FOR_MODEL, detail=text, attempts=0, claimed_by="", changed_at=now
        )
    )


def _free(now: datetime, settings: Settings) -> Q:
    """Nobody's, or of a worker that has given no sign of life for too long."""
    return Q(claimed_by="") | Q(claimed_at__lt=now - timedelta(seconds=settings.speech_claim_seconds))
