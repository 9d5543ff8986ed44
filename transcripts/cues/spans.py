"""What must not be broken: articles of law, numbers with their units, terms. Offsets into a text."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import IntEnum

from transcripts.cues.measure import MOST_WIDTH, width

DIGIT = "0-9０-９零〇一二三四五六七八九十百千万亿两"
ARTICLE = re.compile(rf"第[{DIGIT}]{{1,12}}[条款项编章节目次届期批号](?:之[{DIGIT}]{{1,3}})?")
UNITS = (
    "个工作日|工作日|个自然日|自然日|个月|月|个|年度|年|周岁|周年|周|岁|天|日|小时|分钟|秒|时|分|刻钟|"
    "万亿元|亿元|万元|千元|百元|元|角|块|万人次|人次|万人|人|名|位|户|家|件|起|次|项|条|款|份|期|届|章|节|"
    "平方公里|平方米|立方米|公里|公顷|厘米|毫米|米|亩|公斤|千克|克|吨|度|倍|成|折|级|类|种|号|页|篇|"
    "百分点|个百分点|%|％|‰|℃|km|kg|mg|ml|m²|㎡"
)
MEASURE = re.compile(
    rf"(?:百分之|[{DIGIT}]{{1,4}}分之)[{DIGIT}点.．]{{1,12}}"
    rf"|[{DIGIT}][{DIGIT}点.．,，]{{0,15}}[余多几来]?(?:{UNITS})"
)
LAW = re.compile(r"《[^《》\n]{1,60}》")
CHINA = "中华人民共和国"
SEAM = re.compile(rf"(?<=》)|(?<={CHINA})")


class Kind(IntEnum):
    """How much a break inside costs; the lower the dearer."""

    NUMBER = 1
    """An article of law, or a number with its unit."""
    TERM = 2


@dataclass(frozen=True, slots=True)
class Span:
    """text[start:end] belongs together. seams: where it may be broken all the same, being longer than a line."""

    start: int
    end: int
    kind: Kind
    seams: tuple[int, ...] = ()


def spans_of(text: str, terms: Collection[str] = ()) -> Iterator[Span]:
    """All spans of a text, not in order; they may lie within and across each other.

    A law's name in 《》 is a term whether it is among the terms or not.
    """
    for pattern in (ARTICLE, MEASURE):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), Kind.NUMBER)
    for match in LAW.finditer(text):
        yield _term(text, match.start(), match.end())
    for term in {each for each in terms if len(each) > 1}:
        at = text.find(term)
        while at >= 0:
            end = at + len(term)
            if text[at - 1 : at] == "《" and text[end : end + 1] == "》":
                at, end = at - 1, end + 1
            yield _term(text, at, end)
            at = text.find(term, end)


def _term(text: str, start: int, end: int) -> Span:
    whole = text[start:end]
    if width(whole) <= MOST_WIDTH:
        return Span(start, end, Kind.TERM)
    seams = tuple(start + match.start() for match in SEAM.finditer(whole) if 0 < match.start() < len(whole))
    return Span(start, end, Kind.TERM, seams)
