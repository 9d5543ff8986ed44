from datetime import UTC, datetime

import pytest

from accounts.sample_units import COUNTIES, DEPARTMENTS, FIRST_DEPARTMENT_CODE
from core.fonts import Typeface, find_typeface
from core.settings import Settings
from schedules.papers.addresses import lecture_address, wall_address
from schedules.papers.qr_codes import QUIET, runs
from schedules.papers.qr_sheet import CODE, PER_PAGE, WALL_CODE, SheetCode, qr_sheet, wall_sheet
from tests.support.pdf_reading import Box, ReadPdf, read_pdf

SITE = "https://fz.example.gov.cn"
MADE_AT = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
UNITS = [
    *((f"{FIRST_DEPARTMENT_CODE + place}", name) for place, name in enumerate(DEPARTMENTS)),
    *COUNTIES,
]
CODES = [SheetCode(name, lecture_address(SITE, "2026-11-2", code)) for code, name in UNITS]
POINT = 25.4 / 72  # mm


@pytest.fixture(scope="module")
def face() -> Typeface:
    return find_typeface(Settings())


@pytest.fixture(scope="module")
def sheet(face: Typeface) -> ReadPdf:
    return read_pdf(
        qr_sheet(CODES, face, title="《欠薪怎么办》收看二维码", subtitle="2026-11-2", made_at=MADE_AT)
    )


def modules_in(boxes: list[Box], address: str, side_mm: float) -> set[tuple[int, int]]:
    """The dark squares that the boxes of one code cover, counted from its own upper left corner."""
    size, _ = runs(address)
    module = side_mm / POINT / size
    left = min(box[0] for box in boxes)
    top = max(box[1] + box[3] for box in boxes)
    found = set()
    for x, y, width, height in boxes:
        column, row = round((x - left) / module), round((top - y - height) / module)
        found |= {(column + step, row) for step in range(round(width / module))}
    return found


def codes_own(address: str) -> set[tuple[int, int]]:
    _, dark = runs(address)
    return {(column + step - QUIET, row - QUIET) for column, row, length in dark for step in range(length)}


def test_all_forty_units_are_on_four_pages_of_a4_in_their_order(sheet: ReadPdf) -> None:
    assert len(CODES) == 40
    assert len(sheet.pages) == 4
    assert [round(edge) for edge in sheet.size] == [0, 0, 595, 842]
    text = "\n".join(page.text for page in sheet.pages)
    places = [text.index(f"{code.name}\n{code.address}") for code in CODES]
    assert places == sorted(places)
    assert "第 4 页，共 4 页" in sheet.pages[3].text
    assert all("《欠薪怎么办》收看二维码" in page.text for page in sheet.pages)


def test_every_code_on_the_paper_is_that_of_its_own_unit(sheet: ReadPdf) -> None:
    for number, page in enumerate(sheet.pages):
        boxes = page.filled
        for code in CODES[number * PER_PAGE : (number + 1) * PER_PAGE]:
            count = len(runs(code.address)[1])
            mine, boxes = boxes[:count], boxes[count:]
            assert modules_in(mine, code.address, CODE) == codes_own(code.address), code.name
        assert boxes == []


def test_a_code_is_at_least_three_centimetres_wide_without_its_quiet_zone(sheet: ReadPdf) -> None:
    boxes = sheet.pages[0].filled[: len(runs(CODES[0].address)[1])]
    width = max(box[0] + box[2] for box in boxes) - min(box[0] for box in boxes)
    assert width * POINT >= 30
    longest = lecture_address(
        "https://fazhiweiketang.qiannan.example.gov.cn/weiketang", "2026-11-12", "A" * 16
    )
    size, _ = runs(longest)
    assert CODE * (size - 2 * QUIET) / size >= 30


def test_the_paper_for_a_wall_is_one_page_a_unit_with_its_permanent_address(face: Typeface) -> None:
    codes = [
        SheetCode("州司法局", wall_address(SITE, "520013")),
        SheetCode("都匀市", wall_address(SITE, "522701")),
    ]
    read = read_pdf(wall_sheet(codes, face, site="法治微课堂", owner="黔南州司法局", made_at=MADE_AT))
    assert len(read.pages) == 2
    for page, code in zip(read.pages, codes, strict=True):
        assert code.name in page.text
        assert code.address in page.text
        assert modules_in(page.filled, code.address, WALL_CODE) == codes_own(code.address)


def test_a_long_name_is_set_smaller_and_stays_on_its_card(face: Typeface) -> None:
    name = "黔南布依族苗族自治州某某某某某某某某某某某某某某某某委员会办公室（某某局）"
    read = read_pdf(qr_sheet([SheetCode(name, SITE)], face, title="题", subtitle="", made_at=MADE_AT))
    assert name in read.pages[0].text
