from datetime import timedelta

from schedules.states import AirState
from tests.support.website import Website


async def test_everybody_may_see_the_home_page(website: Website) -> None:
    for person in website.cast:
        response = await website.page(person, "/")
        assert response.status_code == 200, person.name
        assert "法治微课堂" in response.text


async def test_without_lectures_it_says_what_will_be_here(website: Website) -> None:
    text = (await website.page(website.cast.anonymous, "/")).text
    for sentence in ("现在没有直播", "还没有回看", "本月还没有排定的讲座"):
        assert sentence in text
    assert "lecture-stage" not in text


async def test_the_next_lecture_is_on_the_stage_with_its_calendar_entry(website: Website) -> None:
    now = website.clock.now()
    await website.lecture("后一讲", starts_at=now + timedelta(days=3))
    first = await website.lecture("先一讲", starts_at=now + timedelta(days=1))
    text = (await website.page(website.cast.anonymous, "/")).text
    assert f'data-number="{first.number}"' in text
    assert f"/l/{first.number}/calendar.ics" in text
    assert text.index("先一讲") < text.index("后一讲")  # the stage, then the month's plan


async def test_a_live_lecture_takes_the_stage_before_the_next_one(website: Website) -> None:
    await website.lecture("下一讲", starts_at=website.clock.now() + timedelta(hours=1))
    live = await website.lecture("正在讲")
    await website.move(live, AirState.LIVE)
    text = (await website.page(website.cast.anonymous, "/")).text
    assert f'data-number="{live.number}"' in text
    assert "手机收看二维码" in text


async def test_a_second_live_lecture_is_listed_as_well(website: Website) -> None:
    for title in ("第一场", "第二场"):
        await website.move(await website.lecture(title), AirState.LIVE)
        website.clock.advance(60)
    text = (await website.page(website.cast.anonymous, "/")).text
    assert "也在直播" in text
    assert "第二场" in text


async def test_finished_lectures_are_offered_as_replays(website: Website) -> None:
    over = await website.lecture("讲完了")
    await website.move(over, AirState.LIVE, AirState.ENDED)
    text = (await website.page(website.cast.anonymous, "/")).text
    assert f"/l/{over.number}/poster.svg" in text
    assert "全部回看" in text


async def test_a_lecture_that_came_to_nothing_is_not_in_the_months_plan(website: Website) -> None:
    given_up = await website.lecture("取消的讲座", starts_at=website.clock.now() + timedelta(hours=1))
    await website.move(given_up, AirState.ENDED)
    assert "取消的讲座" not in (await website.page(website.cast.anonymous, "/")).text


async def test_sample_lectures_are_marked(website: Website) -> None:
    await website.lecture("样板", starts_at=website.clock.now() + timedelta(hours=1), is_sample=True)
    assert "示例" in (await website.page(website.cast.anonymous, "/")).text


async def test_titles_cannot_carry_markup(website: Website) -> None:
    title = "<script>alert(1)</script>"
    await website.lecture(title, starts_at=website.clock.now() + timedelta(hours=1))
    text = (await website.page(website.cast.anonymous, "/")).text
    assert title not in text
    assert "&lt;script&gt;" in text


async def test_the_login_is_named_in_the_header(website: Website) -> None:
    text = (await website.page(website.cast.administrator, "/")).text
    assert "示例管理员" in text
    assert "工作台" in text
    assert "工作台" not in (await website.page(website.cast.anonymous, "/")).text
