"""The figures of a year or a month as sheets. Units in the official order, lectures in that of their start. Pure."""

from collections.abc import Sequence
from datetime import datetime

from audience.exports.sheets import Cell, Column, Paper, SealLine, Sheet
from audience.figures.comparison import change_words
from audience.figures.days import DayFigures
from audience.figures.definition_text import terms
from audience.figures.report import LectureFigures, Report, UnitFigures
from audience.figures.sentences import coverage_sentence, period_words, report_sentence
from audience.figures.year import LectureLine, PeriodFigures
from core.clock import CHINA
from core.web.text import zh_date, zh_datetime

PUBLIC = "社会公众"
VIEWS = (
    Column("直播收看人次", 14, True),
    Column("回看人次", 12, True),
    Column("线上收看合计", 14, True),
    Column("集中收看场次（单位填报）", 18, True),
    Column("集中收看人数（单位填报）", 18, True),
)
CSV_COLUMNS = (
    Column("期次", 15),
    Column("题目", 36),
    Column("主讲单位", 20),
    Column("开讲时间", 18),
    Column("收看单位代码", 14),
    Column("收看单位", 20),
    *VIEWS,
)


def period_paper(
    figures: PeriodFigures, report: Report, *, title: str, made_at: datetime, days: Sequence[DayFigures] = ()
) -> Paper:
    """days: of a month."""
    period, today = figures.period, made_at.astimezone(CHINA).date()
    when = period_words(period, today)
    told = figures.told
    sentences = [report_sentence(when, told), coverage_sentence(when, told)]
    definition = figures.definition
    notes = [f"制表时间：{zh_datetime(made_at)}。", _sealed_words(figures)]
    if figures.before.rule.why_not:
        notes.append(f"和上年同期：{figures.before.rule.why_not}。")
    if figures.late or figures.late_groups:
        notes.append(
            f"补计：定版以后到的线上收看 {figures.late:,} 人次、"
            f"集中收看填报或更正 {figures.late_groups:,} 条，不在各表的数字里。"
        )
    return Paper(
        title=title,
        made_at=made_at,
        sentences=[sentence for sentence in sentences if sentence],
        sheets=[
            _overview(figures),
            *([months_sheet(figures)] if len(figures.months) > 1 else []),
            *([days_sheet(days)] if days else []),
            units_sheet(figures),
            lectures_sheet(figures),
            matrix_sheet(figures, report),
        ],
        definition_version=definition.version,
        definition=[(term.name, term.text) for term in terms(definition)],
        notes=notes,
        seals=[
            SealLine(month.month, month.sealed_at.astimezone(CHINA).date(), month.raw_sha256)
            for month in figures.months
            if month.sealed_at is not None
        ],
    )


def _sealed_words(figures: PeriodFigures) -> str:
    sealed = [month for month in figures.months if month.sealed_at is not None]
    if len(sealed) == len(figures.months):
        return "所列月份都已定版。"
    if not sealed:
        return "数字还没有定版，会继续变动。"
    return f"已定版 {len(sealed)} 个月，其余月份的数字会继续变动。"


def _overview(figures: PeriodFigures) -> Sheet:
    told, before = figures.told, figures.before
    lines: list[tuple[str, int, int]] = [
        ("直播普法（次）", told.lectures, before.told.lectures),
        ("直播收看（人次）", told.live, before.told.live),
        ("回看（人次）", told.replay, before.told.replay),
        ("线上收看合计（人次）", told.live + told.replay, before.told.live + before.told.replay),
        ("集中收看（场，单位填报）", told.group_sessions, before.told.group_sessions),
        ("集中收看（人，单位填报）", told.group_people, before.told.group_people),
    ]
    compared = before.rule.holds
    rows: list[tuple[Cell, ...]] = [
        (name, now, earlier if compared else "—", change_words(now, earlier, before.rule) or "—")
        for name, now, earlier in lines
    ]
    rows.append(("主讲单位（家）", figures.hosts, "—", "—"))
    rows.append((f"收看单位（家，共 {told.of_units} 家）", told.covered, "—", "—"))
    rows += [
        (
            f"{year.year}年（旧口径）",
            _earlier(year.lectures, year.views, at_least=year.is_at_least),
            "—",
            f"来源：{year.source}",
        )
        for year in figures.earlier
    ]
    columns = (
        Column("指标", 28),
        Column("数字", 14, True),
        Column("上年同期", 14, True),
        Column("比上年同期", 18),
    )
    return Sheet("总览", columns, rows)


def _earlier(lectures: int | None, views: int | None, *, at_least: bool) -> str:
    words = [f"{lectures:,}次"] if lectures is not None else []
    if views is not None:
        words.append(f"{'超过' if at_least else ''}{views:,}人次")
    return "，".join(words)


def months_sheet(figures: PeriodFigures) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (
            f"{month.month.month}月",
            month.lectures,
            month.live,
            month.replay,
            month.online,
            month.group_sessions,
            month.group_people,
            month.late,
            zh_date(month.sealed_at) if month.sealed_at else "未定版",
        )
        for month in figures.months
    ]
    told = figures.told
    total = ("合计", told.lectures, *_figures(figures.total), figures.late, "")
    columns = (
        Column("月份", 8),
        Column("直播普法（次）", 16, True),
        *VIEWS,
        Column("补计", 8, True),
        Column("定版日期", 18),
    )
    return Sheet("按月", columns, rows, total)


def days_sheet(days: Sequence[DayFigures]) -> Sheet:
    """Viewers of days do not add up: no total stands below them."""
    rows: list[tuple[Cell, ...]] = [
        (
            zh_date(each.day),
            each.live,
            each.replay,
            each.online,
            "—" if each.viewers is None else each.viewers,
        )
        for each in days
    ]
    live, replay = sum(each.live for each in days), sum(each.replay for each in days)
    columns = (Column("日期", 16), *VIEWS[:3], Column("当天收看人数（估算）", 18, True))
    return Sheet("按天", columns, rows, ("合计", live, replay, live + replay, "不相加"))


def units_sheet(figures: PeriodFigures) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (unit.code, unit.name, unit.hosted, *_figures(unit.figures)) for unit in figures.units
    ]
    rows.append(("", PUBLIC, "", *_figures(figures.public)))
    total = ("", "合计", figures.told.lectures, *_figures(figures.total))
    columns = (
        Column("单位代码", 12),
        Column("收看单位", 24),
        Column("本单位主讲（次）", 18, True),
        *VIEWS,
    )
    return Sheet("按收看单位", columns, rows, total)


def lectures_sheet(figures: PeriodFigures) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (
            *_head(lecture),
            "是" if lecture.is_live_lecture else "否",
            *_figures(lecture.total),
            lecture.peak,
        )
        for lecture in figures.lectures
    ]
    total = ("合计", "", "", "", "", *_figures(figures.total), "")
    columns = (
        *CSV_COLUMNS[:4],
        Column("计入本期直播普法", 14),
        *VIEWS,
        Column("最高同时收看", 14, True),
    )
    return Sheet("按期次", columns, rows, total)


def matrix_sheet(figures: PeriodFigures, report: Report) -> Sheet:
    """One row for each lecture and 收看单位: what a machine or a pivot table goes on with."""
    names = {unit.code: unit.name for unit in figures.units}
    rows: list[tuple[Cell, ...]] = [
        (
            *_head(lecture),
            unit.unit or "",
            PUBLIC if unit.unit is None else names.get(unit.unit, unit.unit),
            *_figures(unit),
        )
        for lecture in report.lectures
        for unit in lecture.units
    ]
    return Sheet("期次和收看单位", CSV_COLUMNS, rows)


def _head(lecture: LectureFigures | LectureLine) -> tuple[Cell, ...]:
    start = zh_datetime(lecture.start) if lecture.start else ""
    return (lecture.number, lecture.title, lecture.host_name, start)


def _figures(figures: UnitFigures) -> tuple[int, int, int, int, int]:
    return (
        figures.live,
        figures.replay,
        figures.online,
        figures.group_sessions,
        figures.group_people,
    )
