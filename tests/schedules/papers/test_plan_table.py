from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.shared import Mm, Pt
from openpyxl import load_workbook

from schedules.papers.plan_docx import WIDTHS, plan_docx
from schedules.papers.plan_table import COLUMNS, PlannedLecture, PlanTable, plan_table
from schedules.papers.plan_xlsx import plan_xlsx
from schedules.states import PlanState

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
JANUARY, FEBRUARY = datetime(2027, 1, 14, 7, tzinfo=UTC), datetime(2027, 2, 25, 7, tzinfo=UTC)
MARCH = datetime(2027, 3, 11, 7, tzinfo=UTC)
LECTURE = PlannedLecture(
    number="2027-1-1",
    starts_at=JANUARY,
    first_starts_at=JANUARY,
    state=PlanState.AWAITING,
    unit="州司法局",
    topic="欠薪怎么办",
    lecturer="示例讲师A 科长",
    liaisons=("示例联络员甲", "示例联络员乙"),
    audience="全州干部职工",
)


def table(*lectures: PlannedLecture, note: str | None = None) -> PlanTable:
    return plan_table(2027, lectures, site="法治微课堂", printed_at=NOW, calendar_note=note)


def test_a_row_says_what_an_official_table_says() -> None:
    made = table(LECTURE)
    assert made.title == "2027年法治微课堂直播安排表"
    assert made.rows[0].cells == (
        "2027-1-1",
        "1月",
        "2027年1月14日\n（周四）15:00",
        "州司法局",
        "欠薪怎么办",
        "示例讲师A 科长",
        "示例联络员甲、示例联络员乙",
        "全州干部职工",
    )


def test_the_offices_own_count_stands_below_the_number() -> None:
    assert table(replace(LECTURE, running_number=22)).rows[0].number == "2027-1-1\n第22期"


def test_rows_stand_by_time_wherever_their_numbers_are_from() -> None:
    moved = replace(LECTURE, starts_at=MARCH)
    undated = replace(
        LECTURE, number="2027-2-1", starts_at=None, first_starts_at=FEBRUARY, state=PlanState.POSTPONED
    )
    made = table(moved, undated, replace(LECTURE, number="2027-1-2"))
    assert [row.number for row in made.rows] == ["2027-1-2", "2027-2-1", "2027-1-1"]
    assert [row.month for row in made.rows] == ["1月", "2月", "3月"]


@pytest.mark.parametrize(
    ("lecture", "when"),
    [
        (replace(LECTURE, starts_at=MARCH), "2027年3月11日\n（周四）15:00\n（原定2027年1月14日）"),
        (replace(LECTURE, first_starts_at=None), "2027年1月14日\n（周四）15:00"),
        (replace(LECTURE, state=PlanState.CANCELLED), "已取消\n（原定2027年1月14日）"),
        (
            replace(LECTURE, state=PlanState.POSTPONED, starts_at=None),
            "时间另定\n（原定2027年1月14日）",
        ),
        (replace(LECTURE, starts_at=None, first_starts_at=None), "时间待定"),
    ],
)
def test_a_changed_time_names_the_one_before(lecture: PlannedLecture, when: str) -> None:
    assert table(lecture).rows[0].when == when


def test_notes_tell_of_drafts_and_of_a_calendar_that_is_only_expected() -> None:
    made = table(replace(LECTURE, state=PlanState.DRAFT), LECTURE, note="放假安排还没有公布。")
    assert "共 2 期" in made.notes[0]
    assert "1 期还是草案" in made.notes[1]
    assert made.notes[2] == "放假安排还没有公布。"


def test_the_workbook_keeps_its_header_in_sight_and_has_every_row() -> None:
    made = table(LECTURE, replace(LECTURE, number="2027-1-2", starts_at=MARCH))
    sheet = load_workbook(BytesIO(plan_xlsx(made))).active
    assert sheet is not None
    assert sheet["A1"].value == made.title
    assert [cell.value for cell in sheet[2]] == list(COLUMNS)
    assert [sheet.cell(row, 1).value for row in (3, 4)] == ["2027-1-1", "2027-1-2"]
    assert sheet.freeze_panes == "B3"
    assert sheet.print_title_rows == "$2:$2"
    assert sheet.page_setup.orientation == "landscape"
    assert all(sheet.column_dimensions[letter].width >= 7 for letter in "ABCDEFGH")
    assert made.notes[0] in [sheet.cell(row, 1).value for row in range(5, 8)]


def test_a_topic_that_looks_like_a_formula_is_text() -> None:
    made = table(replace(LECTURE, topic='=HYPERLINK("https://x.example","看")'))
    sheet = load_workbook(BytesIO(plan_xlsx(made))).active
    assert sheet is not None
    assert (sheet["E3"].data_type, str(sheet["E3"].value)[:10]) == ("s", "=HYPERLINK")


def test_the_document_lies_across_and_repeats_its_header() -> None:
    made = table(replace(LECTURE, starts_at=MARCH))
    document = docx.Document(BytesIO(plan_docx(made, now=NOW)))
    section = document.sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert section.page_width is not None
    assert abs(section.page_width - Mm(297)) < Mm(1)
    assert document.paragraphs[0].text == made.title
    (read,) = document.tables
    assert [cell.text for cell in read.rows[0].cells] == list(COLUMNS)
    # LibreOffice and WPS go by these; a file keeps twentieths of a point.
    assert all(abs(column.width - width) < Pt(1) for column, width in zip(read.columns, WIDTHS, strict=True))
    assert read.rows[1].cells[2].text == "2027年3月11日\n（周四）15:00\n（原定2027年1月14日）"
    assert read.rows[0]._tr.xpath("w:trPr/w:tblHeader")
    assert not read.rows[1]._tr.xpath("w:trPr/w:tblHeader")
    assert document.core_properties.title == made.title


def test_what_no_line_shows_breaks_no_document() -> None:
    made = table(replace(LECTURE, topic="欠薪\x0b怎么办\x00"))
    document = docx.Document(BytesIO(plan_docx(made, now=NOW)))
    assert document.tables[0].rows[1].cells[4].text == "欠薪怎么办"


def test_an_empty_year_is_a_table_with_its_header_only() -> None:
    made = replace(table(), rows=[])
    sheet = load_workbook(BytesIO(plan_xlsx(made))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]] == list(COLUMNS)
    assert len(docx.Document(BytesIO(plan_docx(made, now=NOW))).tables[0].rows) == 1
