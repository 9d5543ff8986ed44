"""Two stories of the bureau from page to figure: a code scanned in a unit's group, the year on one page."""

import io
import re
from typing import Any
from uuid import uuid4

from openpyxl import load_workbook
from tortoise.context import get_current_context

from accounts.models import Unit
from audience.figures.periods import Period
from audience.figures.report import report_of
from audience.models import Beacon, DayViews
from schedules.models import Broadcast
from schedules.states import AirState
from tests.support.cast import UNIT_A, UNIT_B
from tests.support.website import Website, website

__all__ = ["website"]

WECHAT_ON_IOS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 MicroMessenger/8.0.49(0x1800312b) NetType/WIFI Language/zh_CN"
)
RELOADS = 10
MANY = 12


async def watch(website: Website, lecture: Broadcast, unit: str, visits: int = 1, **more: Any) -> None:
    """Thirty seconds of play of each visit, told in two beacons."""
    browser = await website.browser(website.cast.anonymous)
    website.clock.advance(30)
    sent = [
        {
            "visit": visit, "seq": seq, "broadcast": lecture.number, "mode": "live", "unit": unit,
            "ranges": [[15 * seq, 15 * seq + 15]], "visible": True, "sent_at": "2026-11-24T07:00:00Z",
        }
        for visit in (str(uuid4()) for _ in range(visits))
        for seq in range(2)
    ]  # fmt: skip
    assert (await browser.post("/api/v1/beacons", json=sent, **more)).status_code == 204


async def live_views(website: Website, unit: str) -> int:
    return sum(row.views for row in await DayViews.filter(unit_code=unit, mode="live"))


async def test_who_scans_a_units_code_is_one_view_of_that_unit_however_often_the_page_is_opened(
    website: Website,
) -> None:
    tax = await Unit.get(name="州税务局")
    lecture = await website.lecture()
    await website.move(lecture, AirState.LIVE)
    address, phone = f"/l/{lecture.number}?u={tax.code}", {"user-agent": WECHAT_ON_IOS}
    page = await website.page(website.cast.anonymous, address, headers=phone)
    assert page.status_code == 200
    assert "lecture-player" in page.text
    assert f"/live/{lecture.number}/index.m3u8" in page.text
    assert "请先登录" not in page.text
    await watch(website, lecture, tax.code, headers=phone)
    assert await live_views(website, tax.code) == 1
    for _ in range(RELOADS):
        assert (await website.page(website.cast.anonymous, address, headers=phone)).status_code == 200
        await watch(website, lecture, tax.code, headers=phone)
    assert await live_views(website, tax.code) == 1
    assert await Beacon.all().count() == 2 * (RELOADS + 1)
    await nobody_is_in_the_tables(website)


async def nobody_is_in_the_tables(website: Website) -> None:
    """No column for a name, phone, account or address, and nothing in any that is one: not the cookie either."""
    context = get_current_context()
    assert context is not None
    assert context.apps is not None
    cookie = (await website.browser(website.cast.anonymous)).cookies["wkt_viewer"]
    # What people enter themselves, under their own names: reports and decisions of offices, not viewers.
    of_offices = {"group_viewing", "definition_version", "earlier_year", "month_seal"}
    models = [model for model in context.apps["audience"].values() if model._meta.db_table not in of_offices]
    assert {"beacon", "beacon_visit", "visit", "day_views"} <= {model._meta.db_table for model in models}
    for model in models:
        columns = " ".join(model._meta.fields_db_projection.values())
        assert not re.search(r"name|phone|user|account|address|\bip\b|peer|agent", columns), columns
        for row in await model.all().values():
            told = " ".join(map(str, row.values()))
            assert cookie not in told
            assert "127.0.0.1" not in told
            assert not re.search(r"\b1[3-9]\d{9}\b", told)


async def test_officials_see_and_take_away_counts_apart_in_the_official_order_and_nobody_ranked(
    website: Website,
) -> None:
    cast = website.cast
    tax = await Unit.get(name="州税务局")
    lecture = await website.lecture()
    await website.move(lecture, AirState.LIVE)
    for unit, views in ((tax.code, MANY), (UNIT_B, 2), (UNIT_A, 6)):  # not in their order, nor by size
        await watch(website, lecture, unit, views)  # without a cookie each visit is somebody
    await website.move(lecture, AirState.ENDED)
    await website.submit(
        cast.liaison_b,
        f"/desk/group-viewing/{lecture.number}",
        {"sessions": "1", "people": "35", "watched_on": "2026-11-24", "seen": ""},
    )
    total = (await report_of(Period.of_year(2026))).total
    assert (total.live, total.replay, total.online) == (MANY + 8, 0, MANY + 8)
    assert (total.group_sessions, total.group_people) == (1, 35)

    page = await website.page(cast.official, "/desk/statistics/2026")
    assert page.status_code == 200
    for heading in ("直播", "回看", "集中收看", "线上收看合计"):
        assert heading in page.text
    places = [page.text.index(name) for name in ("州司法局", "州税务局", "都匀市")]
    assert places == sorted(places)
    for forbidden in ("排名", "名次", "收看时长", "未观看", "没有收看的单位"):
        assert forbidden not in page.text
    assert str(MANY + 8 + 35) not in page.text

    taken = await website.page(cast.official, "/desk/statistics/2026.xlsx")
    assert taken.status_code == 200
    book = load_workbook(io.BytesIO(taken.content))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert any("满 30 秒" in cell or "实际播放的不同内容满 30 秒" in cell for cell in cells)
    assert not any("排名" in cell or "时长" in cell for cell in cells if "播放时长" not in cell)

    public = (await website.page(cast.anonymous, f"/api/v1/broadcasts/{lecture.number}/viewers")).json()
    assert public == {"now": "<5", "live": str(MANY + 8), "replay": "<5"}
