from tests.support.website import Website


async def test_elder_mode_is_remembered_and_leads_back_to_the_page(website: Website) -> None:
    person = website.cast.anonymous
    assert 'class="elder"' not in (await website.page(person, "/replays")).text
    response = await website.submit(person, "/elder", {"on": "1", "back": "/replays"})
    assert response.headers["location"] == "/replays"
    assert '<html lang="zh-CN" class="elder">' in (await website.page(person, "/")).text
    await website.submit(person, "/elder", {"on": "0", "back": "/"})
    assert 'class="elder"' not in (await website.page(person, "/")).text


async def test_it_never_leads_to_another_site(website: Website) -> None:
    response = await website.submit(
        website.cast.anonymous, "/elder", {"on": "1", "back": "https://evil.example"}
    )
    assert response.headers["location"] == "/"
