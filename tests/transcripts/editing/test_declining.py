"""A suggested chapter that nobody wants: declined in the draft, taken back, and for the public by publishing only."""

import json

import pytest
from tortoise.context import TortoiseContext

from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.database import transaction
from core.errors import Forbidden, NotFound
from core.settings import load_settings
from schedules.models import Broadcast
from tests.support.subtitles import BUREAU, COLLEAGUE, LIAISON, OTHERS, heard, now_of, subtitled
from transcripts.editing.changes import Changes, CueChange
from transcripts.editing.declining import decline, want_again
from transcripts.editing.finding import Stale
from transcripts.editing.history import compare, restore
from transcripts.editing.holding import Taken, take
from transcripts.editing.publishing import hand_over, publish
from transcripts.editing.saving import save
from transcripts.editing.versions import add_version, draft_of
from transcripts.laws.mentions import chapters_of
from transcripts.models import CueVersion, SearchDocument, StatuteMention, Transcript, VersionKind
from transcripts.published import published_version

SETTINGS = load_settings()
SAID = ("今天讲行政复议法第十一条", "大家记一下", "写在本子上", "不要忘了", "再看民法典第一千条", "谢谢大家")
FIRST, SECOND = "《行政复议法》第十一条", "《民法典》第一千条"
FIRST_KEY, SECOND_KEY = ("中华人民共和国行政复议法", "11"), ("中华人民共和国民法典", "1000")


async def spoken(clock: ManualClock) -> tuple[Broadcast, Transcript]:
    """Two chapters far enough apart, as the machine heard it."""
    return await subtitled(clock, heard(*SAID, length=6_000))


async def chapters(transcript: Transcript) -> list[str]:
    draft = await draft_of(await now_of(transcript))
    assert draft is not None
    return [each.title for each in chapters_of(draft)]


async def put_out(lecture: Broadcast, transcript: Transcript, clock: ManualClock) -> None:
    revision, now = (await now_of(transcript)).revision, clock.now()
    await hand_over(lecture.number, revision=revision, by=LIAISON, now=now, settings=SETTINGS)
    await publish(lecture.number, revision=revision, looked=True, by=BUREAU, now=now, settings=SETTINGS)


async def public_chapters(lecture: Broadcast) -> list[str]:
    version = await published_version(lecture.id)
    return [each.title for each in chapters_of(version)] if version else []


async def test_one_is_declined_and_taken_back_each_told_in_the_audit_log(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, transcript = await spoken(clock)
    assert await chapters(transcript) == [FIRST, SECOND]
    made = await decline(
        lecture.number, FIRST_KEY, revision=1, by=LIAISON, now=clock.now(), settings=SETTINGS
    )
    assert (made.revision, made.draft.number, made.draft.kind) == (2, 2, VersionKind.EDITED)
    assert await chapters(transcript) == [SECOND]
    again = await decline(
        lecture.number, FIRST_KEY, revision=2, by=LIAISON, now=clock.now(), settings=SETTINGS
    )
    assert again.revision == 2  # pressed twice
    await want_again(lecture.number, FIRST_KEY, revision=2, by=LIAISON, now=clock.now(), settings=SETTINGS)
    assert await chapters(transcript) == [FIRST, SECOND]
    entries = await AuditEntry.filter(subject=f"subtitle:{lecture.number}").order_by("number")
    told = [(each.action, each.actor_name, json.loads(each.after)) for each in entries]
    after = {"version": 2, "chapter": FIRST}
    assert told == [
        ("subtitle.chapter_declined", LIAISON.name, after),
        ("subtitle.chapter_wanted_again", LIAISON.name, after),
    ]


async def test_the_decision_stays_with_the_draft_whatever_is_typed_moved_or_heard_again(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, transcript = await spoken(clock)
    await decline(lecture.number, FIRST_KEY, revision=1, by=LIAISON, now=clock.now(), settings=SETTINGS)
    moved = Changes(cues=(CueChange("cue0", 500, 5_900, ("今天讲行政复议法第十一条",)),))
    clock.advance(3600)  # a version of its own
    await save(lecture.number, moved, revision=2, by=LIAISON, now=clock.now(), settings=SETTINGS)
    assert await chapters(transcript) == [SECOND]
    async with transaction():
        row = await Transcript.filter(id=transcript.id).select_for_update().get()
        await add_version(row, VersionKind.CORRECTED, heard(*SAID, length=6_000), by=BUREAU, now=clock.now())
    assert await chapters(transcript) == [SECOND]
    found = await compare(transcript, 1, 4)
    assert (found.passages, found.declined, found.wanted_again) == ([], [FIRST], [])
    assert (await compare(transcript, 4, 1)).wanted_again == [FIRST]
    revision = (await now_of(transcript)).revision
    await restore(lecture.number, 1, revision=revision, by=LIAISON, now=clock.now(), settings=SETTINGS)
    assert await chapters(transcript) == [FIRST, SECOND]  # as it was then


async def test_what_is_published_keeps_its_chapters_until_the_draft_is_published(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, transcript = await spoken(clock)
    await put_out(lecture, transcript, clock)
    revision = (await now_of(transcript)).revision
    await decline(
        lecture.number, FIRST_KEY, revision=revision, by=LIAISON, now=clock.now(), settings=SETTINGS
    )
    assert await public_chapters(lecture) == [FIRST, SECOND]
    await put_out(lecture, transcript, clock)
    assert await public_chapters(lecture) == [SECOND]
    headings = [text for _, text in (await SearchDocument.get(number=lecture.number)).headings]
    assert SECOND in headings
    assert FIRST not in headings
    # The law was spoken of all the same: the bureau's mark on it concerns this lecture.
    assert await StatuteMention.filter(transcript_id=transcript.id, law=FIRST_KEY[0]).exists()


async def test_only_who_corrects_now_decides_and_on_what_they_saw(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, transcript = await spoken(clock)
    refused = [
        (OTHERS, FIRST_KEY, 1, Forbidden),
        (LIAISON, FIRST_KEY, 0, Stale),
        (LIAISON, ("中华人民共和国刑法", "1"), 1, NotFound),
        (LIAISON, ("中华人民共和国行政复议法", ""), 1, NotFound),
    ]
    for by, key, revision, error in refused:
        for act in (decline, want_again):
            with pytest.raises(error):
                await act(lecture.number, key, revision=revision, by=by, now=clock.now(), settings=SETTINGS)
    await take(lecture.number, by=COLLEAGUE, now=clock.now(), settings=SETTINGS)
    with pytest.raises(Taken):
        await decline(lecture.number, FIRST_KEY, revision=1, by=LIAISON, now=clock.now(), settings=SETTINGS)
    assert await CueVersion.filter(transcript_id=transcript.id).count() == 1
    assert await AuditEntry.filter(subject=f"subtitle:{lecture.number}").count() == 0


async def test_it_is_not_declined_when_it_cannot_be_written_down(
    sqlite_db: TortoiseContext, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    lecture, transcript = await spoken(clock)

    async def full(*_args: object, **_values: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("transcripts.editing.declining.record", full)
    with pytest.raises(OSError, match="no space"):
        await decline(lecture.number, FIRST_KEY, revision=1, by=LIAISON, now=clock.now(), settings=SETTINGS)
    assert await chapters(transcript) == [FIRST, SECOND]
    assert (await now_of(transcript)).revision == 1
