import pytest
from portal import identity, lectures

from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from core.web.errors import status_of
from tests.support.website import Website


class Odd(Conflict):
    """奇怪。"""


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFound(), 404),
        (Forbidden(), 403),
        (Conflict(), 409),
        (Odd(), 409),
        (Invalid({}), 422),
        (DomainError(), 400),
    ],
)
def test_an_error_has_the_status_of_its_nearest_ancestor(error: DomainError, status: int) -> None:
    assert status_of(error) == status


async def test_a_page_that_is_not_there_says_so_in_chinese_and_shows_the_way(website: Website) -> None:
    response = await website.page(website.cast.anonymous, "/no-such-page")
    assert response.status_code == 404
    assert "没有找到这个页面" in response.text
    assert "回到首页" in response.text
    assert "Not Found" not in response.text


async def test_the_wrong_method_is_explained(website: Website) -> None:
    response = await website.page(website.cast.anonymous, "/logout")
    assert response.status_code == 405
    assert "请从页面上的按钮或链接进入" in response.text


async def test_a_form_that_is_none_is_a_bad_request(website: Website) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    browser = await website.browser(website.cast.anonymous)
    response = await browser.post("/login", content=b"garbage", headers=headers)
    assert response.status_code == 400
    assert "请求有误" in response.text


async def test_a_failure_shows_a_number_to_quote_and_no_trace(
    website: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(page: int, size: int) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(lectures, "replays", fail)
    response = await website.page(website.cast.anonymous, "/replays")
    assert response.status_code == 500
    assert response.headers["x-request-id"] in response.text
    assert "secret detail" not in response.text
    assert "content-security-policy" in response.headers


async def test_without_a_database_somebody_who_is_logged_in_gets_the_page_that_says_so(
    website: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*args: object, **kwargs: object) -> None:
        raise ConnectionRefusedError("the database is away")

    monkeypatch.setattr(identity, "session_user", lost)
    response = await website.page(website.cast.administrator, "/desk/broadcasts")
    assert response.status_code == 500
    assert "系统出了问题" in response.text


async def test_the_json_interface_answers_with_problem_details(website: Website) -> None:
    for path, status in (("/api/v1/broadcasts/2026-1-1", 404), ("/api/v1/nothing", 404)):
        response = await website.page(website.cast.anonymous, path)
        assert response.status_code == status
        assert response.headers["content-type"] == "application/problem+json"
        body = response.json()
        assert body["status"] == status
        assert body["title"] == "Not Found"
        assert body["detail"]
