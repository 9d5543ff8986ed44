import re

import pytest

from core.audit import SYSTEM
from schedules.models import Broadcast
from schedules.planning import generate, last_run
from schedules.planning.rules import add_pin
from schedules.rota.year import Rule
from schedules.states import PlanState
from schedules.workdays.calendars import ensure_years
from tests.support.cast import UNIT_B
from tests.support.website import Website
from tests.support.year_plans import told

BASE = "/desk/year/2027"


@pytest.fixture(autouse=True)
async def _calendar(website: Website) -> None:
    await ensure_years((2026, 2027, 2028), now=website.clock.now())


async def preview(website: Website, rule: str = "B") -> dict[str, str]:
    """What the preview's form would send."""
    page = await website.page(website.cast.administrator, f"{BASE}/generate?rule={rule}")
    assert page.status_code == 200
    found = re.search(r'name="seen" value="(\w+)"', page.text)
    assert found is not None
    return {"rule": rule, "seen": found[1]}


async def save(website: Website, rule: str = "B") -> None:
    response = await website.submit(
        website.cast.administrator, f"{BASE}/generate", await preview(website, rule)
    )
    assert response.headers["location"] == BASE


async def test_a_preview_shows_every_lecture_with_its_reason_and_saves_nothing(website: Website) -> None:
    text = (await website.page(website.cast.administrator, f"{BASE}/generate")).text
    assert text.count('data-label="为什么"') == 24
    assert "这是预览，保存以前什么都不会改动" in text
    for words in ("规则 B：每月一个州级单位、一个县（市）", "规则 A：所有单位排一条队", "放假安排未公布"):
        assert words in text
    assert await Broadcast.all().count() == 0


async def test_what_was_looked_at_is_what_is_saved(website: Website) -> None:
    page = await website.page(website.cast.administrator, f"{BASE}/generate")
    await save(website)
    shown = re.findall(r'data-label="期次" class="nowrap number">([\d-]+)<', page.text)
    assert len(shown) == 24
    rows = await Broadcast.all().order_by("starts_at")
    assert [row.number for row in rows] == shown
    assert {row.plan_state for row in rows} == {PlanState.DRAFT}
    assert "已保存 24 期草案" in (await website.page(website.cast.administrator, BASE)).text


async def test_the_rule_is_the_one_that_was_chosen(website: Website) -> None:
    await save(website, "A")
    run = await last_run()
    assert run is not None
    assert (run.rule, run.made_by) == (Rule.A, "示例管理员")


async def test_a_preview_that_has_grown_old_is_shown_anew_and_not_saved(website: Website) -> None:
    old = await preview(website)
    now, settings = website.clock.now(), website.settings
    await add_pin(UNIT_B, month=3, by=SYSTEM, now=now, settings=settings)
    response = await website.submit(website.cast.administrator, f"{BASE}/generate", old)
    assert response.status_code == 409
    assert "您看预览的时候，排期、单位或日历变了" in response.text
    assert await Broadcast.all().count() == 0
    fresh = re.search(r'name="seen" value="(\w+)"', response.text)
    assert fresh is not None
    assert fresh[1] != old["seen"]


async def test_what_was_issued_stays_and_is_marked_so(website: Website) -> None:
    await save(website)
    first = await Broadcast.all().order_by("starts_at").first()
    assert first is not None
    await Broadcast.filter(id=first.id).update(plan_state=PlanState.ISSUED, first_starts_at=first.starts_at)
    text = (await website.page(website.cast.administrator, f"{BASE}/generate")).text
    assert "新排 <b>23</b> 期，已下达或锁定的 1 期不变，原来的 23 期草案会被换掉" in text


async def test_saving_twice_does_not_double_the_year(website: Website) -> None:
    form = await preview(website)
    for _ in range(2):
        await website.submit(website.cast.administrator, f"{BASE}/generate", form)
    assert await Broadcast.all().count() == 24


async def test_nonsense_is_refused(website: Website) -> None:
    administrator = website.cast.administrator
    assert (await website.page(administrator, f"{BASE}/generate?rule=C")).status_code == 422
    for fields in ({}, {"rule": "C", "seen": "x"}, {"rule": "B", "seen": "y" * 65}):
        response = await website.submit(administrator, f"{BASE}/generate", fields)
        assert response.status_code == 422, fields
    assert await Broadcast.all().count() == 0


async def test_undoing_asks_first_and_names_what_it_takes_back(website: Website) -> None:
    await save(website)
    administrator = website.cast.administrator
    assert "撤销上次生成" in (await website.page(administrator, BASE)).text
    question = (await website.page(administrator, f"{BASE}/undo")).text
    assert "撤销 2027 年的上次生成？" in question
    assert "示例管理员于2026年11月24日 15:00按规则 B 生成，共 24 期" in question
    assert await Broadcast.all().count() == 24
    run = re.search(r'name="run" value="([\w-]+)"', question)
    assert run is not None
    response = await website.submit(administrator, f"{BASE}/undo", {"run": run[1]})
    assert response.headers["location"] == BASE
    assert await Broadcast.all().count() == 0
    assert "已撤销：拿掉 24 期草案" in (await website.page(administrator, BASE)).text


async def test_undoing_leaves_what_was_told_to_a_unit(website: Website) -> None:
    await save(website)
    first = await Broadcast.all().order_by("starts_at").first()
    run = await last_run()
    assert first is not None
    assert run is not None
    await Broadcast.filter(id=first.id).update(plan_state=PlanState.ISSUED, first_starts_at=first.starts_at)
    await website.submit(website.cast.administrator, f"{BASE}/undo", {"run": str(run.id)})
    assert [row.number for row in await Broadcast.all()] == [first.number]
    text = (await website.page(website.cast.administrator, BASE)).text
    assert f"{first.number} 已被改动、锁定或下达，保留不动" in text


async def test_a_generation_that_somebody_made_meanwhile_is_not_undone_unseen(website: Website) -> None:
    await save(website)
    old = await last_run()
    assert old is not None
    website.clock.advance(minutes=1)
    await generate(2027, Rule.A, save=True, by=SYSTEM, now=website.clock.now(), settings=website.settings)
    for run in (str(old.id), "", "x"):
        response = await website.submit(website.cast.administrator, f"{BASE}/undo", {"run": run})
        assert response.status_code == 409, run
    assert await Broadcast.all().count() == 24


async def test_with_nothing_to_undo_the_page_says_so(website: Website) -> None:
    await told(website, "2027-1-1")
    text = (await website.page(website.cast.administrator, f"{BASE}/undo")).text
    assert "没有可以撤销的生成" in text
