"""The transcript somebody means: locked for a change, made where a lecture has none yet."""

from datetime import datetime

from core.audit import Actor
from core.errors import Conflict, NotFound
from schedules.models import Broadcast
from schedules.queries import by_number
from schedules.states import AirState, Language, PlanState
from schedules.turns.stepping import for_the_unit
from transcripts.models import CueVersion, Recognition, Transcript

OVER = (AirState.CLOSED, AirState.ENDED)


class Stale(Conflict):
    """字幕刚刚被改过，请看过最新的再改。您写的还在这一页上。"""


async def lecture_with_transcript(number: str) -> tuple[Broadcast, Transcript]:
    """For reading. Raises NotFound, also when there is nothing of it to correct yet."""
    broadcast = await by_number(number)
    transcript = await Transcript.get_or_none(broadcast_id=broadcast.id)
    if transcript is None:
        raise NotFound(f"{number} 还没有字幕。讲座结束后会自动识别，也可以导入字幕文件或按讲稿打点。")
    return broadcast, transcript


async def locked(number: str, by: Actor) -> tuple[Broadcast, Transcript]:
    """For a change, until the end of the caller's transaction. Raises NotFound, Forbidden (of another unit)."""
    broadcast, transcript = await lecture_with_transcript(number)
    for_the_unit(by, broadcast)
    return broadcast, await Transcript.filter(id=transcript.id).select_for_update().get()


async def locked_or_new(number: str, by: Actor, now: datetime) -> tuple[Broadcast, Transcript]:
    """The same, but a lecture that is over gets its transcript when it has none: people bring the words.

    Raises NotFound, Forbidden, and Conflict for a lecture that has not been given.
    """
    broadcast = await by_number(number)
    for_the_unit(by, broadcast)
    if broadcast.plan_state is PlanState.DRAFT:
        raise NotFound(f"没有编号为 {number} 的期次。")
    if broadcast.air_state not in OVER or broadcast.first_live_at is None:
        raise Conflict(f"{number} 还没有讲完，讲完后才能做字幕。")
    speaks_mandarin = broadcast.language is Language.MANDARIN
    await Transcript.get_or_create(
        broadcast_id=broadcast.id,
        defaults={
            "recognition": Recognition.QUEUED if speaks_mandarin else Recognition.BY_PEOPLE,
            "created_at": now,
            "changed_at": now,
        },
    )
    return broadcast, await Transcript.filter(broadcast_id=broadcast.id).select_for_update().get()


async def check_revision(transcript: Transcript, revision: int) -> None:
    """Raises Stale, which says who was quicker."""
    if transcript.revision == revision:
        return
    last = await CueVersion.filter(transcript_id=transcript.id).order_by("-changed_at", "-number").first()
    if last is not None and last.person:
        raise Stale(f"字幕刚刚被{last.person}改过，请看过最新的再改。您写的还在这一页上。")
    raise Stale
