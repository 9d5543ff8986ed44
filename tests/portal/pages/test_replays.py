from portal.pages import replays

from schedules.states import AirState
from tests.support.website import Website


async def test_everybody_may_see_the_replays(website: Website) -> None:
    for person in website.cast:
        assert (await website.page(person, "/replays")).status_code == 200, person.name


async def test_replays_come_page_by_page_the_latest_first(website: Website) -> None:
    for order in range(replays.PAGE_SIZE + 1):
        lecture = await website.lecture(f"第{order:02d}讲")
        await website.move(lecture, AirState.LIVE, AirState.ENDED)
        website.clock.advance(60)
    first = (await website.page(website.cast.anonymous, "/replays")).text
    second = (await website.page(website.cast.anonymous, "/replays?page=2")).text
    assert f"第{replays.PAGE_SIZE:02d}讲" in first
    assert "第00讲" not in first
    assert "第00讲" in second
    assert "第 2 页，共 2 页" in second


async def test_lectures_without_a_recording_are_left_out(website: Website) -> None:
    await website.move(await website.lecture("没有播出"), AirState.ENDED)
    assert "没有播出" not in (await website.page(website.cast.anonymous, "/replays")).text


async def test_pages_that_are_not_there_are_not_found(website: Website) -> None:
    for page in ("0", "2", "-1", "x", "９", "1" * 30):
        response = await website.page(website.cast.anonymous, f"/replays?page={page}")
        assert response.status_code == 404, page
