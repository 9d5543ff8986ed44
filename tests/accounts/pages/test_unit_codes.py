"""Whatever stands where the code of a unit should be: the answer is one of ours, never a failure."""

import json
from datetime import timedelta
from urllib.parse import quote

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.tokens import issue_token
from core.audit import SYSTEM
from schedules.models import Broadcast
from schedules.states import PlanState
from tests.support.cast import UNIT_A
from tests.support.website import Website

CODES = st.text(min_size=1, max_size=40) | st.text("0123456789abcXYZ", min_size=15, max_size=60)
ANYTHING = settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def addresses(number: str, code: str) -> list[str]:
    asked = quote(code, safe="")
    return [
        f"/u/{asked}",
        f"/l/{number}?u={asked}",
        f"/api/v1/broadcasts?unit={asked}",
        f"/desk/units/{asked}",
        f"/desk/people/new?unit={asked}",
        f"/desk/reminders/contacts/{asked}",
        f"/desk/broadcasts/{number}/pack?unit={asked}",
        f"/desk/broadcasts/{number}/pack/qr.svg?unit={asked}",
        f"/desk/year/2027/lectures/2027-1-1?unit={asked}",
    ]


def forms(code: str) -> list[tuple[str, dict[str, str]]]:
    asked = quote(code, safe="")
    return [
        (f"/desk/units/{asked}/rename", {"name": "新名", "since": "2026-11-24"}),
        (f"/desk/units/{asked}/restore", {}),
        (f"/desk/units/{UNIT_A}/retire", {"on": "2026-12-01", "merged_into": code}),
        (f"/desk/reminders/contacts/{asked}", {"person": "示例", "mobile": "13800000000"}),
        ("/desk/broadcasts", {"title": "题目", "unit": code, "planned_minutes": "15"}),
        ("/desk/people", {"username": "x1", "display_name": "示例", "role": "liaison", "unit": code}),
        ("/desk/rota/pins", {"unit": code, "month": "3"}),
        ("/desk/rota/absences", {"unit": code, "from_day": "2027-01-01", "until_day": "2027-01-02"}),
    ]


@ANYTHING
@example("a" * 17)
@example("520013\n")
@example("州司法局")
@example("\x00")
@example("..")
@example("5200１3")
@given(CODES)
async def test_no_page_and_no_form_fails_over_a_code(website: Website, code: str) -> None:
    if not await Broadcast.exists():
        await website.lecture(starts_at=website.clock.now() + timedelta(days=3))
        await Broadcast.create(
            number="2027-1-1",
            title="",
            unit_id=UNIT_A,
            starts_at=website.clock.now() + timedelta(days=60),
            plan_state=PlanState.DRAFT,
            created_at=website.clock.now(),
            changed_at=website.clock.now(),
        )
    administrator = website.cast.administrator
    number = (await Broadcast.get(number__startswith="2026-11-", title="欠薪怎么办")).number
    for path in addresses(number, code):
        answer = await website.page(administrator, path)
        assert answer.status_code < 500, (path, answer.status_code)
    for path, fields in forms(code):
        answer = await website.submit(administrator, path, fields)
        assert answer.status_code < 500, (path, answer.status_code)


@ANYTHING
@example("a" * 17)
@example("\ud800")
@given(CODES)
async def test_the_interface_names_the_field(website: Website, code: str) -> None:
    browser = await website.browser(website.cast.anonymous)
    if "authorization" not in browser.headers:
        now, own = website.clock.now(), website.settings
        _, token = await issue_token("程序", "administrator", days=1, by=SYSTEM, now=now, settings=own)
        browser.headers["authorization"] = f"Bearer {token}"
    body = json.dumps({"title": "题目", "unit_code": code}).encode()
    answer = await browser.post(
        "/api/v1/broadcasts", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code in (201, 400, 422), answer.text
