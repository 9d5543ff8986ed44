import re

from tests.support.website import Website


def labels(text: str) -> list[str]:
    nav = text[text.index('aria-label="工作台"') : text.index('class="desk-main"')]
    return [re.sub(r"<[^>]+>", "", each).strip() for each in re.findall(r"<a [^>]*>(.*?)(?:<span|</a>)", nav)]


async def test_everybody_who_is_logged_in_is_led_to_a_page_that_is_theirs(website: Website) -> None:
    for person in website.cast:
        response = await website.page(person, "/desk")
        if person.user is None:
            assert response.headers["location"].startswith("/login?next=")
            continue
        while response.status_code == 303:
            response = await website.page(person, response.headers["location"])
        assert response.status_code == 200, person.name
        assert 'aria-current="page"' in response.text
        assert "更换口令" in labels(response.text)


async def test_only_the_bureau_is_shown_the_way_to_the_lectures(website: Website) -> None:
    for person in website.cast:
        if person.user is not None:
            shown = labels((await website.page(person, "/account/password")).text)
            assert ("新建讲座" in shown) == (person.name in ("administrator", "duty")), person.name
            assert "登录情况" in shown


async def test_how_many_lectures_are_unfinished_stands_beside_their_place(website: Website) -> None:
    await website.lecture()
    text = (await website.page(website.cast.administrator, "/account/sessions")).text
    assert '<span class="count">1<span class="visually-hidden"> 期未结束</span></span>' in text
