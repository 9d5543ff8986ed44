import re
from datetime import date

import pytest

from core.audit import SYSTEM, Actor, ActorKind
from schedules.models import Broadcast
from schedules.planning.moves import move
from schedules.planning.rules import add_absence, add_quiet_days
from schedules.states import PlanState
from schedules.workdays.calendars import ensure_years
from tests.support.cast import UNIT_A, UNIT_B
from tests.support.website import Website
from tests.support.year_plans import days_later, planned, told

OTHER = Actor(ActorKind.USER, "7", "另一位管理员")
UNIT_C = "520001"


@pytest.fixture(autouse=True)
async def _calendar(website: Website) -> None:
    await ensure_years((2026, 2027, 2028), now=website.clock.now())


def path(lecture: Broadcast) -> str:
    return f"/desk/year/2027/lectures/{lecture.number}"


def form(lecture: Broadcast, **changes: str) -> dict[str, str]:
    given = {"day": "2027-01-14", "time": "15:00", "unit": UNIT_A, "version": str(lecture.version)}
    return {**given, "lecture": str(lecture.id), **changes}


def day_cell(text: str, day: str) -> str:
    """The cell of a day in the picker."""
    start = text.index(f'name="day" value="{day}"')
    return text[start : text.index("</label>", start)]


def unit_row(text: str, code: str) -> str:
    start = text.index(f'name="unit" value="{code}"')
    return text[start : text.index("</label>", start)]


async def test_every_day_of_the_month_says_what_stands_against_it(website: Website) -> None:
    lecture = await planned(website, "2027-1-1")
    await told(website, "2027-1-2", unit_id=UNIT_B, starts_at=days_later(14))
    quiet = date(2027, 1, 20)
    await add_quiet_days(quiet, quiet, reason="全州大会", by=SYSTEM, now=website.clock.now())
    text = (await website.page(website.cast.administrator, path(lecture))).text
    assert text.count('name="day"') == 31
    assert "checked" in day_cell(text, "2027-01-14")
    assert "disabled" not in day_cell(text, "2027-01-13")
    for day, why in (
        ("2027-01-01", "元旦"),
        ("2027-01-16", "周六，不上班"),
        ("2027-01-20", "静默期内（全州大会）"),
        ("2027-01-28", "这一天已有 2027-1-2（都匀市）"),
    ):
        cell = day_cell(text, day)
        assert why in cell, day
        assert "disabled" in cell, day
        assert f'aria-describedby="day-{day}"' in cell, day


async def test_every_unit_says_what_stands_against_it_on_the_chosen_day(website: Website) -> None:
    lecture = await planned(website, "2027-1-1")
    await told(website, "2026-12-1", unit_id=UNIT_B, starts_at=days_later(-28))
    await add_absence(
        UNIT_C,
        date(2027, 1, 1),
        date(2027, 1, 31),
        reason="机构改革",
        by=SYSTEM,
        now=website.clock.now(),
    )
    text = (await website.page(website.cast.administrator, path(lecture))).text
    assert text.count('name="unit"') == 40
    assert "checked" in unit_row(text, UNIT_A)
    assert "还没有讲过" in unit_row(text, UNIT_A)
    near = unit_row(text, UNIT_B)
    assert "上次 2026年12月17日" in near
    assert "间隔太近" in near
    assert "disabled" not in near
    away = unit_row(text, UNIT_C)
    assert "机构改革" in away
    assert "disabled" in away


async def test_what_holds_for_every_day_is_said_once(website: Website) -> None:
    lecture = await planned(website, "2027-1-1")
    text = (await website.page(website.cast.administrator, path(lecture))).text
    days = text[text.index('id="days"') : text.index('id="units"')]
    assert days.count("放假安排还没有公布，这一天是否上班为预计") == 1


async def test_another_month_can_be_looked_at_without_losing_the_choice(website: Website) -> None:
    lecture = await planned(website, "2027-1-1")
    administrator = website.cast.administrator
    first = (await website.page(administrator, path(lecture))).text
    link = re.search(r'href="(/desk/year/2027/lectures/[^"]*month=2027-02)"', first)
    assert link is not None
    text = (await website.page(administrator, link[1].replace("&amp;", "&"))).text
    assert text.count('name="day" value="2027-02') == 28
    assert "checked" in day_cell(text, "2027-01-14")
    for month in ("2027-13", "x", "0000-01", "9999-12"):
        response = await website.page(administrator, f"{path(lecture)}?month={month}")
        assert response.status_code == 404, month


async def test_a_choice_in_the_address_that_makes_no_sense_is_ignored(website: Website) -> None:
    lecture = await planned(website, "2027-1-1")
    for query in ("day=x", "start=2027-99", "time=25:00", "day=0001-01-01", "unit=999999"):
        page = await website.page(website.cast.administrator, f"{path(lecture)}?{query}")
        assert page.status_code == 200, query
        assert "checked" in day_cell(page.text, "2027-01-14"), query


async def test_a_moved_draft_gets_its_day_its_unit_and_the_number_of_its_month(website: Website) -> None:
    lecture = await planned(website, "2027-1-1")
    fields = form(lecture, day="2027-03-11", time="10:30", unit=UNIT_B)
    response = await website.submit(website.cast.administrator, path(lecture), fields)
    assert response.headers["location"] == "/desk/year/2027"
    after = await Broadcast.get(id=lecture.id)
    assert after.starts_at is not None
    assert after.starts_at.isoformat() == "2027-03-11T02:30:00+00:00"
    assert (after.unit_id, after.number) == (UNIT_B, "2027-3-1")
    text = (await website.page(website.cast.administrator, "/desk/year/2027")).text
    assert "2027-3-1 已定为2027年3月11日 10:30，都匀市。" in text


async def test_a_day_that_cannot_be_is_refused_with_its_reason_and_the_choice_stays(
    website: Website,
) -> None:
    lecture = await planned(website, "2027-1-1")
    for day, why in (("2027-01-16", "不上班"), ("2026-11-19", "已经过去")):
        fields = form(lecture, day=day)
        response = await website.submit(website.cast.administrator, path(lecture), fields)
        assert response.status_code == 422, day
        assert why in response.text, day
        assert "checked" in day_cell(response.text, day)
    assert (await Broadcast.get(id=lecture.id)).version == 0


async def test_a_form_that_is_no_form_is_refused(website: Website) -> None:
    lecture = await planned(website, "2027-1-1")
    for changes in ({"day": "x"}, {"time": ""}, {"unit": ""}, {"unit": "9" * 17}, {"version": "-1"}):
        fields = form(lecture, **changes)
        response = await website.submit(website.cast.administrator, path(lecture), fields)
        assert response.status_code == 422, changes
    unknown = form(lecture, unit="999999")
    response = await website.submit(website.cast.administrator, path(lecture), unknown)
    assert response.status_code == 422
    assert (await Broadcast.get(id=lecture.id)).version == 0


async def test_the_second_of_two_administrators_sees_what_the_first_did_and_nothing_is_lost(
    website: Website,
) -> None:
    lecture = await planned(website, "2027-1-1")
    administrator, now = website.cast.administrator, website.clock.now()
    await move(
        lecture.number,
        start=days_later(7),
        version=0,
        by=OTHER,
        now=now,
        settings=website.settings,
    )
    mine = form(lecture, day="2027-01-13", unit=UNIT_B)
    response = await website.submit(administrator, path(lecture), mine)
    assert response.status_code == 409
    assert "2027-1-1 刚刚被另一位管理员改过（时间 2027年1月21日 15:00" in response.text
    assert "您的改动还没有保存" in response.text
    assert "现在：<time" in response.text
    assert "2027年1月21日 15:00" in response.text
    assert "checked" in day_cell(response.text, "2027-01-13")
    assert "checked" in unit_row(response.text, UNIT_B)
    after = await Broadcast.get(id=lecture.id)
    assert after.starts_at == days_later(7)
    # Having seen it, they may still do as they meant to.
    version = re.search(r'name="version" value="(\d+)"', response.text)
    assert version is not None
    again = await website.submit(administrator, path(lecture), {**mine, "version": version[1]})
    assert again.status_code == 303
    assert (await Broadcast.get(id=lecture.id)).unit_id == UNIT_B


async def test_a_draft_that_went_to_another_month_meanwhile_is_followed(website: Website) -> None:
    lecture = await planned(website, "2027-1-1")
    now, settings = website.clock.now(), website.settings
    await move("2027-1-1", start=days_later(56), version=0, by=OTHER, now=now, settings=settings)
    response = await website.submit(website.cast.administrator, path(lecture), form(lecture))
    assert response.status_code == 409
    assert "编号现在是 2027-3-1" in response.text
    assert 'action="/desk/year/2027/lectures/2027-3-1"' in response.text


async def test_a_draft_that_is_gone_is_said_to_be_gone(website: Website) -> None:
    lecture = await planned(website, "2027-1-1")
    await Broadcast.filter(id=lecture.id).delete()
    response = await website.submit(website.cast.administrator, path(lecture), form(lecture))
    assert response.status_code == 409
    assert "这一期已经不在了" in response.text


async def test_what_was_told_to_a_unit_is_not_moved_here(website: Website) -> None:
    lecture = await told(website, "2027-1-1")
    administrator = website.cast.administrator
    for response in (
        await website.page(administrator, path(lecture)),
        await website.submit(administrator, path(lecture), form(lecture, day="2027-01-13")),
    ):
        assert response.status_code == 409
        assert "请用“延期”改时间，用“调换”换单位" in response.text
    assert 'href="/desk/review/2027-1-1"' in (await website.page(administrator, path(lecture))).text
    after = await Broadcast.get(id=lecture.id)
    assert (after.plan_state, after.version) == (PlanState.ISSUED, 1)


async def test_numbers_that_are_none_are_not_found(website: Website) -> None:
    for number in ("2027-1-9", "nonsense", "~0123"):
        response = await website.page(website.cast.administrator, f"/desk/year/2027/lectures/{number}")
        assert response.status_code == 404, number
