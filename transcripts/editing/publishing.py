"""校对完成, publishing and taking back. There is no way, and no setting, by which an unchecked draft is published.

The unit that corrected says 校对完成 (the bureau may on its behalf), and only then an administrator publishes. A
published lecture whose draft is changed keeps what is published until the new draft has gone the same way.
"""

import asyncio
from datetime import datetime

from core.audit import Actor, record
from core.database import transaction
from core.errors import Conflict, Invalid
from core.settings import Settings
from schedules.turns.stepping import for_the_bureau, reason_of
from transcripts.cues.draft import DraftCue, from_rows
from transcripts.editing.checking import Readiness, readiness_of
from transcripts.editing.comparing import edit_distance, letters_of
from transcripts.editing.finding import check_revision, locked
from transcripts.editing.saving import heard_of
from transcripts.editing.versions import draft_of
from transcripts.models import CueVersion, SubtitleState, Transcript
from transcripts.search.indexing import index_lecture


class NotReady(Conflict):
    """字幕还有没改好的地方，请改好再提交。"""


async def hand_over(
    number: str, *, revision: int, by: Actor, now: datetime, settings: Settings
) -> Transcript:
    """校对完成. Raises NotFound, Forbidden, Stale, NotReady."""
    async with transaction():
        _, transcript = await locked(number, by)
        await check_revision(transcript, revision)
        draft = await _draft(transcript)
        if transcript.handed_over_at is not None:
            raise Conflict(f"{transcript.handed_over_by}已经提交过“校对完成”，等州局发布。")
        if draft.number == transcript.published_version:
            raise Conflict("这一版已经发布，没有新的改动要提交。")
        _sound(await readiness_of(from_rows(draft.cues), settings))
        transcript.handed_over_at, transcript.handed_over_by = now, by.name
        await transcript.save(update_fields=["handed_over_at", "handed_over_by"])
        await record(
            "subtitle.handed_over",
            by=by,
            subject=f"subtitle:{number}",
            now=now,
            after={"version": draft.number},
        )
        return transcript


async def publish(
    number: str,
    *,
    revision: int,
    looked: bool,
    by: Actor,
    now: datetime,
    settings: Settings,
) -> Transcript:
    """looked: the administrator says that they have looked at the cues the machine was not sure of.

    Raises NotFound, Forbidden, Stale, NotReady, and Invalid (field `looked`).
    """
    for_the_bureau(by)
    async with transaction():
        broadcast, transcript = await locked(number, by)
        await check_revision(transcript, revision)
        draft = await _draft(transcript)
        if draft.number == transcript.published_version:
            raise Conflict("这一版已经发布过了。")
        if transcript.handed_over_at is None:
            raise NotReady("还没有人提交“校对完成”，不能发布。请先在校对页核对，点“校对完成”。")
        cues = from_rows(draft.cues)
        readiness = await readiness_of(cues, settings)
        _sound(readiness)
        if readiness.doubtful and not looked:
            raise Invalid(
                {"looked": f"有 {len(readiness.doubtful)} 条识别没把握、没有人确认过，请看过再勾选。"}
            )
        before, handed_over_by = transcript.published_version, transcript.handed_over_by
        transcript.handed_over_at, transcript.handed_over_by = None, ""
        await _measure(transcript, cues)
        transcript.state = SubtitleState.PUBLISHED
        transcript.published_version = draft.number
        transcript.published_at, transcript.published_by = now, by.name
        transcript.changed_at = now
        await transcript.save()
        await index_lecture(broadcast.id)
        await record(
            "subtitle.published",
            by=by,
            subject=f"subtitle:{number}",
            now=now,
            before={"version": before},
            after={"version": draft.number, "handed_over_by": handed_over_by},
        )
    return transcript


async def unpublish(number: str, *, version: int, reason: str, by: Actor, now: datetime) -> Transcript:
    """Take the subtitles back from the public; the draft stays. version: the published one that was seen.

    Raises NotFound, Forbidden, Conflict, Invalid (field `reason`).
    """
    for_the_bureau(by)
    reason = reason_of(reason, what="撤下的原因")
    async with transaction():
        broadcast, transcript = await locked(number, by)
        if not transcript.published_version or transcript.published_version != version:
            raise Conflict("发布的字幕刚刚变过，请刷新看过再办。")
        transcript.state = SubtitleState.REVIEW
        transcript.published_version = 0
        transcript.published_at, transcript.published_by = None, ""
        transcript.handed_over_at, transcript.handed_over_by = None, ""
        transcript.changed_at = now
        await transcript.save()
        await index_lecture(broadcast.id)
        await record(
            "subtitle.unpublished",
            by=by,
            subject=f"subtitle:{number}",
            now=now,
            before={"version": version},
            after={"reason": reason},
        )
        return transcript


async def _draft(transcript: Transcript) -> CueVersion:
    draft = await draft_of(transcript)
    if draft is None or not draft.cues:
        raise NotReady("字幕还是空的。可以等识别完成，也可以导入字幕文件或按讲稿打点。")
    return draft


def _sound(readiness: Readiness) -> None:
    if readiness.errors:
        first = readiness.errors[0]
        raise NotReady(
            f"还有 {len(readiness.errors)} 处错误要改，第一处在 {_clock(first.start_ms)}：{first.message}"
        )
    if readiness.held:
        first_held = readiness.held[0]
        raise NotReady(
            f"还有 {len(readiness.held)} 条待核对的没有人看过，第一条在 {_clock(first_held.cue.start_ms)}"
            f"（{first_held.held}）。请逐条改好、删掉或点“看过，没错”。"
        )


async def _measure(transcript: Transcript, cues: list[DraftCue]) -> None:
    """How far the machine was off on this lecture; nothing where no machine heard it. What it was not believed, and
    was held for a person, is none of what it said."""
    heard = [each for each in (await heard_of(transcript)).values() if not each.held]
    if not heard:
        transcript.characters_recognised = transcript.characters_changed = 0
        return
    machine = letters_of([each.cue for each in heard])
    people = letters_of([each.cue for each in cues])
    transcript.characters_recognised = len(machine)
    transcript.characters_changed = await asyncio.to_thread(edit_distance, machine, people)


def _clock(ms: int) -> str:
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"
