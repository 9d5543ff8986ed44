"""主讲人核对用词: the lecturer is asked about wordings by a one-time link; what they say is a suggestion to take."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from accounts.links import issue_link
from core.audit import Actor, record
from core.database import transaction
from core.errors import Conflict, Invalid, NotFound
from core.grants import LinkPurpose
from core.settings import Settings
from schedules.queries import by_number
from transcripts.cues.draft import DraftCue, from_rows
from transcripts.editing.checking import is_doubtful
from transcripts.editing.finding import locked
from transcripts.editing.versions import cues_of, draft_of
from transcripts.models import TermAnswer, TermQuestion, Transcript

LONGEST_ANSWER = 200


async def candidates(transcript: Transcript, settings: Settings) -> list[DraftCue]:
    """What the lecturer could be asked about: held cues and doubtful ones, the least sure first."""
    cues = await cues_of(transcript, transcript.draft_version)
    unsure = [each for each in cues if each.held or is_doubtful(each, settings)]
    unsure.sort(key=lambda each: (1.0 if each.prob is None else each.prob, each.cue.start_ms))
    return unsure[: settings.subtitle_questions]


async def questions_of(transcript: Transcript, *, open_only: bool = False) -> list[TermQuestion]:
    """In the order of the lecture, without those that are settled."""
    rows = TermQuestion.filter(transcript_id=transcript.id, settled_at=None)
    return await (rows.filter(answer=TermAnswer.OPEN) if open_only else rows)


async def ask(number: str, cues: Collection[str], *, by: Actor, now: datetime, settings: Settings) -> str:
    """The token of a new link to the lecturer's page. A cue that was asked about before is asked about anew.

    Raises NotFound, Forbidden, Conflict, Invalid (fields `cues`, `holder`).
    """
    async with transaction():
        broadcast, transcript = await locked(number, by)
        if not broadcast.lecturer_name:
            raise Invalid({"holder": "这一期没有登记主讲人，发不了链接。"})
        draft = await draft_of(transcript)
        asked = [each for each in from_rows(draft.cues) if each.id in cues] if draft else []
        if not asked:
            raise Invalid({"cues": "请至少勾选一处要主讲人核对的。"})
        if len(asked) > settings.subtitle_questions:
            raise Invalid({"cues": f"一次最多请主讲人核对 {settings.subtitle_questions} 处。"})
        await TermQuestion.filter(transcript_id=transcript.id, cue__in=[each.id for each in asked]).delete()
        await TermQuestion.bulk_create([_question(transcript, each, by, now) for each in asked])
        token = await issue_link(
            LinkPurpose.TERMS,
            unit_code=broadcast.unit_id,
            subject=number,
            holder=broadcast.lecturer_name,
            by=by,
            now=now,
            settings=settings,
        )
        await record(
            "subtitle.asked", by=by, subject=f"subtitle:{number}", now=now, after={"rows": len(asked)}
        )
        return token


async def answer(
    number: str, answers: Sequence[tuple[UUID, TermAnswer, str]], *, by: Actor, now: datetime
) -> int:
    """Each: the question, heard right or corrected, and the wording it should be. How many were answered.

    Raises NotFound, Conflict, and Invalid (a field a question, named by its id).
    """
    texts = {question: " ".join(text.split()) for question, _, text in answers}
    faults = {
        str(question): f"请写明正确的说法，不超过 {LONGEST_ANSWER} 个字。"
        for question, said, _ in answers
        if said is TermAnswer.CORRECTED
        and not (1 <= len(texts[question]) <= LONGEST_ANSWER and texts[question].isprintable())
    }
    if faults:
        raise Invalid(faults)
    broadcast = await by_number(number)
    async with transaction():
        transcript = await Transcript.get_or_none(broadcast_id=broadcast.id)
        if transcript is None:
            raise NotFound(f"{number} 没有要核对的用词。")
        count = 0
        for question, said, _ in answers:
            if said is TermAnswer.OPEN:
                continue
            row = await TermQuestion.get_or_none(id=question, transcript_id=transcript.id)
            if row is None:
                raise NotFound("这一处已经不用核对了，请刷新页面。")
            if row.settled_at is not None:
                continue
            row.answer, row.suggestion = said, texts[question] if said is TermAnswer.CORRECTED else ""
            row.answered_by, row.answered_at = by.name, now
            await row.save()
            count += 1
        if not count:
            raise Conflict("没有新的核对结果。请先选“没错”或写明正确的说法。")
        await record("subtitle.answered", by=by, subject=f"subtitle:{number}", now=now, after={"rows": count})
        return count


async def settle(number: str, question: UUID, *, by: Actor, now: datetime) -> None:
    """Somebody who corrects has taken the answer over, or sets it aside. Raises NotFound, Forbidden."""
    async with transaction():
        _, transcript = await locked(number, by)
        row = await TermQuestion.get_or_none(id=question, transcript_id=transcript.id)
        if row is None:
            raise NotFound("没有这一处核对。")
        if row.settled_at is not None:
            return
        row.settled_at = now
        await row.save(update_fields=["settled_at"])
        await record(
            "subtitle.settled",
            by=by,
            subject=f"subtitle:{number}",
            now=now,
            after={"wording": row.suggestion or row.text},
        )


def _question(transcript: Transcript, cue: DraftCue, by: Actor, now: datetime) -> TermQuestion:
    return TermQuestion(
        transcript_id=transcript.id,
        cue=cue.id,
        text=cue.cue.text[:LONGEST_ANSWER],
        start_ms=cue.cue.start_ms,
        end_ms=cue.cue.end_ms,
        asked_by=by.name,
        asked_at=now,
    )
