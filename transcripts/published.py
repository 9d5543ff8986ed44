"""The subtitles that the public may have: of the published version, of a replay that is public."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.errors import NotFound
from schedules.models import Broadcast
from schedules.public.visibility import OVER, public_by_number, shows_replay
from transcripts.cues.draft import DraftCue, from_rows
from transcripts.cues.statutes import Chapter
from transcripts.editing.versions import cues_of
from transcripts.laws.mentions import chapters_of
from transcripts.models import CueVersion, Transcript


@dataclass(frozen=True, slots=True)
class Published:
    """What is published of a lecture; version counts up with every change. chapters: those nobody declined."""

    broadcast: Broadcast
    version: int
    published_at: datetime
    cues: list[DraftCue]
    chapters: list[Chapter]


def gives_its_words(broadcast: Broadcast) -> bool:
    """Whether the public may read what was said in it, once that is published."""
    return broadcast.air_state in OVER and shows_replay(broadcast)


async def published_cues(broadcast_id: UUID) -> list[DraftCue]:
    """Of the published version, whatever the replay's state; none before there is one. Never of a draft."""
    version = await published_version(broadcast_id)
    return from_rows(version.cues) if version else []


async def published_version(broadcast_id: UUID) -> CueVersion | None:
    """As `published_cues`, with what belongs to them."""
    transcript = await Transcript.get_or_none(broadcast_id=broadcast_id)
    if transcript is None or not transcript.published_version:
        return None
    return await CueVersion.get_or_none(transcript_id=transcript.id, number=transcript.published_version)


async def published_texts() -> list[str]:
    """What was said in each lecture with published subtitles, whatever the state of its replay."""
    transcripts = await Transcript.filter(published_version__gt=0)
    drafts = [await cues_of(each, each.published_version) for each in transcripts]
    return ["".join(each.cue.text for each in cues) for cues in drafts]


async def find_published(broadcast: Broadcast) -> Published | None:
    """None while the public may have none: not over, replay not public, subtitles not published."""
    if not gives_its_words(broadcast):
        return None
    transcript = await Transcript.get_or_none(broadcast_id=broadcast.id)
    if transcript is None or not transcript.published_version or transcript.published_at is None:
        return None
    version = await CueVersion.get(transcript_id=transcript.id, number=transcript.published_version)
    return Published(
        broadcast, version.number, transcript.published_at, from_rows(version.cues), chapters_of(version)
    )


async def published_by_number(number: str) -> Published:
    """Raises NotFound."""
    published = await find_published(await public_by_number(number))
    if published is None:
        raise NotFound("这一讲的字幕还没有发布。字幕校对后发布，请过几天再来。")
    return published
