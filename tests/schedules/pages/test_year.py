import re
from datetime import date

import pytest

from core.audit import SYSTEM
from schedules.models import Broadcast
from schedules.planning import generate
from schedules.planning.rules import add_quiet_days
from schedules.rota.year import Rule
from schedules.states import PlanState
from schedules.workdays.calendars import ensure_years
from tests.support.cast import UNIT_B
from tests.support.website import Website
from tests.support.year_plans import days_later, planned, told

READERS = {"administrator", "duty", "official", "auditor"}


@pytest.fixture(autouse=True)
async def _calendar(website: Website) -> None:
    await ensure_years((2026, 2027, 2028), now=website.clock.now())


def token(lecture: Broadcast) -> str:
    return f"{lecture.number}:{lecture.version}"


async def test_the_bureau_and_those_who_watch_over_it_read_the_year_and_nobody_else(website: Website) -> None:
    await planned(website, "2027-1-1")
    for path in ("/desk/year", "/desk/year/2027", "/desk/year/2027?view=list", "/desk/rota"):
        for person in website.cast:
            response = await website.page(person, path)
            if person.user is None:
                assert response.headers["location"].startswith("/login"), path
            elif person.name in READERS:
                assert response.status_code in (200, 303), (path, person.name)
                assert "/login" not in response.headers.get("location", "")
            else:
                assert response.status_code == 403, (path, person.name)


async def test_only_administrators_change_the_year(website: Website) -> None:
    lecture = await planned(website, "2027-1-1")
    fields = {"lecture": token(lecture), "rule": "B", "seen": "x"}
    for act in ("issue", "lock", "unlock", "generate", "undo", f"lectures/{lecture.number}"):
        for person in website.cast:
            if person.name == "administrator":
                continue
            response = await website.submit(person, f"/desk/year/2027/{act}", fields)
            assert response.status_code == (303 if person.user is None else 403), (act, person.name)
    for act in ("issue?lecture=2027-1-1:0", "generate", "undo", f"lectures/{lecture.number}"):
        for person in website.cast:
            if person.user is not None and person.name != "administrator":
                response = await website.page(person, f"/desk/year/2027/{act}")
                assert response.status_code == 403, (act, person.name)
    after = await Broadcast.get(id=lecture.id)
    assert (after.plan_state, after.version, after.locked) == (PlanState.DRAFT, 0, False)


async def test_from_november_on_the_next_year_is_the_one_to_plan(website: Website) -> None:
    response = await website.page(website.cast.administrator, "/desk/year")
    assert response.headers["location"] == "/desk/year/2027"


async def test_readers_see_no_button_that_is_not_theirs(website: Website) -> None:
    await planned(website, "2027-1-1")
    for view in ("", "?view=list"):
        text = (await website.page(website.cast.official, f"/desk/year/2027{view}")).text
        assert "州司法局" in text
        for word in ("生成排期", "重新生成", "下达选中", "撤销上次", 'name="lecture"', "/lectures/"):
            assert word not in text, (view, word)


async def test_the_list_shows_unit_day_state_and_reason_of_every_lecture(website: Website) -> None:
    await planned(website, "2027-1-1", reason="按最久未轮值排到州司法局。", locked=True)
    await told(website, "2027-1-2", unit_id=UNIT_B, starts_at=days_later(14), title="欠薪怎么办")
    text = (await website.page(website.cast.auditor, "/desk/year/2027?view=list")).text
    for words in ("2027年1月14日 15:00", "草案", "已锁定", "按最久未轮值排到州司法局。", "都匀市", "已下达"):
        assert words in text
    assert "共 2 期：州级单位 1 期，县（市）1 期；其中草案 1 期（锁定 1 期）" in text


async def test_a_lecture_that_left_its_month_stands_where_it_is_and_says_where_it_was(
    website: Website,
) -> None:
    await told(website, "2027-1-1", starts_at=days_later(56), first_starts_at=days_later(0))
    text = (await website.page(website.cast.administrator, "/desk/year/2027")).text
    march = text[text.index("<h2>3月</h2>") : text.index("<h2>4月</h2>")]
    assert "2027-1-1" in march
    assert "原定2027年1月14日 15:00" in march


async def test_a_year_that_is_not_announced_says_expected(website: Website) -> None:
    administrator = website.cast.administrator
    assert "预计：2027 年放假安排还没有公布" in (await website.page(administrator, "/desk/year/2027")).text
    assert "预计：" not in (await website.page(administrator, "/desk/year/2026")).text


async def test_an_empty_year_says_what_to_do(website: Website) -> None:
    text = (await website.page(website.cast.administrator, "/desk/year/2027")).text
    assert "2027年还没有排期" in text
    assert "全年可以排 24 期" in text
    assert 'href="/desk/year/2027/generate"' in text


async def test_years_out_of_reach_are_not_found(website: Website) -> None:
    for year in ("1999", "2099", "0", "x", "99999999999999999999"):
        response = await website.page(website.cast.administrator, f"/desk/year/{year}")
        assert response.status_code == 404, year


async def test_issuing_asks_first_and_then_tells_the_chosen_drafts_only(website: Website) -> None:
    chosen = await planned(website, "2027-1-1")
    left = await planned(website, "2027-1-2", unit_id=UNIT_B, starts_at=days_later(14))
    administrator = website.cast.administrator
    question = await website.page(administrator, f"/desk/year/2027/issue?lecture={token(chosen)}")
    assert "把这 1 期下达给单位？" in question.text
    assert "编号从现在起固定" in question.text
    assert (await Broadcast.get(id=chosen.id)).plan_state is PlanState.DRAFT
    response = await website.submit(administrator, "/desk/year/2027/issue", {"lecture": token(chosen)})
    assert response.headers["location"] == "/desk/year/2027?view=list"
    after = await Broadcast.get(id=chosen.id)
    assert (after.plan_state, after.first_starts_at) == (PlanState.ISSUED, chosen.starts_at)
    assert (await Broadcast.get(id=left.id)).plan_state is PlanState.DRAFT
    text = (await website.page(administrator, "/desk/year/2027?view=list")).text
    assert "已下达 1 期：2027-1-1" in text


async def test_what_somebody_changed_meanwhile_is_not_issued(website: Website) -> None:
    lecture = await planned(website, "2027-1-1")
    seen = token(lecture)
    await Broadcast.filter(id=lecture.id).update(version=1, starts_at=days_later(7))
    for act in ("issue", "lock"):
        response = await website.submit(
            website.cast.administrator, f"/desk/year/2027/{act}", {"lecture": seen}
        )
        assert response.status_code == 409, act
        assert "2027-1-1 刚刚被别人改过" in response.text
    assert (await Broadcast.get(id=lecture.id)).plan_state is PlanState.DRAFT


async def test_what_cannot_be_issued_is_said_before_the_button(website: Website) -> None:
    past = await planned(website, "2026-11-1", starts_at=website.clock.now().replace(day=12))
    page = await website.page(website.cast.administrator, f"/desk/year/2026/issue?lecture={token(past)}")
    assert "2026-11-1 的时间已经过去" in page.text
    assert "下达这 1 期" not in page.text


async def test_nothing_chosen_and_nonsense_are_refused_with_what_to_do(website: Website) -> None:
    await planned(website, "2027-1-1")
    administrator = website.cast.administrator
    expected = {"": 422, "?lecture=x": 400, "?lecture=2027-1-1:-1": 400, "?lecture=2027-9-9:0": 404}
    for query, status in expected.items():
        response = await website.page(administrator, f"/desk/year/2027/issue{query}")
        assert response.status_code == status, query
    assert (await website.submit(administrator, "/desk/year/2027/lock")).status_code == 422


async def test_a_locked_draft_can_be_unlocked_again(website: Website) -> None:
    lecture = await planned(website, "2027-1-1")
    administrator = website.cast.administrator
    await website.submit(administrator, "/desk/year/2027/lock", {"lecture": token(lecture)})
    locked = await Broadcast.get(id=lecture.id)
    assert (locked.locked, locked.version) == (True, 1)
    await website.submit(administrator, "/desk/year/2027/unlock", {"lecture": token(locked)})
    assert not (await Broadcast.get(id=lecture.id)).locked


async def test_lectures_whose_day_no_longer_fits_are_pointed_out(website: Website) -> None:
    settings, now = website.settings, website.clock.now()
    await generate(2027, Rule.B, save=True, by=SYSTEM, now=now, settings=settings)
    first = await Broadcast.filter(number__startswith="2027-6-").order_by("starts_at").first()
    assert first is not None
    assert first.starts_at is not None
    day = first.starts_at.date()
    await add_quiet_days(day, day, reason="全州大会", by=SYSTEM, now=now)
    text = (await website.page(website.cast.administrator, "/desk/year/2027")).text
    assert "有 1 期的日子要看一看" in text
    assert "全州大会" in text
    link = re.search(rf'href="(/desk/year/2027/lectures/{first.number}\?start=[^"]+)"', text)
    assert link is not None
    page = await website.page(website.cast.administrator, link[1])
    assert page.status_code == 200
    found = re.search(r'name="day" value="(2027-06-\d\d)" checked', page.text)
    assert found is not None
    assert date.fromisoformat(found[1]) != day


async def test_a_generated_year_stands_whole_in_its_list(website: Website) -> None:
    settings, now = website.settings, website.clock.now()
    await generate(2027, Rule.B, save=True, by=SYSTEM, now=now, settings=settings)
    text = (await website.page(website.cast.administrator, "/desk/year/2027?view=list")).text
    assert text.count('name="lecture"') == 24
    assert "共 24 期：州级单位 12 期，县（市）12 期" in text
