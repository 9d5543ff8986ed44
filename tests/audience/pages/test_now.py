"""正在收看: the bureau sees totals, the public a small counter without small figures."""

from typing import Any

import pytest

from audience.models import DayViews
from audience.pages.now import counter
from audience.viewers_now import Watching
from schedules.models import Broadcast
from schedules.states import AirState
from tests.audience.intake.test_beacons import beacon, send
from tests.support.cast import UNIT_A
from tests.support.website import Website, website

__all__ = ["website"]


@pytest.fixture
async def live(website: Website) -> Broadcast:
    lecture = await website.lecture()
    await website.move(lecture, AirState.LIVE)
    return lecture


async def told(website: Website, lecture: Broadcast) -> dict[str, Any]:
    page = await website.page(website.cast.anonymous, f"/api/v1/broadcasts/{lecture.number}/viewers")
    assert page.status_code == 200
    return dict(page.json())


async def test_the_bureau_sees_the_total_on_the_lectures_page_and_no_unit(
    website: Website, live: Broadcast
) -> None:
    await send(website, [beacon(live, unit=UNIT_A), *(beacon(live) for _ in range(6))])
    path = f"/desk/broadcasts/{live.number}/viewers/panel"
    cast = website.cast
    for person in cast:
        allowed = person in (cast.administrator, cast.duty)
        answer = await website.page(person, path)
        assert answer.status_code == (200 if allowed else 303 if person is cast.anonymous else 403)
        if allowed:
            assert "<dd>7 <small>个浏览器" in answer.text
            assert "州司法局" not in answer.text
    assert "正在收看" in (await website.page(cast.administrator, f"/desk/broadcasts/{live.number}")).text


async def test_who_stopped_playing_is_not_watching_any_more(website: Website, live: Broadcast) -> None:
    await send(website, [beacon(live) for _ in range(7)])
    assert (await told(website, live))["now"] == "7"
    website.clock.advance(46)
    assert await told(website, live) == {"now": "<5", "live": "7", "replay": "<5"}


async def test_an_answer_serves_everybody_for_some_seconds(website: Website, live: Broadcast) -> None:
    await send(website, [beacon(live) for _ in range(7)])
    await told(website, live)
    await send(website, [beacon(live) for _ in range(7)])
    assert (await told(website, live))["now"] == "7"
    website.clock.advance(6)
    assert (await told(website, live))["now"] == "14"


async def test_before_a_lecture_there_is_no_figure(website: Website) -> None:
    lecture = await website.lecture()
    page = await website.page(website.cast.anonymous, f"/api/v1/broadcasts/{lecture.number}/viewers")
    assert page.status_code == 404


async def test_the_watch_page_says_what_was_watched(website: Website, live: Broadcast) -> None:
    await DayViews.create(
        day=website.clock.now().date(), broadcast_id=live.id, mode="live", unit_code="", views=1234
    )
    await website.move(live, AirState.ENDED)
    page = (await website.page(website.cast.anonymous, f"/l/{live.number}?u={UNIT_A}")).text
    assert 'data-count="live">1234<' in page
    assert 'data-count="replay">&lt;5<' in page
    assert f'data-address="http://127.0.0.1:8000/l/{live.number}"' in page


def test_small_figures_are_hidden() -> None:
    assert counter(Watching(4, 9, 5, 0), 5) == {"now": "<5", "live": "5", "replay": "<5"}
