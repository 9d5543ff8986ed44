"""Sentences ready for a report, from the figures: only clauses that are true, whole numbers with commas. Pure."""

from dataclasses import dataclass
from datetime import date

from audience.figures.periods import Period
from core.web.text import zh_date


@dataclass(frozen=True, slots=True)
class Told:
    """The figures of a sentence. covered, of_units: units with anybody who watched or rooms that did, of how many."""

    lectures: int
    live: int
    replay: int
    group_sessions: int
    group_people: int
    covered: int = 0
    of_units: int = 0


def period_words(period: Period, today: date) -> str:
    """2026年, 2026年1月1日至11月24日 for one that goes on, 2026年11月."""
    first, last = period.first, period.last
    is_year = (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31))
    is_month = period == Period.of_month(first)
    if first <= today < last:
        until = f"{today.month}月{today.day}日" if today.year == first.year else zh_date(today)
        return f"{zh_date(first)}至{until}" if today > first else zh_date(first)
    if is_year:
        return f"{first.year}年"
    if is_month:
        return f"{first.year}年{first.month}月"
    return f"{zh_date(first)}至{zh_date(last)}"


def report_sentence(when: str, told: Told) -> str:
    """“2026年，平台开展直播普法24次，线上收看28,655人次，其中直播20,113人次、回看8,542人次；单位组织集中收看……”"""
    clauses = []
    if told.lectures:
        clauses.append(f"开展直播普法{told.lectures:,}次")
    if online := _online(told.live, told.replay):
        clauses.append(online)
    group = _group(told)
    if not clauses and not group:
        return f"{when}，平台没有讲座，也没有收看记录。"
    sentence = f"{when}，平台" + "，".join(clauses) if clauses else f"{when}"
    if group:
        sentence += ("；" if clauses else "，") + group
    return sentence + "。"


def coverage_sentence(when: str, told: Told) -> str:
    """Empty while there is nothing to tell."""
    if not told.covered or not told.of_units:
        return ""
    return f"{when}，{told.of_units}家普法责任单位中有{told.covered}家收看或组织了集中收看。"


def unit_sentence(when: str, unit: str, hosted: int, hosted_live: int, hosted_replay: int, own: Told) -> str:
    """Of one unit: what it gave (主讲), and what its own people watched (收看)."""
    clauses = []
    if hosted:
        clauses.append(f"主讲直播普法{hosted:,}次")
    if online := _online(hosted_live, hosted_replay):
        clauses.append(f"主讲的期次{online}")
    sentences = [f"{when}，{unit}" + "，".join(clauses)] if clauses else []
    watched = [part for part in (_online(own.live, own.replay), _group(own)) if part]
    if watched:
        lead = "本单位" if sentences else f"{when}，{unit}"
        sentences.append(lead + "；".join(watched))
    return "。".join(sentences) + "。" if sentences else f"{when}，{unit}没有主讲期次，也没有收看记录。"


def _online(live: int, replay: int) -> str:
    if not live + replay:
        return ""
    words = f"线上收看{live + replay:,}人次"
    if not replay:
        return f"{words}，均为直播"
    if not live:
        return f"{words}，均为回看"
    return f"{words}，其中直播{live:,}人次、回看{replay:,}人次"


def _group(told: Told) -> str:
    if not told.group_sessions:
        return ""
    return (
        f"单位组织集中收看{told.group_sessions:,}场、{told.group_people:,}人（单位填报，不计入线上收看人次）"
    )
