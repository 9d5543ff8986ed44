"""法律已修订: the bureau's mark on a law, for the replays that speak of it as it was before."""

from datetime import date, datetime

from core.audit import Actor, record
from core.database import transaction
from core.errors import Conflict, Invalid, NotFound
from schedules.turns.stepping import for_the_bureau
from transcripts.models import LawRevision, StatuteMention

LONGEST_NOTE = 200
EARLIEST = date(1949, 10, 1)


async def mark_revised(law: str, since: date, note: str, *, by: Actor, now: datetime) -> LawRevision:
    """A second mark of the same law takes the place of the first. Raises Forbidden, NotFound, Invalid."""
    for_the_bureau(by)
    note = " ".join(note.split())
    if len(note) > LONGEST_NOTE:
        raise Invalid({"note": f"说明不能超过 {LONGEST_NOTE} 个字，请缩短。"})
    if since < EARLIEST or since.year > now.year + 1:
        raise Invalid({"since": "请填修订后的文本开始施行的日期。"})
    async with transaction():
        old = await LawRevision.select_for_update().get_or_none(law=law)
        if old is None and not await StatuteMention.filter(law=law).exists():
            raise NotFound("已发布的字幕里没有提到这部法律。")
        before = _told(old) if old else None
        revision = old or LawRevision(law=law)
        revision.since, revision.note, revision.marked_by, revision.marked_at = since, note, by.name, now
        await revision.save()
        await record(
            "law.revised", by=by, subject=f"law:{law}", now=now, before=before, after=_told(revision)
        )
        return revision


async def take_back_mark(law: str, *, by: Actor, now: datetime) -> None:
    """Raises Forbidden, Conflict."""
    for_the_bureau(by)
    async with transaction():
        old = await LawRevision.select_for_update().get_or_none(law=law)
        if old is None:
            raise Conflict("这部法律没有标记过“已修订”，不用撤销。")
        await old.delete()
        await record("law.revision_taken_back", by=by, subject=f"law:{law}", now=now, before=_told(old))


def _told(revision: LawRevision) -> dict[str, object]:
    return {"since": revision.since.isoformat(), "note": revision.note}
