import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from accounts.models import Unit, User
from accounts.tokens import issue_token
from core.audit import SYSTEM
from core.audit.models import AuditEntry
from schedules.models import Broadcast
from schedules.queries import timeline
from schedules.states import AirState, PlanState
from tests.support.cast import UNIT_B
from tests.support.website import Website, website

__all__ = ["website"]

PATH = "/api/v1/broadcasts"
FIELDS = {
    "number",
    "title",
    "unit",
    "unit_code",
    "lecturer_name",
    "lecturer_post",
    "state",
    "starts_at",
    "first_starts_at",
    "began_at",
    "planned_minutes",
    "is_sample",
    "watch_url",
}


async def read(website: Website, path: str) -> Any:
    response = await website.page(website.cast.anonymous, path)
    assert response.status_code == 200, response.text
    assert response.headers["cache-control"] == "no-store"
    return response.json()


async def numbers(website: Website, query: str = "") -> list[str]:
    return [each["number"] for each in (await read(website, f"{PATH}?{query}"))["items"]]


async def bearer(website: Website, owner: str = "administrator") -> dict[str, str]:
    now = website.clock.now()
    _, token = await issue_token("程序", owner, days=1, by=SYSTEM, now=now, settings=website.settings)
    return {"authorization": f"Bearer {token}"}


async def send(
    website: Website, method: str, path: str, body: object, headers: Mapping[str, str] | Mapping[bytes, bytes]
) -> httpx2.Response:
    browser = await website.browser(website.cast.anonymous)
    return await browser.request(method, path, json=body, headers=headers)


async def test_a_lecture_is_told_with_these_fields_and_no_other(website: Website) -> None:
    starts_at = website.clock.now() + timedelta(days=1)
    lecture = await website.lecture(
        "欠薪怎么办", starts_at=starts_at, lecturer_name="示例讲师A", lecturer_post="示例职务"
    )
    one = await read(website, f"{PATH}/{lecture.number}")
    assert set(one) == FIELDS
    assert one["number"] == lecture.number
    assert (one["unit"], one["unit_code"]) == ("州司法局", "520013")
    assert (one["lecturer_name"], one["lecturer_post"]) == ("示例讲师A", "示例职务")
    assert (one["state"], one["starts_at"]) == ("scheduled", "2026-11-25T07:00:00+00:00")
    assert one["watch_url"].endswith(f"/l/{lecture.number}")
    listed = await read(website, PATH)
    assert listed == {"items": [one], "total": 1, "page": 1, "size": 50}


async def test_the_list_is_paged_the_latest_first(website: Website) -> None:
    made = [
        await website.lecture(f"第{day}讲", starts_at=website.clock.now() + timedelta(days=day))
        for day in range(1, 6)
    ]
    latest_first = [each.number for each in reversed(made)]
    assert await numbers(website) == latest_first
    assert await numbers(website, "page=1&size=2") == latest_first[:2]
    assert await numbers(website, "page=3&size=2") == latest_first[4:]
    beyond = await read(website, f"{PATH}?page=4&size=2")
    assert (beyond["items"], beyond["total"]) == ([], 5)


async def test_the_list_is_filtered_by_unit_state_and_days(website: Website) -> None:
    now = website.clock.now()
    live = await website.lecture("正在讲")
    await website.move(live, AirState.LIVE)
    over = await website.lecture("讲完了", unit_code=UNIT_B)
    await website.move(over, AirState.LIVE, AirState.ENDED)
    coming = await website.lecture("要讲的", starts_at=now + timedelta(days=30))
    off = await website.lecture("不讲了", starts_at=now + timedelta(days=40))
    await Broadcast.filter(id=off.id).update(plan_state=PlanState.CANCELLED, announced_at=now)
    assert await numbers(website, "state=live") == [live.number]
    assert await numbers(website, "state=ended") == [over.number]
    assert await numbers(website, "state=scheduled") == [coming.number]
    assert await numbers(website, "state=cancelled") == [off.number]
    assert await numbers(website, f"unit={UNIT_B}") == [over.number]
    assert await numbers(website, "unit=nowhere") == []
    assert await numbers(website, "since=2026-12-24&until=2026-12-24") == [coming.number]
    assert set(await numbers(website, "until=2026-11-24")) == {live.number, over.number}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=0", "page"),
        ("page=x", "page"),
        ("page=99999999999999999999", "page"),
        ("size=0", "size"),
        ("size=101", "size"),
        ("state=draft", "state"),
        ("since=24.11.2026", "since"),
        ("until=0001-01-01", "until"),
        ("unit=" + "1" * 17, "unit"),
        ("unit=%00", "unit"),
    ],
)
async def test_a_wrong_filter_is_named(website: Website, query: str, field: str) -> None:
    response = await website.page(website.cast.anonymous, f"{PATH}?{query}")
    assert response.status_code == 422
    assert set(response.json()["errors"]) == {field}


async def test_a_lecture_keeps_the_name_its_unit_had(website: Website) -> None:
    lecture = await website.lecture()
    await Broadcast.filter(id=lecture.id).update(unit_name="原来的名称")
    await Unit.filter(code="520013").update(name="现在的名称")
    assert (await read(website, f"{PATH}/{lecture.number}"))["unit"] == "原来的名称"


@pytest.mark.parametrize("number", ["2026-11-99", "x", "2026-13-1", "%00", "2026-11-1%0a", "9" * 500])
async def test_a_number_that_is_none_is_not_found(website: Website, number: str) -> None:
    response = await website.page(website.cast.anonymous, f"{PATH}/{number}")
    assert response.status_code == 404


async def test_units_are_told_in_their_order_without_the_retired(website: Website) -> None:
    await Unit.filter(code="520001").update(retired_on=website.clock.now().date())
    items = (await read(website, "/api/v1/units"))["items"]
    assert len(items) == 39
    assert items[0] == {"code": "520002", "name": "州委组织部", "kind": "department"}
    assert items[-1]["kind"] == "county"


async def test_a_year_is_told_by_time_with_what_was_moved_and_called_off(website: Website) -> None:
    now = website.clock.now()
    second = await website.lecture("后讲", starts_at=now + timedelta(days=9))
    first = await website.lecture("先讲", starts_at=now + timedelta(days=2))
    next_year = await website.lecture("明年讲", starts_at=now + timedelta(days=60))
    open_day = await website.lecture("延期", starts_at=now + timedelta(days=3))
    await Broadcast.filter(id=open_day.id).update(
        plan_state=PlanState.POSTPONED,
        announced_at=now,
        first_starts_at=open_day.starts_at,
        starts_at=None,
    )
    this_year = await read(website, "/api/v1/schedule")
    assert this_year["year"] == 2026
    told = {each["number"]: each for each in this_year["items"]}
    assert set(told) == {first.number, second.number, open_day.number}
    dated = [each["number"] for each in this_year["items"] if each["starts_at"]]
    assert dated == [first.number, second.number]
    postponed = told[open_day.number]
    assert (postponed["state"], postponed["starts_at"]) == ("postponed", None)
    assert postponed["first_starts_at"] == "2026-11-27T07:00:00+00:00"
    other = await read(website, "/api/v1/schedule?year=2027")
    assert [each["number"] for each in other["items"]] == [next_year.number]
    assert (await read(website, "/api/v1/schedule?year=2030"))["items"] == []
    for year in ("1999", "3000", "x", "20270"):
        response = await website.page(website.cast.anonymous, f"/api/v1/schedule?year={year}")
        assert response.status_code == 422


async def test_an_administrators_token_makes_a_lecture_at_once_announced(website: Website) -> None:
    headers = await bearer(website)
    body = {
        "title": "临时的一讲",
        "unit_code": UNIT_B,
        "starts_at": "2026-12-03T15:00:00+08:00",
        "lecturer_name": "示例讲师A",
    }
    response = await send(website, "POST", PATH, body, headers)
    assert response.status_code == 201
    made = response.json()
    assert set(made) == FIELDS | {"version"}
    assert (made["number"], made["starts_at"]) == ("2026-12-1", "2026-12-03T07:00:00+00:00")
    assert response.headers["location"].endswith(f"{PATH}/2026-12-1")
    assert await numbers(website) == ["2026-12-1"]
    entry = (await AuditEntry.all())[0]
    assert (entry.action, entry.subject, entry.actor_name) == (
        "broadcast.created",
        "broadcast:2026-12-1",
        "程序（示例管理员）",
    )
    assert entry.origin == "127.0.0.1"


async def test_a_change_names_the_version_that_was_seen(website: Website) -> None:
    headers = await bearer(website)
    lecture = await website.lecture(starts_at=website.clock.now() + timedelta(days=2))
    path = f"{PATH}/{lecture.number}"
    seen = (await send(website, "GET", path, None, headers)).json()["version"]
    body = {
        "version": seen,
        "title": "新题目",
        "starts_at": "2026-12-01T15:00:00+08:00",
        "reason": "会议冲突",
    }
    changed = await send(website, "PATCH", path, body, headers)
    assert changed.status_code == 200
    assert changed.json()["title"] == "新题目"
    assert changed.json()["first_starts_at"] == "2026-11-26T07:00:00+00:00"
    assert changed.json()["version"] == seen + 1
    assert (await timeline(lecture.id))[-1].opinion == "会议冲突"
    again = await send(website, "PATCH", path, {"version": seen, "title": "别的题目"}, headers)
    assert again.status_code == 409
    assert "刚刚被程序（示例管理员）改过（延期）" in again.json()["detail"]
    assert (await read(website, path))["title"] == "新题目"


async def test_two_programs_with_one_version_do_not_both_win(website: Website) -> None:
    headers = await bearer(website)
    lecture = await website.lecture(starts_at=website.clock.now() + timedelta(days=2))
    path = f"{PATH}/{lecture.number}"
    both = [
        send(website, "PATCH", path, {"version": lecture.version, "title": title}, headers)
        for title in ("甲", "乙")
    ]
    assert sorted(each.status_code for each in await asyncio.gather(*both)) == [200, 409]


@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_who_may_write_and_who_may_not(website: Website, method: str) -> None:
    lecture = await website.lecture(starts_at=website.clock.now() + timedelta(days=2))
    path = PATH if method == "POST" else f"{PATH}/{lecture.number}"
    body: dict[str, object] = {"title": "题目", "unit_code": UNIT_B}
    if method == "PATCH":
        body = {"title": "题目", "version": lecture.version}
    for person in website.cast:  # a browser's login opens nothing here
        browser = await website.browser(person)
        response = await browser.request(method, path, json=body)
        assert response.status_code == 401, person.name
        assert response.headers["www-authenticate"] == 'Bearer realm="weiketang"'
    for wrong in (b"Bearer wkt_wrong", b"Bearer", b"Basic YTpi", b"wkt_x", b"Bearer \xff"):
        refused = await send(website, method, path, body, {b"authorization": wrong})
        assert refused.status_code == 401, wrong
        assert "invalid_token" in refused.headers["www-authenticate"]
    assert (await send(website, method, path, body, await bearer(website, "official"))).status_code == 403
    assert await Broadcast.all().count() == 1
    assert (await Broadcast.get()).title == "欠薪怎么办"
    foreign = {**await bearer(website), "origin": "https://elsewhere.example"}
    assert (await send(website, method, path, body, foreign)).status_code == 403


async def test_the_rights_of_a_token_end_with_those_of_its_owner(website: Website) -> None:
    headers = await bearer(website)
    body = {"title": "题目", "unit_code": UNIT_B}
    assert (await send(website, "POST", PATH, body, headers)).status_code == 201
    await User.filter(username="administrator").update(role="official")
    assert (await send(website, "POST", PATH, body, headers)).status_code == 403
    await User.filter(username="administrator").update(active=False)
    assert (await send(website, "POST", PATH, body, headers)).status_code == 401
    assert (await send(website, "GET", PATH, None, headers)).status_code == 401


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"", "application/json", 400),
        (rb'{"title": "\ud800", "unit_code": "520013"}', "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"title=x", "application/x-www-form-urlencoded", 415),
        (b"{" + b" " * 300 * 1024 + b"}", "application/json", 413),
    ],
    ids=["cut off", "a list", "no text", "too deep", "empty", "half a letter", "text", "a form", "too large"],
)
async def test_a_body_that_is_none_is_a_problem(
    website: Website, content: bytes, media_type: str, status: int
) -> None:
    headers = {**await bearer(website), "content-type": media_type}
    browser = await website.browser(website.cast.anonymous)
    response = await browser.post(PATH, content=content, headers=headers)
    assert response.status_code == status
    assert response.json()["detail"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "字" * 121}, "title"),
        ({"title": "a\x07"}, "title"),
        ({"title": None}, "title"),
        ({"title": 5}, "title"),
        ({"unit_code": "nowhere"}, "unit_code"),
        ({"starts_at": "2026-12-03T15:00"}, "starts_at"),
        ({"starts_at": "2020-01-01T00:00:00Z"}, "starts_at"),
        ({"starts_at": "9999-12-31T23:59:59Z"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "starts_at"),
        ({"starts_at": 1_800_000_000}, "starts_at"),
        ({"planned_minutes": 0}, "planned_minutes"),
        ({"planned_minutes": "15"}, "planned_minutes"),
        ({"planned_minutes": 10**30}, "planned_minutes"),
        ({"key_version": 7}, "key_version"),
        ({"plan_state": "draft"}, "plan_state"),
    ],
)
async def test_a_wrong_field_is_named_and_nothing_is_made(
    website: Website, change: dict[str, object], field: str
) -> None:
    body = {"title": "题目", "unit_code": UNIT_B, **change}
    response = await send(website, "POST", PATH, body, await bearer(website))
    assert response.status_code == 422
    assert set(response.json()["errors"]) == {field}
    assert not await Broadcast.exists()


async def test_other_methods_are_a_problem_too(website: Website) -> None:
    browser = await website.browser(website.cast.anonymous)
    lecture = await website.lecture()
    for method, path, allowed in (
        ("DELETE", f"{PATH}/{lecture.number}", "GET, HEAD, PATCH"),
        ("PUT", f"{PATH}/{lecture.number}", "GET, HEAD, PATCH"),
        ("DELETE", PATH, "GET, HEAD, POST"),
        ("POST", "/api/v1/units", "GET, HEAD"),
        ("POST", "/api/v1/schedule", "GET, HEAD"),
    ):
        answer = await browser.request(method, path)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed), (method, path)
    assert (await browser.get("/api/v1/nothing")).status_code == 404
    head = await browser.head(f"{PATH}/{lecture.number}")
    assert (head.status_code, head.content) == (200, b"")
