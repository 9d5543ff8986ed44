"""`/api/v1/statistics`: by token, in bounds, the same as the report."""

from datetime import date
from typing import Any

import pytest

from accounts.tokens import issue_token
from audience.models import DayViews
from core.audit import SYSTEM
from schedules.states import AirState
from tests.support.cast import UNIT_A
from tests.support.website import Website, website

__all__ = ["website"]

PATH = "/api/v1/statistics?from=2026-11-01&to=2026-11-30"


async def ask(website: Website, path: str = PATH, owner: str = "official") -> Any:
    _, token = await issue_token(
        "数据平台", owner, days=1, by=SYSTEM, now=website.clock.now(), settings=website.settings
    )
    browser = await website.browser(website.cast.anonymous)
    return await browser.get(path, headers={"authorization": f"Bearer {token}"})


async def test_the_figures_are_those_of_the_report(website: Website) -> None:
    lecture = await website.lecture()
    await website.move(lecture, AirState.LIVE)
    await DayViews.create(
        day=date(2026, 11, 24), broadcast_id=lecture.id, mode="live", unit_code=UNIT_A, views=12
    )
    answer = (await ask(website)).json()
    assert answer["totals"]["online"] == 12
    assert answer["lectures"][0]["units"] == [
        {"unit": UNIT_A, "live": 12, "replay": 0, "group_sessions": 0, "group_people": 0}
    ]


async def test_nobody_reads_them_without_a_token(website: Website) -> None:
    for person in website.cast:
        assert (await website.page(person, PATH)).status_code == 401


@pytest.mark.parametrize(
    "query",
    ["", "from=2026-11-01", "from=x&to=y", "from=2026-11-02&to=2026-11-01", "from=2020-01-01&to=2026-11-30"],
)
async def test_a_period_that_is_none_is_told_so(website: Website, query: str) -> None:
    assert (await ask(website, f"/api/v1/statistics?{query}")).status_code == 422


async def test_a_token_asks_so_often_a_minute(website: Website) -> None:
    now = website.clock.now()
    _, token = await issue_token(
        "数据平台", "official", days=1, by=SYSTEM, now=now, settings=website.settings
    )
    browser = await website.browser(website.cast.anonymous)
    headers = {"authorization": f"Bearer {token}"}
    for _ in range(website.settings.statistics_per_minute):
        assert (await browser.get(PATH, headers=headers)).status_code == 200
    assert (await browser.get(PATH, headers=headers)).status_code == 429
    website.clock.advance(60)
    assert (await browser.get(PATH, headers=headers)).status_code == 200
