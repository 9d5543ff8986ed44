import re
from uuid import uuid4

from accounts.models import ApiToken
from tests.support.website import Website

FIELDS = {"name": "州政府网站同步", "owner": "administrator", "days": "90"}


async def test_only_the_administrator_handles_tokens(website: Website) -> None:
    for person in website.cast:
        answers = [
            await website.page(person, "/desk/tokens"),
            await website.submit(person, "/desk/tokens", FIELDS),
            await website.submit(person, f"/desk/tokens/{uuid4()}/revoke"),
        ]
        codes = [answer.status_code for answer in answers]
        if person.name == "administrator":
            assert codes == [200, 200, 404]
        else:
            assert codes == ([303] * 3 if person.user is None else [403] * 3), person.name
    assert await ApiToken.all().count() == 1


async def test_a_token_is_shown_once_works_and_is_revoked(website: Website) -> None:
    administrator = website.cast.administrator
    made = await website.submit(administrator, "/desk/tokens", FIELDS)
    assert made.headers["cache-control"] == "no-store"
    found = re.search(r'value="(wkt_[\w-]+)"', made.text)
    assert found is not None
    token = found[1]
    later = (await website.page(administrator, "/desk/tokens")).text
    assert token not in later
    assert "州政府网站同步" in later
    assert "还没有用过" in later
    headers = {"authorization": f"Bearer {token}"}
    assert (await website.page(website.cast.anonymous, "/api/v1/units", headers=headers)).status_code == 200
    assert "还没有用过" not in (await website.page(administrator, "/desk/tokens")).text
    row = await ApiToken.get()
    revoked = await website.submit(administrator, f"/desk/tokens/{row.id}/revoke")
    assert revoked.status_code == 303
    assert "已作废" in (await website.page(administrator, "/desk/tokens")).text
    assert (await website.page(website.cast.anonymous, "/api/v1/units", headers=headers)).status_code == 401
    assert (await website.submit(administrator, f"/desk/tokens/{row.id}/revoke")).status_code == 409


async def test_a_wrong_field_is_said_beside_it(website: Website) -> None:
    administrator = website.cast.administrator
    for fields, words in (
        ({**FIELDS, "days": "9999"}, "有效天数要在 1 到 365 之间"),
        ({**FIELDS, "owner": "liaison-a"}, "令牌只能归管理员"),
        ({**FIELDS, "name": ""}, "请填写用途"),
    ):
        answer = await website.submit(administrator, "/desk/tokens", fields)
        assert answer.status_code == 422
        assert words in answer.text
        assert "wkt_" not in answer.text
