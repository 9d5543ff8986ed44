import re
from uuid import UUID, uuid4

import pytest

from accounts.models import Session, User
from tests.accounts.pages.test_units import status_for
from tests.support.cast import UNIT_A, Person
from tests.support.website import Website

PAGE = "/desk/people"
NEW = {"username": "wangwu", "display_name": "王五", "role": "liaison", "unit": UNIT_A}


def path_of(person: Person) -> str:
    assert person.user is not None
    return f"{PAGE}/{person.user.id}"


def password_in(text: str) -> str:
    found = re.search(r'<dt>首次口令</dt><dd class="code">([\w-]+)</dd>', text)
    assert found is not None
    return found[1]


async def log_in(website: Website, username: str, password: str) -> str:
    fields = {"username": username, "password": password}
    response = await website.submit(website.cast.anonymous, "/login", fields)
    return str(response.headers["location"])


async def test_only_administrators_look_after_people(website: Website) -> None:
    one = path_of(website.cast.liaison_a)
    acts = ("lock", "unlock", "password", "second-factor", "replace", "link")
    for person in website.cast:
        for path in (PAGE, f"{PAGE}/new", one):
            response = await website.page(person, path)
            assert response.status_code == status_for(person, {"administrator"}), (path, person.name)
        if person.name == "administrator":
            continue
        for path in (PAGE, *(f"{one}/{act}" for act in acts)):
            response = await website.submit(person, path, NEW)
            assert response.status_code == status_for(person, set()), (path, person.name)
    assert await User.filter(active=True).count() == 6


async def test_a_new_person_gets_a_password_for_once_and_must_change_it(website: Website) -> None:
    boss, stranger = website.cast.administrator, website.cast.anonymous
    response = await website.submit(boss, PAGE, NEW)
    first = password_in(response.text)
    twice = await website.submit(boss, PAGE, NEW)
    assert twice.status_code == 422
    assert "已经有人用了" in twice.text
    assert first not in (await website.page(boss, PAGE)).text
    await log_in(website, "wangwu", first)
    for path in ("/desk", "/account/sessions"):
        response = await website.page(stranger, path)
        assert response.headers["location"] == "/account/password", path
    assert "先换成自己的口令" in (await website.page(stranger, "/account/password")).text
    same = {"current": first, "new": first, "again": first}
    response = await website.submit(stranger, "/account/password", same)
    assert re.findall(r'id="error-(\w+)"', response.text) == ["new"]
    own = {"current": first, "new": "kf8-rWqzmTyu", "again": "kf8-rWqzmTyu"}
    response = await website.submit(stranger, "/account/password", own)
    assert response.headers["location"] == "/desk"
    assert (await website.page(stranger, "/account/sessions")).status_code == 200


async def test_a_password_of_90_days_must_be_changed(website: Website) -> None:
    website.clock.advance(minutes=90 * 24 * 60)
    await log_in(website, "official", "correct-horse-battery-7")
    response = await website.page(website.cast.anonymous, "/account/sessions")
    assert response.headers["location"] == "/account/password"


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"username": "王五"}, "username"),
        ({"username": "official"}, "username"),
        ({"display_name": "  "}, "display_name"),
        ({"role": "emperor"}, "role"),
        ({"unit": ""}, "unit"),
        ({"unit": "999"}, "unit"),
        ({"role": "official"}, "unit"),
    ],
)
async def test_what_is_wrong_with_a_new_person_is_said_at_its_field(
    website: Website, changes: dict[str, str], wrong: str
) -> None:
    response = await website.submit(website.cast.administrator, PAGE, NEW | changes)
    assert response.status_code == 422
    assert re.findall(r'id="error-(\w+)"', response.text) == [wrong]


async def test_a_liaison_is_replaced_in_one_step_and_a_second_press_says_so(website: Website) -> None:
    boss, old = website.cast.administrator, website.cast.liaison_a
    fields = {"username": "wangwu", "display_name": "王五"}
    response = await website.submit(boss, f"{path_of(old)}/replace", fields)
    assert "示例联络员甲的账号已停用" in response.text
    assert password_in(response.text)
    assert (await website.page(old, "/account/sessions")).status_code == 303
    again = await website.submit(boss, f"{path_of(old)}/replace", fields | {"username": "zhaoliu"})
    assert again.headers["location"] == path_of(old)
    assert "已经停用" in (await website.page(boss, path_of(old))).text
    assert await User.filter(unit_id=UNIT_A, active=True).count() == 1


async def test_one_press_makes_a_link_that_lets_the_liaison_in_once(website: Website) -> None:
    boss, liaison = website.cast.administrator, website.cast.liaison_a
    response = await website.submit(boss, f"{path_of(liaison)}/link", {"subject": "2026-11-2"})
    found = re.search(r"/link/[\w-]+", response.text)
    assert found is not None
    response = await website.submit(website.cast.anonymous, found[0])
    assert response.headers["location"] == "/desk/unit/2026-11-2"
    assert (await website.page(website.cast.anonymous, "/account/sessions")).status_code == 200
    response = await website.submit(boss, f"{path_of(website.cast.official)}/link")
    assert response.status_code == 303


async def test_who_comes_by_a_link_need_not_change_an_old_password(website: Website) -> None:
    await User.filter(username="liaison-a").update(must_change_password=True)
    response = await website.submit(website.cast.administrator, f"{path_of(website.cast.liaison_a)}/link")
    found = re.search(r"/link/[\w-]+", response.text)
    assert found is not None
    await website.submit(website.cast.anonymous, found[0])
    assert (await website.page(website.cast.anonymous, "/account/sessions")).status_code == 200
    assert await Session.filter(link_id__isnull=False).count() == 1


async def test_locking_unlocking_and_a_new_password(website: Website) -> None:
    boss, other = website.cast.administrator, website.cast.official
    await website.submit(boss, f"{path_of(other)}/lock")
    assert (await website.page(other, "/account/sessions")).status_code == 303
    assert "已停用" in (await website.page(boss, path_of(other))).text
    response = await website.submit(boss, f"{path_of(other)}/password")
    assert response.status_code == 303
    await website.submit(boss, f"{path_of(other)}/unlock")
    response = await website.submit(boss, f"{path_of(other)}/password")
    assert await log_in(website, "official", password_in(response.text)) == "/desk"
    await website.submit(boss, f"{path_of(boss)}/lock")
    assert "不能停用自己的账号" in (await website.page(boss, path_of(boss))).text
    await website.submit(boss, f"{path_of(boss)}/second-factor")
    assert "要输入现在的验证码" in (await website.page(boss, path_of(boss))).text


async def test_nobody_is_found_by_a_made_up_id(website: Website) -> None:
    missing: UUID = uuid4()
    for act in ("", "/lock", "/unlock", "/password", "/second-factor", "/replace", "/link"):
        path = f"{PAGE}/{missing}{act}"
        response = (
            await website.submit(website.cast.administrator, path, NEW)
            if act
            else await website.page(website.cast.administrator, path)
        )
        assert response.status_code == 404, act


async def test_the_list_is_filtered_by_role_in_the_address(website: Website) -> None:
    text = (await website.page(website.cast.administrator, f"{PAGE}?role=liaison")).text
    assert "示例联络员乙" in text
    assert "示例审计员" not in text
    assert (await website.page(website.cast.administrator, f"{PAGE}?role=x")).status_code == 200
