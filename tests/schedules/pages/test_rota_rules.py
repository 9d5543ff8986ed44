import re
from datetime import date

from core.audit import SYSTEM
from schedules.models.rota import QuietDays, RotaAbsence, RotaPin
from schedules.planning.rules import add_pin
from tests.support.cast import UNIT_A, UNIT_B
from tests.support.website import Website

PIN = {"pin_unit": UNIT_A, "pin_month": "3", "pin_day": "15", "pin_note": "消费者权益日"}
ABSENCE = {
    "absence_unit": UNIT_B,
    "absence_first": "2027-03-01",
    "absence_last": "2027-04-30",
    "absence_reason": "机构改革",
}
QUIET = {"quiet_first": "2027-03-03", "quiet_last": "2027-03-15", "quiet_reason": "重大活动"}
FORMS = {"pins": PIN, "absences": ABSENCE, "quiet": QUIET}


async def rows() -> tuple[int, int, int]:
    return (await RotaPin.all().count(), await RotaAbsence.all().count(), await QuietDays.all().count())


async def test_only_administrators_tell_the_rota_anything(website: Website) -> None:
    pin = await add_pin(UNIT_B, month=6, by=SYSTEM, now=website.clock.now(), settings=website.settings)
    for person in website.cast:
        if person.name == "administrator":
            continue
        for what, fields in (*FORMS.items(), (f"pins/{pin.id}/remove", {})):
            response = await website.submit(person, f"/desk/rota/{what}", fields)
            assert response.status_code == (303 if person.user is None else 403), (what, person.name)
    assert await rows() == (1, 0, 0)


async def test_readers_see_the_lists_and_no_form(website: Website) -> None:
    for what, fields in FORMS.items():
        await website.submit(website.cast.administrator, f"/desk/rota/{what}", fields)
    text = (await website.page(website.cast.official, "/desk/rota")).text
    for words in ("每年3月15日", "消费者权益日", "2027年3月1日至2027年4月30日", "机构改革", "重大活动"):
        assert words in text
    assert "<details" not in text
    assert "删去" not in text


async def test_each_list_can_be_added_to_and_taken_from(website: Website) -> None:
    administrator = website.cast.administrator
    for what, fields in FORMS.items():
        response = await website.submit(administrator, f"/desk/rota/{what}", fields)
        assert response.headers["location"] == "/desk/rota", what
    assert await rows() == (1, 1, 1)
    absence = await RotaAbsence.get()
    assert (absence.unit_id, absence.from_day, absence.until_day) == (
        UNIT_B,
        date(2027, 3, 1),
        date(2027, 4, 30),
    )
    text = (await website.page(administrator, "/desk/rota")).text
    for address in re.findall(r'action="(/desk/rota/\w+/\d+/remove)"', text):
        assert (await website.submit(administrator, address)).status_code == 303
        assert (await website.submit(administrator, address)).status_code == 404  # gone already
    assert await rows() == (0, 0, 0)


async def test_faults_are_said_at_their_fields_and_keep_what_was_typed(website: Website) -> None:
    cases = [
        ("pins", PIN | {"pin_unit": "999999"}, "pin_unit"),
        ("pins", PIN | {"pin_month": "13"}, "pin_month"),
        ("pins", PIN | {"pin_month": "2", "pin_day": "30"}, "pin_day"),
        ("pins", PIN | {"pin_year": "2021"}, "pin_year"),
        ("pins", PIN | {"pin_note": "长" * 61}, "pin_note"),
        ("absences", ABSENCE | {"absence_unit": ""}, "absence_unit"),
        ("absences", ABSENCE | {"absence_last": "2027-02-01"}, "absence_last"),
        ("absences", ABSENCE | {"absence_first": "x"}, "absence_first"),
        ("quiet", QUIET | {"quiet_last": "2027-03-01"}, "quiet_last"),
        ("quiet", QUIET | {"quiet_first": "2020-01-01", "quiet_last": "2020-01-02"}, "quiet_last"),
    ]
    for what, fields, name in cases:
        response = await website.submit(website.cast.administrator, f"/desk/rota/{what}", fields)
        assert response.status_code == 422, (what, name)
        assert re.findall(r'id="error-(\w+)"', response.text) == [name]
        assert "<details open>" in response.text
    assert await rows() == (0, 0, 0)


async def test_a_unit_that_is_pinned_already_is_refused_at_its_field(website: Website) -> None:
    administrator = website.cast.administrator
    await website.submit(administrator, "/desk/rota/pins", PIN)
    response = await website.submit(administrator, "/desk/rota/pins", PIN)
    assert response.status_code == 422
    assert "已经指定在 3 月了" in response.text
    assert await rows() == (1, 0, 0)


async def test_rows_that_are_not_there_are_not_found(website: Website) -> None:
    for what in ("pins", "absences", "quiet"):
        for number in ("7", "99999999999999999999"):
            path = f"/desk/rota/{what}/{number}/remove"
            response = await website.submit(website.cast.administrator, path)
            assert response.status_code == 404, path
