"""The annual 履职事实 file of one unit: what the office encloses with its own report. Pure."""

from datetime import date, datetime

from audience.exports.sheets import Cell, Column, Paper, Sheet
from audience.figures.definition_text import terms
from audience.figures.duties import Kept, UnitDuties
from audience.figures.report import UnitFigures, total_of
from audience.figures.sentences import period_words, unit_sentence
from core.clock import CHINA
from core.web.text import zh_date, zh_datetime, zh_duration

LECTURE_COLUMNS = (
    Column("期次", 12),
    Column("题目", 34),
    Column("主讲人", 22),
    Column("原定日期", 16),
    Column("开讲时间", 20),
    Column("开讲情况", 20),
    Column("播出时长", 12),
    Column("报送期限", 16),
    Column("报送日期", 16),
    Column("报送", 10),
    Column("材料", 28),
    Column("回看", 8),
    Column("字幕期限", 16),
    Column("字幕发布日期", 16),
    Column("字幕", 10),
    Column("集中收看填报期限", 18),
    Column("集中收看填报日期", 18),
    Column("本单位集中收看", 16),
    Column("直播收看人次", 14, True),
    Column("回看人次", 12, True),
    Column("线上收看合计", 14, True),
)
PROMPT_COLUMNS = (
    Column("发文字号", 24),
    Column("印发日期", 16),
    Column("涉及期次", 12),
    Column("反馈期限", 16),
    Column("反馈日期", 16),
    Column("反馈", 10),
    Column("改进措施", 60),
)


def unit_paper(duties: UnitDuties, *, year: int, site: str, made_at: datetime) -> Paper:
    """Its title is the name of the file, such as 2026年度法治微课堂履职情况_州自然资源局."""
    today = made_at.astimezone(CHINA).date()
    given = hosted_total(duties)
    definition = duties.report.definition
    sentence = unit_sentence(
        period_words(duties.report.period, today),
        duties.unit.name,
        duties.hosted,
        given.live,
        given.replay,
        duties.own,
    )
    return Paper(
        title=f"{year}年度{site}履职情况_{duties.unit.name}",
        made_at=made_at,
        sentences=[sentence],
        sheets=[_lectures(duties, today), _prompts(duties, today), _watched(duties)],
        definition_version=definition.version,
        definition=[(term.name, term.text) for term in terms(definition)],
        notes=[
            f"制表时间：{zh_datetime(made_at)}。",
            "只列事实：哪一天该做什么、哪一天做了什么。期限按下达和改期后通知单位的日子，以工作日计算。",
            "收看人次是全体观众收看本单位主讲期次的数字；本单位收看是收看单位为本单位的数字。两者不相加。",
        ],
    )


def hosted_total(duties: UnitDuties) -> UnitFigures:
    """What everybody watched of the unit's own lectures."""
    return total_of(each.total for each in duties.report.lectures if each.host == duties.unit.code)


def _lectures(duties: UnitDuties, today: date) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (
            each.number,
            each.title,
            each.lecturer,
            zh_date(each.told_first) if each.told_first else "",
            zh_datetime(each.began) if each.began else "",
            each.given,
            zh_duration(each.seconds) if each.seconds else "",
            *_kept(each.hand_in, today),
            "、".join(each.materials),
            each.replay,
            *_kept(each.subtitles, today),
            _date(each.group.until),
            _date(each.group.done),
            each.group_words,
            each.views.live,
            each.views.replay,
            each.views.online,
        )
        for each in duties.lectures
    ]
    return Sheet("主讲期次", LECTURE_COLUMNS, rows)


def _prompts(duties: UnitDuties, today: date) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (
            each.document_number,
            _date(each.issued_on),
            each.lecture,
            *_kept(Kept(each.feedback_until, each.feedback_on), today),
            each.feedback,
        )
        for each in duties.prompts
    ]
    return Sheet("普法提示和反馈", PROMPT_COLUMNS, rows)


def _watched(duties: UnitDuties) -> Sheet:
    """Of every lecture that was watched for this unit; of no other unit."""
    rows: list[tuple[Cell, ...]] = []
    for lecture in duties.report.lectures:
        for unit in lecture.units:
            if unit.unit == duties.unit.code:
                rows.append(
                    (
                        lecture.number,
                        lecture.title,
                        lecture.host_name,
                        unit.live,
                        unit.replay,
                        unit.online,
                        unit.group_sessions,
                        unit.group_people,
                    )
                )
    own = duties.own
    total = (
        "合计",
        "",
        "",
        own.live,
        own.replay,
        own.live + own.replay,
        own.group_sessions,
        own.group_people,
    )
    columns = (
        *LECTURE_COLUMNS[:2],
        Column("主讲单位", 20),
        *LECTURE_COLUMNS[-3:],
        Column("集中收看场次（单位填报）", 16, True),
        Column("集中收看人数（单位填报）", 16, True),
    )
    return Sheet("本单位收看", columns, rows, total)


def _kept(kept: Kept, today: date) -> tuple[str, str, str]:
    return (_date(kept.until), _date(kept.done), kept.words(today))


def _date(day: date | None) -> str:
    return zh_date(day) if day else ""
