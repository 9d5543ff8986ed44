import pytest

from core.web.sessions import COOKIE
from tests.support.cast import PASSWORD
from tests.support.website import Website


async def test_the_right_password_opens_a_session_in_a_safe_cookie(website: Website) -> None:
    fields = {"username": "Administrator", "password": PASSWORD}
    response = await website.submit(website.cast.anonymous, "/login", fields)
    assert response.status_code == 303
    assert response.headers["location"] == "/desk"
    cookie = response.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "示例管理员" in (await website.page(website.cast.anonymous, "/")).text


async def test_a_wrong_password_is_refused_without_saying_which_part_is_wrong(website: Website) -> None:
    texts = []
    for username in ("administrator", "nobody"):
        fields = {"username": username, "password": "wrong"}
        response = await website.submit(website.cast.anonymous, "/login", fields)
        assert response.status_code == 403
        assert "set-cookie" not in response.headers
        texts.append(response.text.replace(username, ""))
    assert "用户名或口令不对" in texts[0]
    assert texts[0].split("request")[0] == texts[1].split("request")[0]


async def test_too_many_wrong_passwords_lock_the_login(website: Website) -> None:
    fields = {"username": "administrator", "password": "wrong"}
    for _ in range(website.settings.login_failures):
        await website.submit(website.cast.anonymous, "/login", fields)
    fields["password"] = PASSWORD
    response = await website.submit(website.cast.anonymous, "/login", fields)
    assert response.status_code == 403
    assert "分钟后再试" in response.text


async def test_what_is_missing_is_said_at_its_field(website: Website) -> None:
    response = await website.submit(website.cast.anonymous, "/login", {"username": "administrator"})
    assert response.status_code == 422
    assert 'id="error-password"' in response.text
    assert "请填写口令" in response.text
    assert 'value="administrator"' in response.text


@pytest.mark.parametrize(
    ("target", "goes_to"),
    [
        ("/desk/broadcasts/new", "/desk/broadcasts/new"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
async def test_the_way_back_leads_to_our_own_pages_only(website: Website, target: str, goes_to: str) -> None:
    fields = {"username": "administrator", "password": PASSWORD}
    response = await website.submit(website.cast.anonymous, "/login", fields, params={"next": target})
    assert response.headers["location"] == goes_to


async def test_a_page_that_needs_a_login_sends_there_and_back(website: Website) -> None:
    response = await website.page(website.cast.anonymous, "/desk/broadcasts?state=over")
    assert response.status_code == 303
    assert response.headers["location"] == "/login?next=%2Fdesk%2Fbroadcasts%3Fstate%3Dover"


async def test_who_is_logged_in_is_not_asked_again(website: Website) -> None:
    response = await website.page(website.cast.administrator, "/login?next=/replays")
    assert response.headers["location"] == "/replays"


async def test_logging_out_revokes_the_session_itself(website: Website) -> None:
    person = website.cast.administrator
    response = await website.submit(person, "/logout")
    assert response.status_code == 303
    assert person.token is not None
    (await website.browser(person)).cookies.set(COOKIE, person.token)  # a copy of the old cookie
    assert (await website.page(person, "/desk/broadcasts")).status_code == 303


async def test_an_idle_session_is_over(website: Website) -> None:
    website.clock.advance(minutes=website.settings.session_idle_minutes + 1)
    assert (await website.page(website.cast.administrator, "/desk/broadcasts")).status_code == 303
