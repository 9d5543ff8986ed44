import re

from accounts.login import log_in
from accounts.models import Session
from tests.support.cast import PASSWORD
from tests.support.website import Website

NEW = "another-horse-battery-7"


async def test_only_who_is_logged_in_sees_an_account(website: Website) -> None:
    for path in ("/account/sessions", "/account/password"):
        for person in website.cast:
            response = await website.page(person, path)
            assert response.status_code == (200 if person.user else 303), (path, person.name)


async def test_the_list_names_browser_and_address_and_marks_this_session(website: Website) -> None:
    await log_in(
        "auditor",
        PASSWORD,
        now=website.clock.now(),
        client="10.0.0.9 Mozilla/5.0 (Windows NT 10.0) Chrome/150.0 Safari/537.36 Edg/150.0",
        settings=website.settings,
    )
    text = (await website.page(website.cast.auditor, "/account/sessions")).text
    assert "Edge，Windows" in text
    assert "10.0.0.9" in text
    assert text.count("就是这里") == 1
    assert text.count(">让它退出<") == 1


async def test_another_session_of_mine_can_be_ended(website: Website) -> None:
    session, _ = await log_in(
        "auditor", PASSWORD, now=website.clock.now(), client="elsewhere", settings=website.settings
    )
    response = await website.submit(website.cast.auditor, f"/account/sessions/{session.id}/end")
    assert response.status_code == 303
    assert (await Session.get(id=session.id)).ended_at is not None
    assert "已让那一处退出登录" in (await website.page(website.cast.auditor, "/account/sessions")).text


async def test_nobody_ends_the_session_of_somebody_else(website: Website) -> None:
    user = website.cast.auditor.user
    assert user is not None
    theirs = await Session.get(user_id=user.id)
    response = await website.submit(website.cast.liaison_a, f"/account/sessions/{theirs.id}/end")
    assert response.status_code == 404
    assert (await Session.get(id=theirs.id)).ended_at is None


async def test_a_new_password_ends_all_other_sessions_and_keeps_this_one(website: Website) -> None:
    person = website.cast.auditor
    other, _ = await log_in(
        "auditor", PASSWORD, now=website.clock.now(), client="elsewhere", settings=website.settings
    )
    fields = {"current": PASSWORD, "new": NEW, "again": NEW}
    response = await website.submit(person, "/account/password", fields)
    assert response.status_code == 303
    assert (await Session.get(id=other.id)).ended_at is not None
    assert "口令已经更换" in (await website.page(person, "/account/password")).text
    await log_in("auditor", NEW, now=website.clock.now(), client="", settings=website.settings)


async def test_what_is_wrong_with_a_new_password_is_said_at_its_field(website: Website) -> None:
    cases = {
        "current": {"current": "wrong", "new": NEW, "again": NEW},
        "again": {"current": PASSWORD, "new": NEW, "again": NEW + "x"},
        "new": {"current": PASSWORD, "new": "short", "again": "short"},
    }
    for name, fields in cases.items():
        response = await website.submit(website.cast.auditor, "/account/password", fields)
        assert response.status_code == 422
        assert re.findall(r'id="error-(\w+)"', response.text) == [name]
        assert PASSWORD not in response.text
        assert NEW not in response.text
