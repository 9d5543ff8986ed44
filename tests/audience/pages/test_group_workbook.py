"""集中收看 by one table for many townships: all of it or nothing, with what is wrong row by row."""

import io
from typing import Any

import pytest
import xlsxwriter

from audience.models import GroupViewing
from schedules.models import Broadcast
from schedules.states import AirState
from tests.support.cast import UNIT_B, Person
from tests.support.website import Website, website

__all__ = ["website"]

LIST = "/desk/group-viewing"
HEAD = ("乡镇（街道）或地点", "场次", "人数")


def workbook(*rows: tuple[Any, ...], head: tuple[str, ...] = HEAD) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for line, cells in enumerate((head, *rows)):
            sheet.write_row(line, 0, cells)
    return buffer.getvalue()


@pytest.fixture
async def given(website: Website) -> Broadcast:
    lecture = await website.lecture()
    await website.move(lecture, AirState.LIVE, AirState.ENDED)
    return lecture


async def upload(
    website: Website, person: Person, lecture: Broadcast, data: bytes, name: str = "填报.xlsx", **fields: str
) -> Any:
    browser = await website.browser(person)
    return await browser.post(
        f"{LIST}/{lecture.number}/table",
        data={"watched_on": "2026-11-24", "seen": "", **fields},
        files={"file": (name, data)},
        headers={"sec-fetch-site": "same-origin"},
    )


async def test_a_county_reports_a_hundred_and_nine_townships_at_once(
    website: Website, given: Broadcast
) -> None:
    rows = [(f"示例乡镇{number}", 1 + number % 2, 20 + number) for number in range(109)]
    answer = await upload(website, website.cast.liaison_b, given, workbook(*rows, ("合计", 999, 99999)))
    assert answer.status_code == 303
    [row] = await GroupViewing.all()
    assert (row.unit_id, row.sessions, row.people) == (UNIT_B, 109 + 54, 109 * 20 + 108 * 109 // 2)
    assert len(row.parts) == 109
    assert row.place == "示例乡镇0等 109 处"
    page = (await website.page(website.cast.liaison_b, f"{LIST}/{given.number}")).text
    assert "示例乡镇108" in page


async def test_every_faulty_row_is_named_and_nothing_is_reported(website: Website, given: Broadcast) -> None:
    rows = (("甲镇", 1, 30), ("乙镇", "两", 30), ("丙镇", 1, -3), ("", 1, 5), ("甲镇", 1, 8), ("丁镇", 5, 2))
    answer = await upload(website, website.cast.liaison_a, given, workbook(*rows))
    assert answer.status_code == 422
    for number in (3, 4, 5, 6, 7):
        assert f"第 {number} 行" in answer.text
    assert await GroupViewing.all().count() == 0


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "a.xlsx"),
        (b"no workbook", "a.xlsx"),
        (b"PK\x03\x04 and no more", "a.xlsx"),
        (workbook(("甲镇", 1, 30)), "a.xlsm"),
        (workbook(("甲镇", 1, 30), head=("镇", "场", "人")), "a.xlsx"),
        (workbook(), "a.xlsx"),
        (b"PK\x03\x04" + bytes(250 * 1024), "a.xlsx"),
    ],
    ids=["empty", "text", "broken", "macros", "other columns", "no rows", "large"],
)
async def test_a_file_that_is_no_such_table_is_told_so(
    website: Website, given: Broadcast, data: bytes, name: str
) -> None:
    answer = await upload(website, website.cast.liaison_a, given, data, name)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert await GroupViewing.all().count() == 0


async def test_a_correction_by_table_says_why(website: Website, given: Broadcast) -> None:
    liaison = website.cast.liaison_a
    await upload(website, liaison, given, workbook(("甲镇", 1, 30)))
    [first] = await GroupViewing.all()
    more, seen = workbook(("甲镇", 1, 30), ("乙镇", 1, 25)), str(first.id)
    assert (await upload(website, liaison, given, more, seen=seen)).status_code == 422
    assert (await upload(website, liaison, given, more, seen=seen, reason="漏报乙镇")).status_code == 303
    assert (await GroupViewing.get(replaced_at__isnull=True)).people == 55


async def test_only_liaisons_hand_tables_in(website: Website, given: Broadcast) -> None:
    cast = website.cast
    for person in cast:
        if person in (cast.liaison_a, cast.liaison_b):
            continue
        answer = await upload(website, person, given, workbook(("甲镇", 1, 30)))
        assert answer.status_code in (303, 403), person.name
        template = await website.page(person, f"{LIST}-template.xlsx")
        assert template.status_code in (303, 403), person.name
    assert await GroupViewing.all().count() == 0


async def test_the_template_is_taken_back_once_it_is_filled_in(website: Website, given: Broadcast) -> None:
    answer = await website.page(website.cast.liaison_a, f"{LIST}-template.xlsx")
    assert answer.status_code == 200
    empty = await upload(website, website.cast.liaison_a, given, answer.content)
    assert "没有填了场次和人数的行" in empty.text
