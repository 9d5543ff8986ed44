from accounts.models import OneTimeLink
from core.audit.models import AuditEntry
from schedules.models import Reminder, ReminderAttempt, ReminderContact
from tests.support.cast import UNIT_A, UNIT_B
from tests.support.late import late_turn, reminder_of
from tests.support.website import Website

READERS = {"administrator", "duty", "official", "auditor"}
BUREAU = {"administrator", "duty"}


async def reminder(website: Website, *, delivered: bool = False) -> Reminder:
    return await reminder_of(await late_turn(), website.clock, delivered=delivered)


async def test_each_page_is_for_those_it_concerns_and_nobody_else(website: Website) -> None:
    await reminder(website)
    allowed = {
        "/desk/reminders": READERS,
        "/desk/reminders?which=all": READERS,
        "/desk/reminders/contacts": {"administrator"},
        f"/desk/reminders/contacts/{UNIT_B}": {"administrator"},
    }
    for path, names in allowed.items():
        for person in website.cast:
            response = await website.page(person, path)
            expected = 303 if person.user is None else 200 if person.name in names else 403
            assert response.status_code == expected, (path, person.name)


async def test_nobody_but_those_who_may_changes_anything(website: Website) -> None:
    told = await reminder(website)
    base = f"/desk/reminders/{told.id}"
    acts = {
        f"{base}/sent": BUREAU,
        f"{base}/link": BUREAU,
        f"{base}/seen": {"liaison-b"},
        f"/desk/reminders/contacts/{UNIT_B}": {"administrator"},
    }
    for path, names in acts.items():
        for person in website.cast:
            if person.name in names:
                continue
            response = await website.submit(person, path, {"person": "示例", "mobile": "13800000000"})
            assert response.status_code == (303 if person.user is None else 403), (path, person.name)
    assert await ReminderAttempt.all().count() == 0
    assert await ReminderContact.all().count() == 0
    assert await OneTimeLink.all().count() == 0


async def test_what_was_pasted_by_hand_is_noted_and_leaves_the_list(website: Website) -> None:
    told = await reminder(website)
    page = (await website.page(website.cast.duty, "/desk/reminders")).text
    assert "请尽快报送。" in page
    assert "没有送到 1" in page
    assert "1<span" in page  # the count in the navigation
    path = f"/desk/reminders/{told.id}/sent"
    await website.submit(website.cast.duty, path, {"how": "微信发给联络员"})
    assert "该提醒的都已经送到单位" in (await website.page(website.cast.duty, "/desk/reminders")).text
    record = (await website.page(website.cast.auditor, "/desk/reminders?which=all")).text
    assert "人工：已送到，示例值班员（微信发给联络员）" in record
    assert "记为已送到" not in record


async def test_a_link_is_shown_once_and_opens_the_units_desk(website: Website) -> None:
    told = await reminder(website)
    page = await website.submit(website.cast.administrator, f"/desk/reminders/{told.id}/link")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    link = await OneTimeLink.get()
    assert (link.unit_id, link.subject, link.holder) == (UNIT_B, "2026-12-1", "示例联络员乙")
    assert f"{website.settings.public_url}/link/" in page.text
    assert "/link/" not in (await website.page(website.cast.administrator, "/desk/reminders")).text


async def test_the_unit_says_that_it_has_read_it_and_comes_back_to_its_desk(website: Website) -> None:
    told = await reminder(website)
    path = f"/desk/reminders/{told.id}/seen"
    assert f'action="{path}"' in (await website.page(website.cast.liaison_b, "/desk/unit")).text
    response = await website.submit(website.cast.liaison_b, path, {"back": "/desk/unit"})
    assert response.headers["location"] == "/desk/unit"
    assert path not in (await website.page(website.cast.liaison_b, "/desk/unit")).text
    foreign = await website.submit(website.cast.liaison_b, path, {"back": "https://elsewhere.example/"})
    assert foreign.headers["location"] == "/"
    assert (await ReminderAttempt.get()).person == "示例联络员乙"


async def test_whom_reminders_go_to_is_kept_and_the_log_shows_no_number(website: Website) -> None:
    path = f"/desk/reminders/contacts/{UNIT_A}"
    fields = {"person": "示例联络员", "mobile": "138 0000 0000", "mail": "a@sfj.example"}
    assert (await website.submit(website.cast.administrator, path, fields)).status_code == 303
    contact = await ReminderContact.get()
    assert (contact.unit_id, contact.mobile, contact.mail) == (UNIT_A, "13800000000", "a@sfj.example")
    entry = await AuditEntry.get(action="reminder.contact_set")
    assert "138****0000" in entry.after
    assert "13800000000" not in entry.after
    assert "13800000000" in (await website.page(website.cast.administrator, path)).text


async def test_a_wrong_number_is_said_at_its_field(website: Website) -> None:
    path = f"/desk/reminders/contacts/{UNIT_A}"
    fields = {"mobile": "0854-8220000", "mail": "nobody"}
    response = await website.submit(website.cast.administrator, path, fields)
    assert response.status_code == 422
    for name in ("person", "mobile", "mail"):
        assert f'id="error-{name}"' in response.text
    assert 'value="0854-8220000"' in response.text
    missing = await website.page(website.cast.administrator, "/desk/reminders/contacts/999999")
    assert missing.status_code == 404
