"""Autosave, the hold and versions: nobody loses what they typed, and everybody can see who typed what."""

from datetime import timedelta

import pytest
from tortoise.context import TortoiseContext

from core.audit import Actor
from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.errors import Forbidden, NotFound
from core.settings import Settings, load_settings
from schedules.models import Broadcast
from tests.support.subtitles import BUREAU, COLLEAGUE, LIAISON, OTHERS, heard, now_of, subtitled
from transcripts.editing.changes import Changes, CueChange
from transcripts.editing.finding import Stale
from transcripts.editing.history import compare, restore, versions_of
from transcripts.editing.holding import Taken, hold_of, release, take, take_over
from transcripts.editing.saving import Saved, save
from transcripts.editing.versions import add_version, cues_of
from transcripts.models import CueVersion, Transcript, VersionKind

SETTINGS = load_settings()


def typed(text: str, cue: str = "cue1", start: int = 2000, end: int = 4000) -> Changes:
    return Changes(cues=(CueChange(cue, start, end, tuple(text.split("/"))),))


async def write(
    lecture: Broadcast,
    transcript: Transcript,
    changes: Changes,
    clock: ManualClock,
    *,
    by: Actor = LIAISON,
    revision: int | None = None,
    settings: Settings = SETTINGS,
) -> Saved:
    seen = (await now_of(transcript)).revision if revision is None else revision
    return await save(lecture.number, changes, revision=seen, by=by, now=clock.now(), settings=settings)


async def lines(transcript: Transcript) -> list[str]:
    row = await now_of(transcript)
    return [each.cue.text for each in await cues_of(row, row.draft_version)]


async def test_what_one_person_types_on_stays_one_version(db: TortoiseContext, clock: ManualClock) -> None:
    lecture, transcript = await subtitled(clock)
    first = await write(lecture, transcript, typed("今天讲行政复"), clock)
    clock.advance(9 * 60)
    second = await write(lecture, transcript, typed("今天讲行政复议法"), clock)
    assert (first.version, second.version) == (2, 2)
    assert second.revision == first.revision + 1
    assert (await lines(transcript))[1] == "今天讲行政复议法"
    row = await CueVersion.get(transcript_id=transcript.id, number=2)
    assert (row.kind, row.person, row.actor) == (VersionKind.EDITED, "示例联络员甲", "user:liaison-a")
    assert row.changed_at - row.made_at == timedelta(minutes=9)


async def test_after_a_pause_and_for_another_person_a_new_version_begins(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, transcript = await subtitled(clock)
    await write(lecture, transcript, typed("一稿"), clock)
    clock.advance(10 * 60)
    assert (await write(lecture, transcript, typed("二稿"), clock)).version == 3
    await release(lecture.number, by=LIAISON, now=clock.now())
    assert (await write(lecture, transcript, typed("三稿"), clock, by=COLLEAGUE)).version == 4
    people = [(each.number, each.person) for each in await versions_of(transcript)]
    assert people == [(4, "示例联络员丙"), (3, "示例联络员甲"), (2, "示例联络员甲"), (1, "")]


async def test_the_second_of_two_people_is_told_and_loses_nothing(
    db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, transcript = await subtitled(clock)
    seen = (await now_of(transcript)).revision
    await write(lecture, transcript, typed("先存的"), clock)
    with pytest.raises(Taken, match="示例联络员甲正在校对"):
        await write(lecture, transcript, typed("后存的"), clock, by=COLLEAGUE, revision=seen)
    await take_over(lecture.number, seen="user:liaison-a", by=COLLEAGUE, now=clock.now(), settings=SETTINGS)
    with pytest.raises(Stale, match="刚刚被示例联络员甲改过"):
        await write(lecture, transcript, typed("后存的"), clock, by=COLLEAGUE, revision=seen)
    assert (await lines(transcript))[1] == "先存的"


async def test_the_same_person_in_two_tabs_is_told_too(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, transcript = await subtitled(clock)
    seen = (await now_of(transcript)).revision
    await write(lecture, transcript, typed("第一个窗口"), clock)
    with pytest.raises(Stale):
        await write(lecture, transcript, typed("第二个窗口"), clock, revision=seen)


async def test_one_corrects_at_a_time_until_their_page_is_silent(
    db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, _ = await subtitled(clock)
    assert (await take(lecture.number, by=LIAISON, now=clock.now(), settings=SETTINGS)).is_mine
    clock.advance(60)
    await take(lecture.number, by=LIAISON, now=clock.now(), settings=SETTINGS)
    clock.advance(SETTINGS.subtitle_hold_seconds - 1)
    with pytest.raises(Taken):
        await take(lecture.number, by=COLLEAGUE, now=clock.now(), settings=SETTINGS)
    clock.advance(1)
    assert (await take(lecture.number, by=COLLEAGUE, now=clock.now(), settings=SETTINGS)).is_mine
    await release(lecture.number, by=LIAISON, now=clock.now())
    transcript = await Transcript.get(broadcast_id=lecture.id)
    hold = hold_of(transcript, LIAISON, clock.now(), SETTINGS)
    assert hold is not None
    assert (hold.name, hold.is_mine) == ("示例联络员丙", False)


async def test_taking_over_is_audited_and_the_second_taker_is_asked_again(
    db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, _ = await subtitled(clock)
    await take(lecture.number, by=LIAISON, now=clock.now(), settings=SETTINGS)
    seen = "user:liaison-a"
    await take_over(lecture.number, seen=seen, by=COLLEAGUE, now=clock.now(), settings=SETTINGS)
    with pytest.raises(Taken, match="示例联络员丙"):
        await take_over(lecture.number, seen=seen, by=BUREAU, now=clock.now(), settings=SETTINGS)
    entry = await AuditEntry.get(action="subtitle.taken_over")
    assert (entry.actor_name, entry.subject) == ("示例联络员丙", f"subtitle:{lecture.number}")
    assert "示例联络员甲" in entry.before


async def test_each_version_is_audited_once(sqlite_db: TortoiseContext, clock: ManualClock) -> None:
    lecture, transcript = await subtitled(clock)
    for text in ("一", "一二", "一二三"):
        await write(lecture, transcript, typed(text), clock)
    assert await AuditEntry.filter(action="subtitle.edited").count() == 1


async def test_another_unit_may_not_and_an_unknown_lecture_is_not_there(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, transcript = await subtitled(clock)
    with pytest.raises(Forbidden):
        await write(lecture, transcript, typed("别的单位"), clock, by=OTHERS)
    with pytest.raises(NotFound):
        await save("2099-1-1", Changes(), revision=0, by=BUREAU, now=clock.now(), settings=SETTINGS)


async def test_restoring_makes_a_new_version_and_keeps_the_others(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, transcript = await subtitled(clock)
    await write(lecture, transcript, typed("改坏了"), clock)
    revision = (await now_of(transcript)).revision
    made = await restore(lecture.number, 1, revision=revision, by=LIAISON, now=clock.now(), settings=SETTINGS)
    assert (made.number, made.kind, made.note) == (3, VersionKind.RESTORED, "恢复版本 1")
    assert (await lines(transcript))[1] == "今天讲行政负义法"
    (difference,) = (await compare(transcript, 2, 3)).passages
    assert [(piece.kind, piece.text) for piece in difference.pieces] == [
        ("gone", "改坏了"),
        ("new", "今天讲行政负义法"),
    ]
    with pytest.raises(Stale):  # pressed twice
        await restore(lecture.number, 1, revision=revision, by=LIAISON, now=clock.now(), settings=SETTINGS)


async def test_a_machine_that_comes_late_does_not_displace_what_people_wrote(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, transcript = await subtitled(clock)
    await write(lecture, transcript, typed("人写的"), clock)
    row = await now_of(transcript)
    before = row.revision
    await add_version(row, VersionKind.RECOGNISED, heard("机器又听了一遍"), by=None, now=clock.now())
    row = await now_of(transcript)
    assert (row.draft_version, row.revision) == (2, before)
    assert (await cues_of(row, 3))[0].cue.text == "机器又听了一遍"
