from dataclasses import replace
from datetime import timedelta

import pytest

from core.audit import SYSTEM
from core.audit.models import AuditEntry
from core.sealing import Sealer
from schedules.models import HandIn
from schedules.turns.handing_in import save_hand_in
from schedules.turns.id_numbers import erase_old_id_numbers
from tests.support.cast import second_administrator
from tests.support.plan import DATA, START
from tests.support.turn_pages import NUMBER, liaison_actor, told
from tests.support.website import SECRETS, Website

BASE = f"/desk/review/{NUMBER}"
PLACE = f"{BASE}/id-number"
ID_NUMBER, MASKED = "11010519491231002X", "1101**********002X"
REASON = {"reason": "网信部门核查，函〔2026〕3号", "version": "0"}


@pytest.fixture(autouse=True)
async def _registered(website: Website) -> None:
    """The bureau has turned it on, and unit A has given its lecturer's."""
    lecture = await told(website)
    await save_hand_in(
        NUMBER,
        replace(DATA, id_number=ID_NUMBER),
        version=lecture.version,
        by=liaison_actor(website),
        now=website.clock.now(),
        settings=website.settings.model_copy(update={"lecturer_id_number": True}),
        sealer=Sealer(SECRETS),
    )


async def read_entries() -> int:
    return await AuditEntry.filter(action="lecturer_id.read").count()


async def test_only_an_administrator_comes_near_it(website: Website) -> None:
    for path in (PLACE, f"{PLACE}/hold", f"{PLACE}/release"):
        for person in website.cast:
            expected = 303 if person.user is None else 200 if person.name == "administrator" else 403
            assert (await website.page(person, path)).status_code == expected, (path, person.name)
            if person.name != "administrator":
                sent = await website.submit(person, path, REASON)
                assert sent.status_code == (303 if person.user is None else 403), (path, person.name)
                assert ID_NUMBER not in sent.text
    assert await read_entries() == 0
    assert not (await HandIn.get()).id_number_held


async def test_nobody_but_an_administrator_sees_even_the_masked_one(website: Website) -> None:
    for person in website.cast:
        for path in (BASE, f"/desk/unit/{NUMBER}", f"/desk/unit/{NUMBER}/hand-in", f"/l/{NUMBER}"):
            text = (await website.page(person, path)).text
            assert ID_NUMBER not in text
            assert (MASKED in text) == (person.name == "administrator" and path == BASE), (path, person.name)


async def test_it_is_read_with_a_reason_which_the_log_keeps_without_the_number(website: Website) -> None:
    administrator = website.cast.administrator
    without = await website.submit(administrator, PLACE, {"reason": " ", "version": "0"})
    assert (without.status_code, ID_NUMBER in without.text) == (422, False)
    assert "请写明查看的原因。" in without.text
    shown = await website.submit(administrator, PLACE, REASON)
    assert (shown.status_code, ID_NUMBER in shown.text) == (200, True)
    assert shown.headers["cache-control"] == "no-store"
    [entry] = await AuditEntry.filter(action="lecturer_id.read")
    assert (entry.actor_name, entry.subject) == ("示例管理员", f"broadcast:{NUMBER}")
    assert REASON["reason"] in entry.after
    assert ID_NUMBER not in "".join(f"{each.before}{each.after}" for each in await AuditEntry.all())
    audit = (await website.page(website.cast.auditor, "/desk/audit")).text
    assert "查看证件号" in audit
    assert ID_NUMBER not in audit
    assert ID_NUMBER not in (await website.page(administrator, BASE)).text  # shown once


async def test_it_is_kept_for_a_case_and_let_go_again(website: Website) -> None:
    administrator = website.cast.administrator
    assert (await website.submit(administrator, f"{PLACE}/hold", {"version": "0"})).status_code == 422
    held = await website.submit(administrator, f"{PLACE}/hold", REASON)
    assert held.headers["location"] == BASE
    page = (await website.page(administrator, BASE)).text
    assert "保全中，不会自动删除。" in page
    assert f"{PLACE}/release" in page
    second = await second_administrator(website.settings, website.clock)
    again = await website.submit(second, f"{PLACE}/hold", REASON)  # another was quicker
    assert (again.status_code, "已经在保全" in again.text) == (409, True)
    due = START + timedelta(days=180)
    assert await erase_old_id_numbers(by=SYSTEM, now=due, settings=website.settings) == 0
    assert (await website.submit(administrator, f"{PLACE}/release", REASON)).status_code == 303
    assert await erase_old_id_numbers(by=SYSTEM, now=due, settings=website.settings) == 1
    page = (await website.page(administrator, BASE)).text
    assert MASKED not in page
    assert "删除。" in page[page.index('id="id-number"') :]
    assert (await website.page(administrator, PLACE)).status_code == 404
    assert (await website.submit(administrator, PLACE, REASON)).status_code == 404
    assert (await website.submit(administrator, f"{PLACE}/hold", REASON)).status_code == 404


async def test_where_none_was_given_there_is_nothing_to_see(website: Website) -> None:
    await HandIn.filter().update(id_number_sealed="")
    administrator = website.cast.administrator
    assert "身份证号" not in (await website.page(administrator, BASE)).text
    for path in (PLACE, f"{PLACE}/hold", f"{PLACE}/release"):
        assert (await website.page(administrator, path)).status_code == 404


async def test_a_form_from_elsewhere_reads_nothing(website: Website) -> None:
    sent = await website.submit(
        website.cast.administrator, PLACE, REASON, headers={"sec-fetch-site": "cross-site"}
    )
    assert (sent.status_code, await read_entries()) == (403, 0)
