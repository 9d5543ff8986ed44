import json
import re
from datetime import timedelta
from html import unescape

from schedules.states import AirState
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
