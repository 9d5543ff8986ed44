"""Lectures that were given, with their subtitles in whatever state a test needs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from schedules.models import Broadcast
from schedules.services import NewBroadcast, create_broadcast
from schedules.states import AirState, PlanState
from tests.support.cast import UNIT_A
from transcripts.cues.cue import Cue
from transcripts.cues.draft import DraftCue
from transcripts.editing.versions import add_version
from transcripts.models import SubtitleState, Transcript, VersionKind


def cues(*lines: str, seconds: float = 4, begin: float = 0) -> list[DraftCue]:
    """One cue for each line, one after the other."""
    step = int(seconds * 1000)
    first = int(begin * 1000)
    return [
        DraftCue(
            f"c{at}",
            Cue(first + at * step, first + (at + 1) * step - 100, tuple(line.split("|"))),
            engine="whisper",
        )
        for at, line in enumerate(lines)
    ]


async def given_lecture(title: str, *, now: datetime, unit_code: str = UNIT_A, **fields: Any) -> Broadcast:
    """On the air an hour ago, over now, its replay public unless fields say otherwise."""
    broadcast = await create_broadcast(NewBroadcast(title=title, unit_code=unit_code), now=now)
    began = fields.pop("first_live_at", now - timedelta(hours=1))
    rows: dict[str, Any] = {
        "plan_state": PlanState.SCHEDULED,
        "air_state": AirState.ENDED,
        "first_live_at": began,
        "ended_at": began + timedelta(minutes=15),
        "announced_at": began,
        **fields,
    }
    await Broadcast.filter(id=broadcast.id).update(**rows)
    return await Broadcast.get(id=broadcast.id).prefetch_related("unit")


async def drafted(broadcast: Broadcast, lines: Sequence[DraftCue], *, now: datetime) -> Transcript:
    """Recognised, and not yet looked at by anybody."""
    transcript = await Transcript.create(broadcast_id=broadcast.id, created_at=now, changed_at=now)
    await add_version(transcript, VersionKind.RECOGNISED, lines, by=None, now=now)
    return transcript


async def published(broadcast: Broadcast, lines: Sequence[DraftCue], *, now: datetime) -> Transcript:
    """As publishing leaves the rows; the index is not told."""
    transcript = await Transcript.get_or_none(broadcast_id=broadcast.id)
    if transcript is None:
        transcript = await drafted(broadcast, lines, now=now)
    else:
        await add_version(transcript, VersionKind.EDITED, lines, by=None, now=now)
    transcript.state = SubtitleState.PUBLISHED
    transcript.published_version = transcript.draft_version
    transcript.published_at = now
    transcript.published_by = "示例管理员"
    await transcript.save()
    return transcript
