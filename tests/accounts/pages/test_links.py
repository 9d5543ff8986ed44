from accounts.links import issue_link
from accounts.models import OneTimeLink
from core.audit import SYSTEM
from core.grants import LinkPurpose
from core.web.grants import COOKIE as GRANT
from core.web.sessions import COOKIE as SESSION
from tests.support.cast import UNIT_A
from tests.support.website import Website


async def link(website: Website, purpose: LinkPurpose = LinkPurpose.LIAISON) -> str:
    token = await issue_link(
        purpose,
        unit_code=UNIT_A,
        subject="2026-11-2",
        holder="示例联络员甲",
        by=SYSTEM,
        now=website.clock.now(),
        settings=website.settings,
    )
    return f"/link/{token}"


async def test_everybody_may_look_and_looking_burns_nothing(website: Website) -> None:
    path = await link(website)
    for person in website.cast:
        response = await website.page(person, path)
        assert response.status_code == 200, person.name
        assert "州司法局" in response.text
        assert response.headers["cache-control"] == "no-store"
        assert "set-cookie" not in response.headers
    assert (await OneTimeLink.get()).opened_at is None


async def test_the_button_logs_the_liaison_in_and_leads_to_the_task(website: Website) -> None:
    path, person = await link(website), website.cast.anonymous
    response = await website.submit(person, path)
    assert response.status_code == 303
    assert response.headers["location"] == "/desk/unit/2026-11-2"
    assert response.headers["set-cookie"].startswith(f"{SESSION}=")
    assert "HttpOnly" in response.headers["set-cookie"]
    assert "示例联络员甲" in (await website.page(person, "/")).text


async def test_an_approver_gets_no_session_but_a_grant_and_a_second_press_leads_on(website: Website) -> None:
    path, person = await link(website, LinkPurpose.APPROVER), website.cast.anonymous
    response = await website.submit(person, path)
    assert response.headers["location"] == "/approve/2026-11-2"
    assert response.headers["set-cookie"].startswith(f"{GRANT}=")
    assert (await website.page(person, "/account/sessions")).status_code == 303
    again = await website.submit(person, path)
    assert again.status_code == 410
    assert 'href="/approve/2026-11-2"' in again.text


async def test_a_used_an_expired_and_a_forged_link_say_what_to_do(website: Website) -> None:
    used, late = await link(website), await link(website)
    await website.submit(website.cast.liaison_b, used)
    website.clock.advance(minutes=24 * 60)
    for path, status in ((used, 410), (late, 410), (used + "x", 404), ("/link/%00", 404)):
        for response in (
            await website.page(website.cast.anonymous, path),
            await website.submit(website.cast.anonymous, path),
        ):
            assert response.status_code == status, path
            assert "重新发一个链接" in response.text
            assert "set-cookie" not in response.headers


async def test_another_site_cannot_press_the_button(website: Website) -> None:
    path = await link(website)
    headers = {"sec-fetch-site": "cross-site"}
    response = await website.submit(website.cast.anonymous, path, headers=headers)
    assert response.status_code == 403
    assert (await OneTimeLink.get()).opened_at is None
