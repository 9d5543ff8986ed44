import re
from datetime import date

import httpx2
import pytest

from schedules.models.calendar import CalendarDay
from schedules.workdays.calendars import ensure_years, load_calendar
from tests.support.cast import Person
from tests.support.website import Website

BASE = "/desk/calendar/2027"
READERS = {"administrator", "duty", "official", "auditor"}
OFF = (
    "2027-01-01 元旦",
    "2027-02-05 春节",
    "2027-02-06 春节",
    "2027-02-08 春节",
    "2027-02-09 春节",
    "2027-02-10 春节",
    "2027-04-05 清明节",
    "2027-05-01 劳动节",
    "2027-05-02 劳动节",
    "2027-06-09 端午节",
    "2027-09-15 中秋节",
    "2027-10-01 国庆节",
    "2027-10-02 国庆节",
    "2027-10-03 国庆节",
)
ANNOUNCED = "日期,类型,名称\n" + "".join(
    f"{day},放假,{name}\n" for day, name in (line.split() for line in OFF)
)
LOCAL = {"day": "2027-08-09", "kind": "off", "name": "州庆"}


@pytest.fixture(autouse=True)
async def _calendar(website: Website) -> None:
    await ensure_years((2026, 2027, 2028), now=website.clock.now())


async def send(website: Website, person: Person, text: str, name: str = "2027.csv") -> httpx2.Response:
    files = {"file": (name, text.encode(), "text/csv")}
    return await website.submit(
        person, f"{BASE}/announcement", {"source": "国办发明电〔2026〕12号"}, files=files
    )


async def test_readers_read_it_and_only_administrators_change_it(website: Website) -> None:
    for person in website.cast:
        for path in ("/desk/calendar", BASE):
            response = await website.page(person, path)
            if person.user is None:
                assert response.headers["location"].startswith("/login")
            else:
                assert (response.status_code < 400) is (person.name in READERS), (path, person.name)
        if person.name == "administrator":
            continue
        for act in ("announcement", "days", "days/2027-08-09/remove"):
            response = await website.submit(person, f"{BASE}/{act}", LOCAL)
            assert response.status_code == (303 if person.user is None else 403), (act, person.name)
    assert not await CalendarDay.filter(is_local=True).exists()


async def test_a_year_that_is_not_announced_says_that_it_is_expected(website: Website) -> None:
    text = (await website.page(website.cast.official, BASE)).text
    assert "放假安排还没有公布" in text
    assert "预计</span>" in text
    assert "导入放假安排" not in text
    official = (await website.page(website.cast.official, "/desk/calendar/2026")).text
    assert "已按公布的放假安排" in official
    assert "预计</span>" not in official


async def test_an_announcement_takes_the_place_of_what_was_expected(website: Website) -> None:
    response = await send(website, website.cast.administrator, ANNOUNCED)
    assert response.headers["location"] == BASE
    calendar = await load_calendar([2027])
    assert calendar.is_official(2027)
    assert not calendar.is_working(date(2027, 2, 10))
    text = (await website.page(website.cast.administrator, BASE)).text
    assert re.search(r"已导入 2027 年放假安排，有 \d+ 天与原来预计的不同", text)
    assert "国办发明电〔2026〕12号" in text


async def test_a_file_that_is_not_whole_is_not_taken_in_and_says_why(website: Website) -> None:
    cases = {
        "日期,类型,名称\n2027-01-01,放假,元旦\n": "还缺",
        "日期,类型,名称\n2027-01-41,放假,元旦\n": "第 2 行",
        "hello": "没有找到表头",
    }
    for text, why in cases.items():
        response = await send(website, website.cast.administrator, text)
        assert response.status_code == 422, text
        assert why in response.text, text
    response = await send(website, website.cast.administrator, ANNOUNCED, "2027.xls")
    assert "只能导入" in response.text
    nothing = await website.submit(website.cast.administrator, f"{BASE}/announcement")
    assert "请先选文件" in nothing.text
    assert not (await load_calendar([2027])).is_official(2027)


async def test_a_day_of_the_bureaus_own_holds_until_it_is_removed(website: Website) -> None:
    administrator, day = website.cast.administrator, date(2027, 8, 9)
    assert (await load_calendar([2027])).is_working(day)
    await website.submit(administrator, f"{BASE}/days", LOCAL)
    assert not (await load_calendar([2027])).is_working(day)
    text = (await website.page(administrator, BASE)).text
    assert "州庆" in text
    assert "本局设定" in text
    path = f"{BASE}/days/2027-08-09/remove"
    assert (await website.submit(administrator, path)).status_code == 303
    assert (await load_calendar([2027])).is_working(day)
    assert (await website.submit(administrator, path)).status_code == 404


async def test_faults_of_a_day_are_said_at_their_fields(website: Website) -> None:
    cases = [
        (LOCAL | {"day": "2028-08-09"}, "day"),
        (LOCAL | {"day": "x"}, "day"),
        (LOCAL | {"kind": "x"}, "kind"),
        (LOCAL | {"name": " "}, "name"),
    ]
    for fields, name in cases:
        response = await website.submit(website.cast.administrator, f"{BASE}/days", fields)
        assert response.status_code == 422, name
        assert re.findall(r'id="error-(\w+)"', response.text) == [name]


async def test_years_and_days_that_are_none_are_not_found(website: Website) -> None:
    administrator = website.cast.administrator
    for year in ("1999", "2099", "x"):
        assert (await website.page(administrator, f"/desk/calendar/{year}")).status_code == 404
    for day in ("x", "2027-02-30", "2027-08-10"):
        response = await website.submit(administrator, f"{BASE}/days/{day}/remove")
        assert response.status_code == 404, day
