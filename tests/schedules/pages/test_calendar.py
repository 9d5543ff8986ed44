from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from icalendar import Calendar

from schedules.models import Broadcast
from schedules.states import AirState, PlanState
from tests.support.website import Website

START = datetime(2026, 12, 24, 7, 0, tzinfo=UTC)
OTHERS = [state for state in PlanState if state is not PlanState.SCHEDULED]


async def lecture(website: Website, title: str, **changes: object) -> Broadcast:
    made = await website.lecture(title, starts_at=START)
    await Broadcast.filter(id=made.id).update(**{"first_starts_at": START, **changes})
    return await Broadcast.get(id=made.id)


async def entries(website: Website) -> Any:
    """The feed, as the icalendar package reads it: its values have no types that mypy could narrow."""
    response = await website.page(website.cast.anonymous, "/schedule.ics")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(response.content)
    assert isinstance(calendar, Calendar)
    return calendar


async def test_everybody_may_see_the_calendar_and_subscribe_to_it(website: Website) -> None:
    for person in website.cast:
        for path in ("/schedule", "/schedule.ics"):
            assert (await website.page(person, path)).status_code == 200, (path, person.name)


async def test_an_empty_year_says_what_will_be_here(website: Website) -> None:
    text = (await website.page(website.cast.anonymous, "/schedule")).text
    assert "2026年还没有排定的讲座" in text
    assert Calendar.from_ical((await website.page(website.cast.anonymous, "/schedule.ics")).content)


async def test_lectures_stand_by_month_with_time_unit_and_lecturer(website: Website) -> None:
    await website.lecture("欠薪怎么办", starts_at=START, lecturer_name="示例讲师A", lecturer_post="科长")
    text = (await website.page(website.cast.anonymous, "/schedule")).text
    section = text[text.index('id="month-12"') :]
    for words in ("欠薪怎么办", "15:00", "州司法局", "示例讲师A 科长", "第 2026-12-1 期", "预告"):
        assert words in section
    assert "已经排定 1 期" in text
    assert "下一讲" in text


async def test_what_is_not_told_yet_is_not_shown(website: Website) -> None:
    for place, state in enumerate(OTHERS):
        await lecture(website, f"没有公布的第{place}讲", plan_state=state, announced_at=None)
    for path in ("/schedule", "/schedule.ics"):
        assert "没有公布的" not in (await website.page(website.cast.anonymous, path)).text, path


async def test_only_what_the_public_may_know_is_in_the_page_and_in_the_feed(website: Website) -> None:
    await lecture(website, "公布了的", reason="按最久未轮值排到", audience="全州干部职工", laws=["民法典"])
    for path in ("/schedule", "/schedule.ics"):
        text = (await website.page(website.cast.anonymous, path)).text
        assert "公布了的" in text
        for word in ("按最久未轮值排到", "全州干部职工", "民法典"):
            assert word not in text, path


async def test_a_moved_lecture_says_when_it_was_and_when_it_is(website: Website) -> None:
    made = await lecture(website, "改了期的", starts_at=START + timedelta(days=7), version=1)
    text = (await website.page(website.cast.anonymous, "/schedule")).text
    assert "原定2026年12月24日 15:00，现定2026年12月31日 15:00。" in text
    (entry,) = (await entries(website)).walk("VEVENT")
    assert entry["UID"] == f"{made.id}@{urlsplit(website.settings.public_url).hostname}"
    assert entry["DTSTART"].dt == START + timedelta(days=7)
    assert entry["SEQUENCE"] == 1
    assert "原定2026年12月24日" in entry["DESCRIPTION"]


async def test_the_entry_of_a_single_lecture_is_the_one_in_the_feed(website: Website) -> None:
    made = await lecture(website, "一讲")
    path = f"/l/{made.number}/calendar.ics"
    alone = Calendar.from_ical((await website.page(website.cast.anonymous, path)).content)
    (one,), (other,) = alone.walk("VEVENT"), (await entries(website)).walk("VEVENT")
    for field in ("UID", "SEQUENCE", "SUMMARY", "LAST-MODIFIED"):
        assert str(one[field]) == str(other[field])


async def test_years_can_be_turned_to_and_others_are_not_found(website: Website) -> None:
    await website.lecture("明年的", starts_at=datetime(2027, 3, 11, 7, 0, tzinfo=UTC))
    anonymous = website.cast.anonymous
    assert "明年的" not in (await website.page(anonymous, "/schedule")).text
    page = await website.page(anonymous, "/schedule?year=2027")
    assert "明年的" in page.text
    for year in ("2030", "0", "-1", "x", "２０２７", "9" * 40, ""):
        assert (await website.page(anonymous, f"/schedule?year={year}")).status_code == 404, year


async def test_a_year_without_an_announcement_says_that_its_days_are_expected(website: Website) -> None:
    await website.lecture("明年的", starts_at=datetime(2027, 3, 11, 7, 0, tzinfo=UTC))
    page = await website.page(website.cast.anonymous, "/schedule?year=2027")
    assert "2027 年放假安排还没有公布" in page.text


async def test_a_feed_that_has_not_changed_is_not_sent_again(website: Website) -> None:
    made = await lecture(website, "一讲")
    anonymous = website.cast.anonymous
    first = await website.page(anonymous, "/schedule.ics")
    website.clock.advance(minutes=10)
    headers = {"if-none-match": first.headers["etag"]}
    again = await website.page(anonymous, "/schedule.ics", headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    await Broadcast.filter(id=made.id).update(title="换了题目", version=1)
    changed = await website.page(anonymous, "/schedule.ics", headers=headers)
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


async def test_the_feed_keeps_the_past_for_as_long_as_the_setting_says(website: Website) -> None:
    now = website.clock.now()
    for title, days in (("很久以前", 401), ("不久以前", 399)):
        await lecture(website, title, starts_at=now - timedelta(days=days))
    titles = [str(entry["SUMMARY"]) for entry in (await entries(website)).walk("VEVENT")]
    assert [title.endswith("不久以前") for title in titles] == [True]


async def test_a_lecture_that_ended_without_having_been_given_is_left_out(website: Website) -> None:
    await website.move(await website.lecture("没有播出", starts_at=START), AirState.ENDED)
    for path in ("/schedule", "/schedule.ics"):
        assert "没有播出" not in (await website.page(website.cast.anonymous, path)).text
