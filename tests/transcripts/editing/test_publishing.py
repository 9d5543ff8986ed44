"""校对完成, published, taken back: nothing reaches the public that no person has answered for."""

import asyncio
from dataclasses import replace

import pytest
from tortoise.context import TortoiseContext

from core.audit import Actor
from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.errors import Conflict, Forbidden, Invalid
from core.settings import load_settings
from schedules.models import Broadcast
from tests.support.subtitles import BUREAU, LIAISON, OTHERS, SAID, heard, now_of, subtitled
from transcripts.cues.cue import Cue
from transcripts.editing.changes import Changes, CueChange
from transcripts.editing.finding import Stale
from transcripts.editing.measures import by_model, lecture_measures
from transcripts.editing.publishing import NotReady, hand_over, publish, unpublish
from transcripts.editing.saving import save
from transcripts.models import SubtitleState, Transcript
from transcripts.published import published_cues

SETTINGS = load_settings()


async def hand_in(
    lecture: Broadcast, transcript: Transcript, clock: ManualClock, by: Actor = LIAISON
) -> None:
    revision = (await now_of(transcript)).revision
    await hand_over(lecture.number, revision=revision, by=by, now=clock.now(), settings=SETTINGS)


async def put_out(
    lecture: Broadcast,
    transcript: Transcript,
    clock: ManualClock,
    *,
    looked: bool = False,
    by: Actor = BUREAU,
) -> None:
    revision = (await now_of(transcript)).revision
    await publish(
        lecture.number,
        revision=revision,
        looked=looked,
        by=by,
        now=clock.now(),
        settings=SETTINGS,
    )


async def correct(
    lecture: Broadcast, transcript: Transcript, clock: ManualClock, text: str = "今天讲行政复议法"
) -> None:
    revision = (await now_of(transcript)).revision
    changes = Changes(cues=(CueChange("cue1", 2000, 4000, (text,)),))
    await save(lecture.number, changes, revision=revision, by=LIAISON, now=clock.now(), settings=SETTINGS)


async def test_the_unit_hands_over_and_the_bureau_publishes(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, transcript = await subtitled(clock)
    await correct(lecture, transcript, clock)
    await hand_in(lecture, transcript, clock)
    assert await published_cues(lecture.id) == []
    await put_out(lecture, transcript, clock)
    row = await now_of(transcript)
    assert (row.state, row.published_version, row.published_by) == (SubtitleState.PUBLISHED, 2, "示例管理员")
    assert (await published_cues(lecture.id))[1].cue.text == "今天讲行政复议法"
    entries = await AuditEntry.filter(subject=f"subtitle:{lecture.number}").order_by("number")
    assert [each.action for each in entries] == [
        "subtitle.edited",
        "subtitle.handed_over",
        "subtitle.published",
    ]


async def test_nothing_is_published_that_nobody_handed_over(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, transcript = await subtitled(clock)
    with pytest.raises(NotReady, match="还没有人提交"):
        await put_out(lecture, transcript, clock)
    await hand_in(lecture, transcript, clock)
    await correct(lecture, transcript, clock)  # changed after it was handed over: checked no more
    with pytest.raises(NotReady, match="还没有人提交"):
        await put_out(lecture, transcript, clock)
    assert (await now_of(transcript)).published_version == 0


async def test_a_unit_does_not_publish_and_another_units_liaison_hands_nothing_over(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, transcript = await subtitled(clock)
    with pytest.raises(Forbidden):
        await hand_in(lecture, transcript, clock, by=OTHERS)
    await hand_in(lecture, transcript, clock)
    with pytest.raises(Forbidden):
        await put_out(lecture, transcript, clock, by=LIAISON)
    with pytest.raises(Forbidden):
        await unpublish(lecture.number, version=1, reason="不准确", by=LIAISON, now=clock.now())


async def test_what_is_held_or_wrong_stops_both(sqlite_db: TortoiseContext, clock: ManualClock) -> None:
    held = heard(*SAID)
    held[3] = replace(held[3], held="静音处的文字", prob=None)
    lecture, transcript = await subtitled(clock, held)
    with pytest.raises(NotReady, match=r"1 条待核对.*00:06（静音处的文字）"):
        await hand_in(lecture, transcript, clock)
    wide = heard(*SAID)
    wide[2] = replace(wide[2], cue=Cue(4000, 6000, ("这一行写得比十六个字还要多得多了",) * 3))
    lecture, transcript = await subtitled(clock, wide, title="另一讲")
    with pytest.raises(NotReady, match=r"处错误要改，第一处在 00:04："):
        await hand_in(lecture, transcript, clock)


async def test_the_doubtful_ones_are_answered_for_by_name(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, transcript = await subtitled(clock, heard(*SAID, prob=0.2))
    await hand_in(lecture, transcript, clock)
    with pytest.raises(Invalid, match="4 条识别没把握"):
        await put_out(lecture, transcript, clock)
    await put_out(lecture, transcript, clock, looked=True)
    assert (await now_of(transcript)).published_version == 1


async def test_a_published_lecture_that_is_corrected_stays_as_it_was_until_the_bureau_publishes_again(
    db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, transcript = await subtitled(clock)
    await hand_in(lecture, transcript, clock)
    await put_out(lecture, transcript, clock)
    await correct(lecture, transcript, clock)
    assert (await published_cues(lecture.id))[1].cue.text == "今天讲行政负义法"
    assert (await now_of(transcript)).published_version == 1
    await hand_in(lecture, transcript, clock)
    await put_out(lecture, transcript, clock)
    assert (await published_cues(lecture.id))[1].cue.text == "今天讲行政复议法"


async def test_twice_is_told_and_changes_nothing(sqlite_db: TortoiseContext, clock: ManualClock) -> None:
    lecture, transcript = await subtitled(clock)
    await hand_in(lecture, transcript, clock)
    with pytest.raises(Conflict, match="已经提交过"):
        await hand_in(lecture, transcript, clock)
    await put_out(lecture, transcript, clock)
    with pytest.raises(Conflict, match="已经发布过"):
        await put_out(lecture, transcript, clock)
    with pytest.raises(Conflict, match="没有新的改动"):
        await hand_in(lecture, transcript, clock)


async def test_of_two_who_publish_at_once_one_does(db: TortoiseContext, clock: ManualClock) -> None:
    lecture, transcript = await subtitled(clock)
    await hand_in(lecture, transcript, clock)
    done = await asyncio.gather(
        *(put_out(lecture, transcript, clock) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in done) == ["Conflict", "NoneType"]
    assert await AuditEntry.filter(action="subtitle.published").count() == 1


async def test_what_was_changed_meanwhile_is_not_published_unseen(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, transcript = await subtitled(clock)
    seen = (await now_of(transcript)).revision
    await correct(lecture, transcript, clock)
    await hand_in(lecture, transcript, clock)
    with pytest.raises(Stale):
        await publish(
            lecture.number,
            revision=seen,
            looked=True,
            by=BUREAU,
            now=clock.now(),
            settings=SETTINGS,
        )


async def test_taking_back_needs_a_reason_and_leaves_the_draft(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, transcript = await subtitled(clock)
    await hand_in(lecture, transcript, clock)
    await put_out(lecture, transcript, clock)
    with pytest.raises(Invalid):
        await unpublish(lecture.number, version=1, reason=" ", by=BUREAU, now=clock.now())
    with pytest.raises(Conflict):
        await unpublish(lecture.number, version=9, reason="人名写错", by=BUREAU, now=clock.now())
    await unpublish(lecture.number, version=1, reason="人名写错", by=BUREAU, now=clock.now())
    row = await now_of(transcript)
    assert (row.state, row.published_version, row.draft_version) == (SubtitleState.REVIEW, 0, 1)
    assert await published_cues(lecture.id) == []
    assert "人名写错" in (await AuditEntry.get(action="subtitle.unpublished")).after


async def test_the_models_error_rate_is_of_all_characters_together_and_held_text_is_none_of_its_words(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    first = heard(*SAID)  # 7 + 8 + 8 + 7 letters
    first.append(replace(heard("字幕由志愿者提供", first=4)[0], held="静音处的文字", prob=None))
    lecture, transcript = await subtitled(clock, first)
    revision = (await now_of(transcript)).revision
    changes = Changes(cues=(CueChange("cue1", 2000, 4000, ("今天，讲行政复议法。",)),), removed=("cue4",))
    await save(lecture.number, changes, revision=revision, by=LIAISON, now=clock.now(), settings=SETTINGS)
    other, other_row = await subtitled(clock, heard("十个字都没有听错的话"), title="另一讲")
    for each, row in ((lecture, transcript), (other, other_row)):
        await hand_in(each, row, clock)
        await put_out(each, row, clock)
    measured = {each.broadcast.number: each for each in await lecture_measures()}
    assert (measured[lecture.number].recognised, measured[lecture.number].changed) == (30, 2)
    assert (measured[other.number].recognised, measured[other.number].changed) == (10, 0)
    (model,) = by_model(await lecture_measures())
    assert (model.engine, model.model, model.lectures, model.recognised, model.changed) == (
        "whisper",
        "small",
        2,
        40,
        2,
    )
    assert model.percent == 5.0
