import re

import pyotp

from accounts.models import RecoveryCode, Unit, User
from core.clock import ManualClock
from tests.support.cast import PASSWORD, Person
from tests.support.website import Website

PAGE = "/account/second-factor"


def code_of(secret: str, clock: ManualClock) -> str:
    return pyotp.TOTP(secret).at(int(clock.now().timestamp()))


async def switch_on(website: Website, person: Person) -> tuple[str, list[str]]:
    """The secret in the phone, and the recovery codes."""
    text = (await website.page(person, PAGE)).text
    shown = re.search(r'手动输入密钥”：<span class="code">([A-Z2-7 ]+)<', text)
    assert shown is not None
    secret = shown[1].replace(" ", "")
    response = await website.submit(person, PAGE, {"code": code_of(secret, website.clock)})
    assert response.status_code == 200
    website.clock.advance(30)
    return secret, re.findall(r'<li class="code">([\w-]+)</li>', response.text)


async def test_only_administrators_have_one(website: Website) -> None:
    for person in website.cast:
        expected = 303 if person.user is None else 200 if person.name == "administrator" else 403
        assert (await website.page(person, PAGE)).status_code == expected, person.name
        for act in ("", "/codes", "/off"):
            response = await website.submit(person, PAGE + act, {"code": "000000"})
            assert response.status_code == (422 if expected == 200 else expected), (act, person.name)


async def test_with_a_roster_of_its_own_an_administrator_can_do_nothing_before(website: Website) -> None:
    await Unit.filter(code="520001").update(is_sample=False)
    person = website.cast.administrator
    for path in ("/desk/broadcasts", "/desk/units", "/account/sessions"):
        response = await website.page(person, path)
        assert (response.status_code, response.headers.get("location")) == (303, PAGE), path
    response = await website.submit(person, "/desk/units/520009/rename", {"name": "x", "since": "2026-11-24"})
    assert response.headers["location"] == PAGE
    assert (await website.page(person, "/")).status_code == 200
    assert (await website.page(website.cast.duty, "/desk/broadcasts")).status_code == 200
    await switch_on(website, person)
    assert (await website.page(person, "/desk/broadcasts")).status_code == 200


async def test_ten_codes_are_shown_once_and_a_second_press_shows_none(website: Website) -> None:
    person = website.cast.administrator
    secret, codes = await switch_on(website, person)
    assert len(codes) == 10
    again = await website.submit(person, PAGE, {"code": code_of(secret, website.clock)})
    assert again.status_code == 303
    text = (await website.page(person, PAGE)).text
    assert "没用过的恢复码还有 10 个" in text
    assert not any(code in text for code in codes)
    assert secret not in text.replace(" ", "")


async def test_a_login_asks_for_the_code_and_then_leads_to_where_it_was_going(website: Website) -> None:
    secret, codes = await switch_on(website, website.cast.administrator)
    stranger, fields = website.cast.anonymous, {"username": "administrator", "password": PASSWORD}
    response = await website.submit(stranger, "/login?next=/desk/units", fields)
    assert response.headers["location"] == "/login/code?next=%2Fdesk%2Funits"
    assert (await website.page(stranger, "/desk/units")).headers["location"].startswith("/login?")
    wrong = await website.submit(stranger, "/login/code?next=/desk/units", {"code": "000000"})
    assert wrong.status_code == 403
    assert 'id="error-code"' in wrong.text
    assert (await website.submit(stranger, "/login/code", {})).status_code == 422
    code = {"code": code_of(secret, website.clock)}
    response = await website.submit(stranger, "/login/code?next=/desk/units", code)
    assert response.headers["location"] == "/desk/units"
    assert (await website.page(stranger, "/desk/units")).status_code == 200
    await website.submit(stranger, "/logout")
    await website.submit(stranger, "/login", fields)
    response = await website.submit(stranger, "/login/code?next=https://evil.example", {"code": codes[0]})
    assert response.headers["location"] == "/"


async def test_without_a_password_first_there_is_no_code_to_enter(website: Website) -> None:
    assert (await website.page(website.cast.anonymous, "/login/code")).headers["location"] == "/login"
    response = await website.submit(website.cast.anonymous, "/login/code", {"code": "123456"})
    assert response.headers["location"] == "/login"


async def test_new_codes_and_switching_off_ask_for_a_code(website: Website) -> None:
    person = website.cast.administrator
    secret, codes = await switch_on(website, person)
    for act in ("codes", "off"):
        response = await website.submit(person, f"{PAGE}/{act}", {"code": "000000"})
        assert response.status_code == 422
        assert 'id="error-code"' in response.text
    response = await website.submit(person, f"{PAGE}/codes", {"code": code_of(secret, website.clock)})
    new = re.findall(r'<li class="code">([\w-]+)</li>', response.text)
    assert len(new) == 10
    assert not set(new) & set(codes)
    response = await website.submit(person, f"{PAGE}/off", {"code": new[0]})
    assert response.status_code == 303
    assert (await User.get(username="administrator")).totp_secret == ""
    assert not await RecoveryCode.exists()
