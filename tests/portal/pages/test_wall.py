from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image

from accounts.models import Unit
from schedules.states import AirState
from tests.support.cast import UNIT_A, UNIT_B
from tests.support.pdf_reading import read_pdf
from tests.support.website import Website

READERS = {"administrator", "duty", "liaison-a", "liaison-b"}
BUREAU = {"administrator", "duty"}


async def test_anybody_may_scan_the_code_on_a_wall_and_nothing_is_stored(website: Website) -> None:
    lecture = await website.lecture(starts_at=website.clock.now() + timedelta(days=1))
    for person in website.cast:
        response = await website.page(person, f"/u/{UNIT_B}")
        assert response.status_code == 302, person.name
        assert response.headers["location"] == f"/l/{lecture.number}?u={UNIT_B}"
        assert response.headers["cache-control"] == "no-store"


async def test_the_same_address_leads_elsewhere_when_a_lecture_begins(website: Website) -> None:
    tomorrow = await website.lecture("明天的", starts_at=website.clock.now() + timedelta(days=1))
    live = await website.lecture("现在的")
    path = f"/u/{UNIT_B}"
    first = await website.page(website.cast.anonymous, path)
    await website.move(live, AirState.LIVE)
    second = await website.page(website.cast.anonymous, path)
    await website.move(live, AirState.ENDED)
    third = await website.page(website.cast.anonymous, path)
    numbers = [each.headers["location"].split("?")[0] for each in (first, second, third)]
    assert numbers == [f"/l/{tomorrow.number}", f"/l/{live.number}", f"/l/{tomorrow.number}"]


async def test_without_any_lecture_it_leads_home_with_the_unit(website: Website) -> None:
    response = await website.page(website.cast.anonymous, f"/u/{UNIT_B}")
    assert response.headers["location"] == f"/?u={UNIT_B}"


async def test_an_old_code_counts_for_the_successor_or_for_the_public(website: Website) -> None:
    lecture = await website.lecture(starts_at=website.clock.now() + timedelta(days=1))
    ended = date(2026, 11, 1)
    await Unit.filter(code=UNIT_B).update(retired_on=ended, merged_into_id=UNIT_A)
    await Unit.filter(code="522702").update(retired_on=ended)
    merged = await website.page(website.cast.anonymous, f"/u/{UNIT_B}")
    gone = await website.page(website.cast.anonymous, "/u/522702")
    assert merged.headers["location"] == f"/l/{lecture.number}?u={UNIT_A}"
    assert gone.headers["location"] == f"/l/{lecture.number}"


@pytest.mark.parametrize("code", ["999999", "nonsense", "５２００１３", "a'b", "%00", "x" * 300])
async def test_an_unknown_code_gets_a_page_that_helps(website: Website, code: str) -> None:
    response = await website.page(website.cast.anonymous, f"/u/{code}")
    assert response.status_code == 404
    assert "没有代码为" in response.text
    assert "去首页收看" in response.text


async def test_the_bureau_and_units_come_to_the_codes_for_walls(website: Website) -> None:
    for path in ("/desk/wall", "/desk/wall/codes.pdf"):
        for person in website.cast:
            response = await website.page(person, path)
            expected = 303 if person.user is None else 200 if person.name in READERS else 403
            assert response.status_code == expected, (path, person.name)


async def test_a_unit_gets_its_own_code_and_no_other(website: Website) -> None:
    for path in (
        f"/desk/wall/{UNIT_A}/qr.svg",
        f"/desk/wall/{UNIT_A}/qr.png",
        f"/desk/wall/codes.pdf?unit={UNIT_A}",
    ):
        for person in website.cast:
            response = await website.page(person, path)
            allowed = person.name in BUREAU | {"liaison-a"}
            assert response.status_code == (303 if person.user is None else 200 if allowed else 403), (
                person.name
            )
    text = (await website.page(website.cast.liaison_b, "/desk/wall")).text
    assert f"/u/{UNIT_B}" in text
    assert f"/u/{UNIT_A}" not in text


async def test_the_bureau_sees_all_units_that_are_there_in_the_official_order(website: Website) -> None:
    await Unit.filter(code=UNIT_B).update(retired_on=date(2026, 11, 1))
    text = (await website.page(website.cast.administrator, "/desk/wall")).text
    addresses = [
        f"{website.settings.public_url}/u/{unit.code}" for unit in await Unit.all() if unit.code != UNIT_B
    ]
    places = [text.index(f'<p class="code">{address}</p>') for address in addresses]
    assert len(places) == 39
    assert places == sorted(places)
    assert f"/u/{UNIT_B}" not in text


async def test_the_sheet_of_all_units_is_one_page_each(website: Website) -> None:
    response = await website.page(website.cast.administrator, "/desk/wall/codes.pdf")
    assert response.headers["content-type"] == "application/pdf"
    read = read_pdf(response.content)
    assert len(read.pages) == 40
    assert "三都水族自治县" in read.pages[-1].text


async def test_the_files_are_what_they_are_called(website: Website) -> None:
    png = await website.page(website.cast.liaison_a, f"/desk/wall/{UNIT_A}/qr.png")
    assert Image.open(BytesIO(png.content)).format == "PNG"
    svg = await website.page(website.cast.liaison_a, f"/desk/wall/{UNIT_A}/qr.svg")
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert "attachment" in svg.headers["content-disposition"]
    own = read_pdf((await website.page(website.cast.liaison_a, "/desk/wall/codes.pdf")).content)
    assert len(own.pages) == 1
    assert "州司法局" in own.pages[0].text
