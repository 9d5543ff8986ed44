from core.web.headers import CONTENT_SECURITY_POLICY
from tests.support.website import Website

STATE_CHANGES = ("/login", "/logout", "/elder", "/desk/broadcasts", "/account/password")


async def test_every_answer_carries_the_policy_and_an_id(website: Website) -> None:
    for path in ("/", "/login", "/nowhere", "/healthz", "/api/v1/broadcasts", "/desk/broadcasts"):
        headers = (await website.page(website.cast.anonymous, path)).headers
        assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY, path
        assert headers["x-content-type-options"] == "nosniff"
        assert len(headers["x-request-id"]) >= 8


def test_the_policy_lets_scripts_come_from_our_own_files_only() -> None:
    directives = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["worker-src"] == "'self'"


async def test_pages_hold_no_inline_script_and_nothing_from_other_hosts(website: Website) -> None:
    lecture = await website.lecture(starts_at=None)
    number = lecture.number
    paths = ("/", f"/l/{number}", "/login", "/desk/broadcasts", f"/desk/broadcasts/{number}")
    for path in paths:
        text = (await website.page(website.cast.administrator, path)).text
        assert " onclick=" not in text
        for piece in text.split("<script")[1:]:
            assert ' src="/static/' in piece.split(">", 1)[0], path
        assert 'src="http' not in text
        assert "user-scalable" not in text


async def test_a_form_sent_by_another_site_changes_nothing(website: Website) -> None:
    for path in STATE_CHANGES:
        for headers in (
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        ):
            response = await website.submit(website.cast.administrator, path, {"on": "1"}, headers=headers)
            assert response.status_code == 403, (path, headers)
            assert "请求来自别的网站" in response.text
    # still logged in
    assert (await website.page(website.cast.administrator, "/desk/broadcasts")).status_code == 200


async def test_a_browser_without_fetch_metadata_is_judged_by_its_origin(website: Website) -> None:
    browser = await website.browser(website.cast.administrator)
    own = {"origin": website.settings.public_url}
    foreign = {"origin": "http://127.0.0.1:9999"}
    assert (await browser.post("/elder", data={"on": "1"}, headers=foreign)).status_code == 403
    assert (await browser.post("/elder", data={"on": "1"}, headers=own)).status_code == 303


async def test_a_request_id_from_the_proxy_is_kept_and_nonsense_is_not(website: Website) -> None:
    given = await website.page(website.cast.anonymous, "/", headers={"x-request-id": "abc-123-def"})
    assert given.headers["x-request-id"] == "abc-123-def"
    bad = await website.page(website.cast.anonymous, "/", headers={"x-request-id": "a b\tc<script>"})
    assert "script" not in bad.headers["x-request-id"]


async def test_pages_are_not_kept_by_caches(website: Website) -> None:
    response = await website.page(website.cast.administrator, "/desk/broadcasts")
    assert response.headers["cache-control"] == "no-store"
