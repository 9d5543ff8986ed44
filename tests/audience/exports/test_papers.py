"""Exports: every figure in the official order, with its definition, and nothing that a spreadsheet would run."""

import csv
import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from audience.exports.comma_separated import sheet_csv
from audience.exports.pdf import paper_pdf
from audience.exports.period_paper import matrix_sheet, period_paper
from audience.exports.sheets import Paper
from audience.exports.xlsx import paper_xlsx
from audience.figures.days import DayFigures
from core.fonts import find_typeface
from core.settings import load_settings
from tests.support.figures_at_hand import DIGEST, MADE_AT, NASTY, figures_of_2026
from tests.support.pdf_reading import read_pdf

PRINTED = ("总览", "按月", "按收看单位", "按期次")


@pytest.fixture(scope="module")
def paper() -> Paper:
    return period_paper(*figures_of_2026(), title="2026年法治微课堂收看统计", made_at=MADE_AT)


def workbook(paper: Paper) -> Any:
    return openpyxl.load_workbook(io.BytesIO(paper_xlsx(paper)))


def test_the_workbook_has_a_header_that_stays_widths_and_the_definition(paper: Paper) -> None:
    book = workbook(paper)
    assert book.sheetnames == ["总览", "按月", "按收看单位", "按期次", "期次和收看单位", "口径说明"]
    for name in book.sheetnames[:-1]:
        sheet = book[name]
        assert sheet.freeze_panes == "A2", name
        assert sheet.auto_filter.ref is None, f"{name}: no button sorts units by a count"
        assert all(sheet.column_dimensions[letter].width >= 8 for letter in "ABC"), name
    told = "\n".join(str(cell.value) for row in book["口径说明"].iter_rows() for cell in row)
    for words in ("满 30 秒，计 1 人次", "集中收看由单位", "第 1 版", DIGEST, "不代表身份"):
        assert words.replace("集中收看由单位", "由单位联络员填报") in told, words


def test_no_cell_is_a_formula_or_a_link(paper: Paper) -> None:
    book = workbook(paper)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == NASTY for cell in cells)
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)


def test_figures_are_numbers_and_add_up(paper: Paper) -> None:
    for name in ("按月", "按收看单位", "按期次"):
        rows = list(workbook(paper)[name].iter_rows(values_only=True))
        for place, title in enumerate(rows[0]):
            if title in ("直播收看人次", "回看人次", "线上收看合计", "集中收看场次（单位填报）"):
                column = [row[place] for row in rows[1:]]
                assert all(isinstance(figure, int) for figure in column), (name, title)
                assert sum(column[:-1]) == column[-1], (name, title)


def test_live_and_replay_make_the_sum_and_group_viewing_is_no_part_of_it(paper: Paper) -> None:
    rows = list(workbook(paper)["按收看单位"].iter_rows(values_only=True))
    titles = list(rows[0])
    live, replay, online, people = (
        titles.index(each)
        for each in ("直播收看人次", "回看人次", "线上收看合计", "集中收看人数（单位填报）")
    )
    assert [row[online] for row in rows[1:]] == [row[live] + row[replay] for row in rows[1:]]
    assert rows[-1][people] == 35


def test_a_month_has_its_days_and_the_viewers_of_days_are_not_added_up() -> None:
    days = [DayFigures(date(2026, 11, 12), 70, 5, 60), DayFigures(date(2026, 11, 13), 0, 9, None)]
    month = period_paper(*figures_of_2026(), title="2026年11月", made_at=MADE_AT, days=days)
    rows = list(workbook(month)["按天"].iter_rows(values_only=True))
    assert rows[1:] == [
        ("2026年11月12日", 70, 5, 75, 60),
        ("2026年11月13日", 0, 9, 9, "—"),
        ("合计", 70, 14, 84, "不相加"),
    ]


def test_the_csv_begins_with_a_mark_and_keeps_formulas_as_text() -> None:
    body = sheet_csv(matrix_sheet(*figures_of_2026()))
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert [row["收看单位"] for row in rows] == ["州司法局", "都匀市", "社会公众", "都匀市"]
    assert rows[0]["题目"] == "'" + NASTY
    assert sum(int(row["线上收看合计"]) for row in rows) == 1088


def test_the_pdf_is_a4_with_lines_to_sign_and_the_digest_of_the_sealed_month(paper: Paper) -> None:
    pdf = read_pdf(paper_pdf(paper, find_typeface(load_settings()), PRINTED))
    text = "".join(page.text for page in pdf.pages).replace("\n", "")
    for words in ("填报人：", "审核人：", "（盖章）", DIGEST, "旧口径", "统计口径第 1 版", NASTY):
        assert words in text, words
    assert (round(pdf.size[2]), round(pdf.size[3])) == (595, 842)
    assert "期次和收看单位" not in text
    assert f"共 {len(pdf.pages)} 页" in text


def test_the_signatures_stand_on_one_page(paper: Paper) -> None:
    pdf = read_pdf(paper_pdf(paper, find_typeface(load_settings()), PRINTED))
    [page] = [page.text for page in pdf.pages if "填报人：" in page.text]
    assert "审核人：" in page
    assert "盖章" in page


def test_units_stand_by_their_official_order_and_not_by_any_figure(paper: Paper) -> None:
    """The unit that was watched most stands last: a table that sorted by a count would turn it round."""
    sheet = workbook(paper)["按收看单位"]
    assert [row[1] for row in sheet.iter_rows(values_only=True)][1:4] == ["州司法局", "州财政局", "都匀市"]


@pytest.mark.parametrize("word", ["名次", "排名", "第一名", "榜", "时长", "秒数", "未收看"])
def test_no_rank_no_watch_time_and_no_list_of_who_did_not_watch(paper: Paper, word: str) -> None:
    book = workbook(paper)
    for sheet in book:
        if sheet.title != "口径说明":
            assert word not in "".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
