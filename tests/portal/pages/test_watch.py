import json
import re
from datetime import timedelta
from html import unescape

import pytest
from portal.poster import Poster

from core.audit import SYSTEM
from schedules.models import Broadcast
from schedules.replays import set_replay
from schedules.states import AirState, PlanState, ReplayState
from schedules.turns.postponements import postpone
from schedules.turns.steps import cancel
from tests.support.website import Website


async def test_everybody_may_watch_without_logging_in(website: Website) -> None:
    lecture = await website.lecture()
    for person in website.cast:
        assert (await website.page(person, f"/l/{lecture.number}")).status_code == 200, person.name


async def test_an_unknown_number_is_not_found(website: Website) -> None:
    for path in ("/l/2026-11-9", "/l/nonsense", "/l/2026-11-9/poster.svg", "/l/2026-11-9/calendar.ics"):
        response = await website.page(website.cast.anonymous, path)
        assert response.status_code == 404
        assert "没有编号为" in response.text


async def test_the_stage_starts_from_the_status_as_the_interface_tells_it(website: Website) -> None:
    lecture = await website.lecture(starts_at=website.clock.now() + timedelta(hours=2))
    page = await website.page(website.cast.anonymous, f"/l/{lecture.number}")
    found = re.search(r'data-status="([^"]*)"', page.text)
    assert found is not None
    status = await website.page(website.cast.anonymous, f"/api/v1/broadcasts/{lecture.number}/status")
    assert json.loads(unescape(found[1])) == status.json()


async def test_it_shows_who_speaks_when_and_where_to_watch_on_a_phone(website: Website) -> None:
    lecture = await website.lecture(
        starts_at=website.clock.now() + timedelta(hours=2), lecturer_name="示例讲师A", lecturer_post="主任"
    )
    text = (await website.page(website.cast.anonymous, f"/l/{lecture.number}")).text
    assert "示例讲师A 主任" in text
    assert "2026年11月24日 17:00" in text
    assert f"手机收看二维码：{website.settings.public_url}/l/{lecture.number}" in text
    assert '<meta name="ArticleTitle" content="欠薪怎么办">' in text
    assert '<meta name="PubDate" content="2026-11-24 17:00">' in text


async def test_only_the_pill_of_the_present_state_is_shown(website: Website) -> None:
    lecture = await website.lecture()
    await website.move(lecture, AirState.LIVE, AirState.INTERRUPTED)
    text = (await website.page(website.cast.anonymous, f"/l/{lecture.number}")).text
    pills = re.findall(r'<span class="pill[^>]*data-when="([^"]+)"( hidden)?>', text)
    assert [states for states, hidden in pills if not hidden] == ["interrupted"]


async def test_the_poster_is_drawn_with_title_unit_and_date(website: Website) -> None:
    lecture = await website.lecture("民法典婚姻家庭", starts_at=website.clock.now() + timedelta(hours=2))
    response = await website.page(website.cast.anonymous, f"/l/{lecture.number}/poster.svg")
    assert response.headers["content-type"] == "image/svg+xml"
    for words in ("民法典婚姻家庭", "州司法局", "2026年11月24日 17:00"):
        assert words in response.text


@pytest.mark.parametrize(
    ("state", "words"),
    [(PlanState.POSTPONED, "延期举行，时间另定"), (PlanState.CANCELLED, "已取消")],
)
async def test_the_poster_of_a_lecture_that_is_called_off_says_so_within_the_minute(
    website: Website, state: PlanState, words: str
) -> None:
    lecture = await website.lecture(starts_at=website.clock.now() + timedelta(hours=2))
    await Broadcast.filter(id=lecture.id).update(plan_state=state, announced_at=website.clock.now())
    response = await website.page(website.cast.anonymous, f"/l/{lecture.number}/poster.svg")
    assert words in response.text
    assert "2026年11月24日" not in response.text
    assert response.headers["cache-control"] == "public, max-age=60"


async def test_every_picture_of_a_lecture_is_drawn_from_one_description(
    website: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    lecture = await website.lecture(starts_at=website.clock.now() + timedelta(hours=2))
    drawn: list[Poster] = []

    def keep(poster: Poster, picture: str | bytes) -> str | bytes:
        drawn.append(poster)
        return picture

    monkeypatch.setattr("portal.pages.watch.poster_svg", lambda poster: keep(poster, "<svg/>"))
    monkeypatch.setattr("portal.pages.pack.poster_png", lambda poster, *_: keep(poster, b"png"))
    for path in (f"/l/{lecture.number}/poster.svg", f"/desk/broadcasts/{lecture.number}/pack/poster.png"):
        assert (await website.page(website.cast.administrator, path)).status_code == 200
    assert len(drawn) == 2
    assert drawn[0] == drawn[1]


async def test_the_calendar_entry_has_start_end_and_address(website: Website) -> None:
    lecture = await website.lecture(starts_at=website.clock.now() + timedelta(hours=2))
    response = await website.page(website.cast.anonymous, f"/l/{lecture.number}/calendar.ics")
    assert response.headers["content-type"].startswith("text/calendar")
    assert "DTSTART:20261124T090000Z" in response.text
    assert "DTEND:20261124T091500Z" in response.text
    assert f"/l/{lecture.number}" in response.text


async def test_a_lecture_without_a_start_has_no_calendar_entry(website: Website) -> None:
    lecture = await website.lecture()
    response = await website.page(website.cast.anonymous, f"/l/{lecture.number}/calendar.ics")
    assert response.status_code == 404
    assert "还没有定下时间" in response.text


async def test_what_is_not_announced_is_not_found_by_anybody_here(website: Website) -> None:
    lecture = await website.lecture(starts_at=website.clock.now() + timedelta(days=9))
    hidden = [state for state in PlanState if state is not PlanState.SCHEDULED]
    for state in hidden:
        await Broadcast.filter(id=lecture.id).update(plan_state=state, announced_at=None)
        for person in website.cast:
            for path in (
                f"/l/{lecture.number}",
                f"/l/{lecture.number}/poster.svg",
                f"/l/{lecture.number}/calendar.ics",
                f"/api/v1/broadcasts/{lecture.number}/status",
            ):
                answer = await website.page(person, path)
                assert answer.status_code == 404, (state, person.name, path)
                assert lecture.title not in answer.text
        for path in ("/", "/replays"):
            assert lecture.title not in (await website.page(website.cast.anonymous, path)).text


async def test_a_moved_lecture_says_both_days_at_once(website: Website) -> None:
    lecture = await website.lecture(starts_at=website.clock.now() + timedelta(days=2))
    now, settings = website.clock.now(), website.settings
    later = now + timedelta(days=9)
    moved = await postpone(
        lecture.number, reason="会议", to=later, version=0, by=SYSTEM, now=now, settings=settings
    )
    text = (await website.page(website.cast.anonymous, f"/l/{lecture.number}")).text
    assert "原定2026年11月26日 15:00，现定2026年12月3日 15:00。" in text
    await postpone(
        lecture.number, reason="会议", to=None, version=moved.version, by=SYSTEM, now=now, settings=settings
    )
    text = (await website.page(website.cast.anonymous, f"/l/{lecture.number}")).text
    assert "原定2026年11月26日 15:00，现延期，时间另定。" in text
    assert "已延期" in text
    assert "<lecture-stage" not in text
    home = (await website.page(website.cast.anonymous, "/")).text
    assert "已延期" in home


async def test_a_cancelled_lecture_says_so_and_offers_no_stage(website: Website) -> None:
    lecture = await website.lecture(starts_at=website.clock.now() + timedelta(days=2))
    await cancel(lecture.number, version=0, by=SYSTEM, now=website.clock.now(), reason="机构改革")
    text = (await website.page(website.cast.anonymous, f"/l/{lecture.number}")).text
    assert "原定2026年11月26日 15:00，已取消。" in text
    assert "<lecture-stage" not in text
    assert "机构改革" not in text, "why is the bureau's own"
    assert "加入日历" not in text


async def test_a_withdrawn_replay_says_why_on_its_page_and_leaves_the_lists(website: Website) -> None:
    lecture = await website.lecture()
    await website.move(lecture, AirState.LIVE, AirState.ENDED)
    assert lecture.title in (await website.page(website.cast.anonymous, "/replays")).text
    await set_replay(
        lecture.number,
        ReplayState.WITHDRAWN,
        reason="主讲人撤回了公开的同意",
        version=0,
        by=SYSTEM,
        now=website.clock.now(),
    )
    page = await website.page(website.cast.anonymous, f"/l/{lecture.number}")
    assert "回看已下架：主讲人撤回了公开的同意。" in page.text
    assert "<lecture-stage" not in page.text
    status = await website.page(website.cast.anonymous, f"/api/v1/broadcasts/{lecture.number}/status")
    assert (status.json()["has_media"], status.json()["replay_url"]) == (False, None)
    assert lecture.title not in (await website.page(website.cast.anonymous, "/replays")).text


async def test_the_units_name_is_the_one_it_had_when_the_lecture_was_given(website: Website) -> None:
    lecture = await website.lecture()
    await website.move(lecture, AirState.LIVE, AirState.ENDED)
    await website.cast.unit_a.__class__.filter(code=website.cast.unit_a.code).update(name="州司法和普法局")
    later = await website.lecture("下一讲")
    given = (await website.page(website.cast.anonymous, f"/l/{lecture.number}")).text
    assert '<meta name="ContentSource" content="州司法局">' in given
    to_be_given = (await website.page(website.cast.anonymous, f"/l/{later.number}")).text
    assert '<meta name="ContentSource" content="州司法和普法局">' in to_be_given
