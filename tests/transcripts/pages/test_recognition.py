"""The bureau sees how far the subtitles of a lecture are, and may have it recognised once more."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.audit.models import AuditEntry
from schedules.models import Broadcast
from schedules.states import AirState, Language
from tests.support.website import Website
from transcripts.models import CueVersion, Piece, Recognition, SubtitleState, Transcript, VersionKind

BUREAU = ("administrator", "duty")


async def over(website: Website, **values: Any) -> tuple[Broadcast, Transcript]:
    """A lecture that has ended, with a transcript of these values."""
    lecture = await website.lecture()
    await website.move(lecture, AirState.LIVE)
    await website.move(lecture, AirState.ENDED)
    now = website.clock.now()
    return lecture, await Transcript.create(broadcast_id=lecture.id, created_at=now, changed_at=now, **values)


def base(lecture: Broadcast) -> str:
    return f"/desk/broadcasts/{lecture.number}/recognition"


async def test_only_the_bureau_sees_and_asks(website: Website) -> None:
    lecture, transcript = await over(website, recognition=Recognition.FAILED)
    for person in website.cast:
        expected = 303 if person.user is None else 200 if person.name in BUREAU else 403
        for path in (f"{base(lecture)}/panel", f"{base(lecture)}/again"):
            assert (await website.page(person, path)).status_code == expected, (path, person.name)
        if person.name not in BUREAU:
            asked = await website.submit(person, f"{base(lecture)}/again")
            assert asked.status_code == (303 if person.user is None else 403), person.name
    assert (await Transcript.get(id=transcript.id)).recognition is Recognition.FAILED


async def test_the_page_of_an_ended_lecture_shows_the_panel_and_asks_for_it_again(website: Website) -> None:
    lecture, _ = await over(website)
    page = (await website.page(website.cast.administrator, f"/desk/broadcasts/{lecture.number}")).text
    assert f'data-refresh="{base(lecture)}/panel"' in page
    assert "等待识别" in page
    assert "马上自动开始" in page


WAITING = {"state": SubtitleState.WAITING}
REVIEW = {"state": SubtitleState.REVIEW, "draft_version": 2}
PUBLISHED = {"state": SubtitleState.PUBLISHED, "draft_version": 2, "published_version": 2}
NOT_YET = "发布前观众看不到"


@pytest.mark.parametrize("recognition", [Recognition.DONE, Recognition.RUNNING, Recognition.BY_PEOPLE])
@pytest.mark.parametrize(
    ("values", "said"),
    [
        pytest.param(WAITING, "校对发布后观众才能看到字幕。", id="待识别"),
        pytest.param(REVIEW, f"草稿等人校对，{NOT_YET}。", id="待校对"),
        pytest.param(
            REVIEW | {"handed_over_at": datetime(2026, 1, 1, tzinfo=UTC)},
            f"校对完成，等州局发布，{NOT_YET}。",
            id="校对完成",
        ),
        pytest.param(PUBLISHED, "字幕已发布（版本 2），公开的回看上看得到。", id="已发布"),
        pytest.param(
            PUBLISHED | {"draft_version": 5},
            f"公开的回看上是已发布的版本 2；之后改的（版本 5）{NOT_YET}。",
            id="已发布, and changed since",
        ),
    ],
)
async def test_what_viewers_have_is_said_as_it_is(
    website: Website, values: dict[str, Any], said: str, recognition: Recognition
) -> None:
    lecture, _ = await over(website, recognition=recognition, **values)
    panel = (await website.page(website.cast.duty, f"{base(lecture)}/panel")).text
    assert said in panel
    assert (NOT_YET in panel) == (NOT_YET in said)
    assert ("自动识别完成" in panel) == (recognition is Recognition.DONE)
    assert "自动生成" not in panel  # whatever was brought in or typed since was made by nobody's machine


async def test_before_the_end_there_is_no_panel(website: Website) -> None:
    lecture = await website.lecture()
    page = (await website.page(website.cast.administrator, f"/desk/broadcasts/{lecture.number}")).text
    assert "/recognition/panel" not in page


async def test_progress_and_the_time_that_is_left_are_shown(website: Website) -> None:
    lecture, transcript = await over(website, recognition=Recognition.RUNNING)
    for number, done in enumerate((True, False, False)):
        await Piece.create(
            transcript_id=transcript.id,
            ordinal=number,
            start_ms=number * 300_000,
            end_ms=(number + 1) * 300_000,
            speech_ms=200_000,
            seconds_spent=90 if done else 0,
            recognised_at=website.clock.now() if done else None,
            held=[{"start_ms": 0, "end_ms": 900, "text": "字幕由某社群提供", "reason": "静音"}]
            if done
            else [],
        )
    panel = (await website.page(website.cast.administrator, f"{base(lecture)}/panel")).text
    assert "正在识别" in panel
    assert "已识别 33%（1/3 段）" in panel
    assert "大约还要 3 分钟" in panel
    assert "有 1 处识别可疑" in panel
    assert "再识别一次" not in panel


async def test_without_a_model_the_command_is_shown(website: Website) -> None:
    lecture, _ = await over(
        website,
        recognition=Recognition.WAITING_FOR_MODEL,
        detail="还没有语音模型。请管理员运行 weiketang models install 装一个。",
    )
    panel = (await website.page(website.cast.administrator, f"{base(lecture)}/panel")).text
    assert "等待语音模型" in panel
    assert "weiketang models install" in panel
    assert "自动开始识别" in panel


async def test_what_waits_for_the_live_says_for_which(website: Website) -> None:
    lecture, _ = await over(website)
    live = await website.lecture("正在讲的课")
    await website.move(live, AirState.LIVE)
    panel = (await website.page(website.cast.administrator, f"{base(lecture)}/panel")).text
    assert "《正在讲的课》结束后自动开始识别" in panel


async def test_how_many_are_ahead_is_said(website: Website) -> None:
    await over(website)
    website.clock.advance(60)
    lecture, _ = await over(website)
    panel = (await website.page(website.cast.administrator, f"{base(lecture)}/panel")).text
    assert "前面还有 1 期" in panel


async def test_the_list_of_lectures_has_a_column_for_subtitles(website: Website) -> None:
    await over(website, state=SubtitleState.REVIEW)
    await website.lecture("以后的", starts_at=website.clock.now() + timedelta(days=1))
    page = (await website.page(website.cast.administrator, "/desk/broadcasts")).text
    assert '<th scope="col">字幕</th>' in page
    assert page.count('data-label="字幕"') == 2
    assert "待校对" in page


async def test_asking_again_says_what_stays_and_begins_anew(website: Website) -> None:
    lecture, transcript = await over(
        website,
        recognition=Recognition.DONE,
        draft_version=2,
        published_version=2,
        pieces_cut_at=website.clock.now(),
        editor_name="王联络员",
    )
    await CueVersion.create(
        transcript_id=transcript.id,
        number=2,
        kind=VersionKind.EDITED,
        made_at=website.clock.now(),
        changed_at=website.clock.now(),
    )
    await Piece.create(transcript_id=transcript.id, ordinal=0, start_ms=0, end_ms=1000)
    confirm = (await website.page(website.cast.duty, f"{base(lecture)}/again")).text
    for said in ("留在旧版本里", "观众看到的仍是已发布的字幕", "王联络员"):
        assert said in confirm
    answer = await website.submit(website.cast.duty, f"{base(lecture)}/again")
    assert answer.status_code == 303
    after = await Transcript.get(id=transcript.id)
    assert (after.recognition, after.pieces_cut_at, after.draft_version) == (Recognition.QUEUED, None, 2)
    assert after.again_by == website.cast.duty.user.display_name  # type: ignore[union-attr]
    assert await Piece.filter(transcript_id=transcript.id).count() == 0
    assert await CueVersion.filter(transcript_id=transcript.id).count() == 1
    entry = await AuditEntry.get(action="subtitle.recognised_again")
    assert entry.subject == f"subtitle:{lecture.number}"


async def test_what_is_being_recognised_cannot_be_begun_anew(website: Website) -> None:
    for state in (Recognition.RUNNING, Recognition.QUEUED, Recognition.PAUSED, Recognition.BY_PEOPLE):
        lecture, _ = await over(website, recognition=state)
        assert (await website.page(website.cast.duty, f"{base(lecture)}/again")).status_code == 409
        assert (await website.submit(website.cast.duty, f"{base(lecture)}/again")).status_code == 409
    assert await AuditEntry.filter(action="subtitle.recognised_again").count() == 0


async def test_another_language_is_by_people(website: Website) -> None:
    lecture, _ = await over(
        website, recognition=Recognition.BY_PEOPLE, detail="这一期用布依语讲，不自动识别。"
    )
    await Broadcast.filter(id=lecture.id).update(language=Language.BOUYEI)
    panel = (await website.page(website.cast.duty, f"{base(lecture)}/panel")).text
    assert "由人工制作字幕" in panel
    assert "再识别一次" not in panel


async def test_a_lecture_without_a_transcript_has_nothing_to_recognise_again(website: Website) -> None:
    lecture = await website.lecture()
    assert (await website.page(website.cast.duty, f"{base(lecture)}/again")).status_code == 404
    assert (await website.submit(website.cast.duty, f"{base(lecture)}/again")).status_code == 404
