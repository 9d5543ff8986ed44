"""The same wrong wording in other lectures: found, ticked, put right in new drafts; nothing published changes."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tortoise.context import TortoiseContext

from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.errors import Forbidden, Invalid
from core.settings import load_settings
from tests.support.cast import UNIT_B
from tests.support.subtitles import BUREAU, COLLEAGUE, LIAISON, heard, now_of, subtitled
from transcripts.cues.cue import Cue
from transcripts.cues.draft import DraftCue
from transcripts.editing.elsewhere import (
    Correction,
    Ticked,
    correct_elsewhere,
    correction_of,
    find_elsewhere,
    replaced,
)
from transcripts.editing.holding import take
from transcripts.editing.publishing import hand_over, publish
from transcripts.editing.queries import Stage, stage_of
from transcripts.editing.versions import cues_of
from transcripts.models import CueVersion, Transcript, VersionKind
from transcripts.published import published_cues

SETTINGS = load_settings()
WRONG = Correction("行政负义", "行政复议")


async def texts(transcript: Transcript) -> list[str]:
    row = await now_of(transcript)
    return [each.cue.text for each in await cues_of(row, row.draft_version)]


async def test_the_bureau_finds_it_everywhere_a_unit_in_its_own_lectures_and_the_lecture_itself_is_left_out(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    here, _ = await subtitled(clock)
    own, _ = await subtitled(clock, heard("先讲行政负义", "再讲行政/负义"), title="自己的另一讲")
    others, _ = await subtitled(clock, heard("也讲行政负义"), unit=UNIT_B, title="别的单位的")
    await subtitled(clock, heard("没有这个词"), title="没有的")
    found = await find_elsewhere(WRONG, apart_from=here.number, by=BUREAU)
    assert {each.broadcast.number: [place.cue for place in each.places] for each in found} == {
        own.number: ["cue0", "cue1"],  # the second broken over two lines
        others.number: ["cue0"],
    }
    found = await find_elsewhere(WRONG, apart_from=here.number, by=LIAISON)
    assert [each.broadcast.number for each in found] == [own.number]


async def test_what_is_ticked_is_put_right_in_a_new_version_and_what_is_not_stays(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, transcript = await subtitled(clock, heard("先讲行政负义", "再讲行政负义"))
    ticked = [Ticked(lecture.number, 1, frozenset({"cue0"}))]
    outcome = await correct_elsewhere(WRONG, ticked, by=LIAISON, now=clock.now(), settings=SETTINGS)
    assert (outcome.done, outcome.left) == ((lecture.number,), {})
    assert await texts(transcript) == ["先讲行政复议", "再讲行政负义"]
    version = await CueVersion.get(transcript_id=transcript.id, number=2)
    assert (version.kind, version.note, version.person) == (
        VersionKind.CORRECTED,
        "行政负义 → 行政复议",
        "示例联络员甲",
    )
    assert stage_of(await now_of(transcript)) is Stage.REVIEW
    entry = await AuditEntry.get(action="subtitle.corrected")
    assert "行政负义" in entry.before
    assert "行政复议" in entry.after


async def test_what_is_published_stays_and_the_new_draft_waits_for_the_bureau(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, transcript = await subtitled(clock, heard("先讲行政负义"))
    await hand_over(lecture.number, revision=1, by=LIAISON, now=clock.now(), settings=SETTINGS)
    await publish(
        lecture.number,
        revision=1,
        looked=True,
        by=BUREAU,
        now=clock.now(),
        settings=SETTINGS,
    )
    ticked = [Ticked(lecture.number, 1, frozenset({"cue0"}))]
    await correct_elsewhere(WRONG, ticked, by=LIAISON, now=clock.now(), settings=SETTINGS)
    assert [each.cue.text for each in await published_cues(lecture.id)] == ["先讲行政负义"]
    row = await now_of(transcript)
    assert (row.published_version, row.draft_version, stage_of(row)) == (1, 2, Stage.HANDED_OVER)


async def test_one_that_cannot_be_changed_does_not_hold_up_another(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    held, _ = await subtitled(clock, heard("甲行政负义"), title="有人在改")
    stale, _ = await subtitled(clock, heard("乙行政负义"), title="刚改过")
    free, free_row = await subtitled(clock, heard("丙行政负义"), title="没人改")
    gone, _ = await subtitled(clock, heard("丁行政复议"), title="已经改好")
    await take(held.number, by=COLLEAGUE, now=clock.now(), settings=SETTINGS)
    one = frozenset({"cue0"})
    ticked = [
        Ticked(held.number, 1, one),
        Ticked(stale.number, 9, one),
        Ticked(free.number, 1, one),
        Ticked(gone.number, 1, one),
    ]
    outcome = await correct_elsewhere(WRONG, ticked, by=LIAISON, now=clock.now(), settings=SETTINGS)
    assert outcome.done == (free.number,)
    assert "示例联络员丙正在校对" in outcome.left[held.number]
    assert "看过最新的再改" in outcome.left[stale.number]
    assert "已经没有原来的写法" in outcome.left[gone.number]
    assert await texts(free_row) == ["丙行政复议"]


async def test_another_units_lecture_is_refused(sqlite_db: TortoiseContext, clock: ManualClock) -> None:
    lecture, transcript = await subtitled(clock, heard("行政负义"), unit=UNIT_B)
    ticked = [Ticked(lecture.number, 1, frozenset({"cue0"}))]
    with pytest.raises(Forbidden):
        await correct_elsewhere(WRONG, ticked, by=LIAISON, now=clock.now(), settings=SETTINGS)
    assert await texts(transcript) == ["行政负义"]


async def test_a_hold_that_has_run_out_keeps_nobody_out(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    lecture, _ = await subtitled(clock, heard("行政负义"))
    await take(lecture.number, by=COLLEAGUE, now=clock.now(), settings=SETTINGS)
    later = clock.now() + timedelta(seconds=SETTINGS.subtitle_hold_seconds)
    ticked = [Ticked(lecture.number, 1, frozenset({"cue0"}))]
    assert (await correct_elsewhere(WRONG, ticked, by=LIAISON, now=later, settings=SETTINGS)).done


@pytest.mark.parametrize(
    ("wrong", "right", "field"),
    [
        ("一", "二", "wrong"),
        ("", "二", "wrong"),
        ("行政负义", "", "right"),
        ("行政复议", "行政复议", "right"),
        ("a" * 61, "b", "wrong"),
        ("行政\n负义", "行政复议", "wrong"),
        ("行政负义", "行\x00政", "right"),
    ],
)
def test_wordings_that_make_no_sense_are_refused_at_their_field(wrong: str, right: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        correction_of(wrong, right)
    assert field in refused.value.fields


@given(
    st.lists(st.text("行政负义复甲", min_size=1, max_size=10), min_size=1, max_size=3),
    st.sampled_from(
        [WRONG, Correction("负义", "复议"), Correction("行政", "行行政政"), Correction("甲甲", "甲")]
    ),
)
def test_all_of_it_is_put_right_wherever_lines_break_and_nothing_else_changes(
    lines: list[str], correction: Correction
) -> None:
    cue = DraftCue("a", Cue(0, 2000, tuple(lines)))
    after = replaced(cue, correction).cue
    if correction.wrong not in "".join(lines):
        assert after.lines == tuple(lines)
    before_rest = "".join(lines).replace(correction.wrong, "")
    if correction in (WRONG, Correction("负义", "复议")):
        assert correction.wrong not in "".join(after.lines)
        assert len("".join(after.lines)) == len("".join(lines))
        assert len(before_rest) <= len("".join(after.lines))
    assert (after.start_ms, after.end_ms) == (0, 2000)
