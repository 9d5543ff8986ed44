"""Laws and their articles as they are spoken of: 《行政复议法》第十一条, 行政复议法第11条, 本法第十二条, 第十三条.

A law is known by 《》 or by one of its names (glossary.seed); an article without one belongs to the law named last.
House rule for numbers: articles are kept as Arabic numerals and shown in Chinese ones, as laws are promulgated.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from transcripts.cues.cue import Cue
from transcripts.cues.numerals import number_of, numeral
from transcripts.glossary.seed import CHINA, seed

COUNT = r"[0-9０-９零〇一二两三四五六七八九十百千]{1,9}"
BETWEEN = r"[\s，,]{0,2}(?:的|里面的?|里的?|当中的?|中的?|规定的)?[\s，,]{0,2}"
REFERENCE = r"(?:本|该|这部|这个|上述|前述)(?:法律|法规|法典|法|条例|规定|办法|细则)"
NO_ARTICLE = r"(?!(?:路|街|线|建议|经验|意见|原因|理由|措施|要求|线索|信息|短信|消息|评论|新闻|红线|底线))"
"""第一条建议 is no article."""
IN_DIGITS = re.compile(r"第\s?([0-9０-９]{1,4})\s?([条款项])(?:\s?之\s?([0-9０-９]{1,2}))?")
ENDINGS = ("法", "法典", "条例", "规定", "办法", "细则", "规则", "解释", "决定")
NO_LAWS = ("方法", "书法", "语法", "用法", "兵法", "魔法", "做法", "看法", "想法", "说法", "手法")
NOT_AFTER = r"(?![律院官学治定庭理务师医]|规(?!定)|制(?!定))"
"""劳动法律 and 行政诉讼法院 speak of no law, 行政复议法规定 does."""
SHORTEST_BARE = 3
BARE_ALL_THE_SAME = ("宪法", "刑法")
"""Shorter names are found by their 《》 or their article only: 水法 is also in 排水法规."""
EDITION = re.compile(r"[（(][^（）()]{1,20}[）)]$")
LONGEST_NAME = 80
LEAST_APART_MS = 20_000
"""Between two suggested chapters."""


@dataclass(frozen=True, slots=True)
class Statute:
    """text[start:end] speaks of it. law: full official name without 《》; as spoken, where it is not known.

    article: "11", "133-1" for 第一百三十三条之一, "" for the law as a whole. paragraph, item: as numbers, 0 for none.
    """

    law: str
    article: str
    start: int
    end: int
    paragraph: int = 0
    item: int = 0


@dataclass(frozen=True, slots=True)
class Spoken:
    """A statute spoken of at a moment of the lecture."""

    at_ms: int
    law: str
    article: str


ChapterKey = tuple[str, str]
"""(law, article): in a lecture there is one chapter of each, wherever its cue is moved."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A suggestion: title such as 《行政复议法》第十一条."""

    at_ms: int
    title: str
    law: str
    article: str

    @property
    def key(self) -> ChapterKey:
        return self.law, self.article


def find_statutes(text: str, laws: Mapping[str, str] | None = None) -> list[Statute]:
    """In order, not overlapping. laws: full names by all names; those that came with us by default."""
    known = seed().laws if laws is None else laws
    return list(_found(text, known))


def _found(text: str, laws: Mapping[str, str]) -> Iterator[Statute]:
    current = ""
    for match in _pattern(tuple(laws)).finditer(text):
        if match["quoted"] is not None:
            law = law_name(match["quoted"], laws)
            if not law:
                continue
        elif match["named"] is not None:
            name = match["named"].removeprefix(CHINA).removeprefix("我国")
            is_short = len(name) < SHORTEST_BARE and name not in BARE_ALL_THE_SAME
            if is_short and match["article1"] is None:
                continue
            law = laws[name]
        elif not current:
            continue
        else:
            law = current
        current = law
        article = _article(_part(match, "article"), _part(match, "branch"))
        if article is None:
            continue
        yield Statute(
            law,
            article,
            match.start(),
            match.end(),
            number_of(_part(match, "paragraph") or "") or 0,
            number_of(_part(match, "item") or "") or 0,
        )


def law_name(name: str, laws: Mapping[str, str] | None = None) -> str:
    """The full name of what stands in 《》, "" for what is no law: a name that is not known must end like one."""
    known = seed().laws if laws is None else laws
    plain = EDITION.sub("", "".join(name.split()))
    found = known.get(plain) or known.get(plain.removeprefix(CHINA))
    if found:
        return found
    is_law = plain.endswith(ENDINGS) and not plain.endswith(NO_LAWS) and len(plain) <= LONGEST_NAME
    return plain if is_law else ""


def _article(number: str | None, branch: str | None) -> str | None:
    """None for an article there cannot be."""
    if number is None:
        return ""
    value = number_of(number)
    if not value:
        return None
    if branch is None:
        return str(value)
    below = number_of(branch)
    return f"{value}-{below}" if below else str(value)


@lru_cache(maxsize=4)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """One alternation, the longest name first: 行政复议法实施条例 is not 行政复议法."""
    named = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(
        rf"(?:《(?P<quoted>[^《》\n]{{2,{LONGEST_NAME}}})》"
        rf"|(?P<named>(?:{CHINA}|我国)?(?:{named})){NOT_AFTER})(?:{BETWEEN}{_article_groups(1, '第?')})?"
        rf"|{REFERENCE}{BETWEEN}{_article_groups(2)}"
        rf"|{_article_groups(3)}{NO_ARTICLE}"
    )


def _article_groups(place: int, ordinal: str = "第") -> str:
    """The pattern of an article; its groups end in the place, since a name stands once in a pattern."""
    count = rf"{COUNT})"
    return (
        rf"{ordinal}\s?(?P<article{place}>{count}\s?条(?:\s?之\s?(?P<branch{place}>{count})?"
        rf"(?:的?\s?第\s?(?P<paragraph{place}>{count}\s?款)?"
        rf"(?:的?\s?第\s?[（(]?(?P<item{place}>{count}[)）]?\s?项)?"
    )


def _part(match: re.Match[str], name: str) -> str | None:
    return match[f"{name}1"] or match[f"{name}2"] or match[f"{name}3"]


def statute_title(law: str, article: str) -> str:
    """《行政复议法》第十一条: the law without 中华人民共和国, the article as laws are written."""
    return f"《{law.removeprefix(CHINA)}》{article_words(article)}"


def article_words(article: str) -> str:
    """ "133-1" → 第一百三十三条之一; "" stays empty."""
    if not article:
        return ""
    number, _, branch = article.partition("-")
    return f"第{numeral(int(number))}条" + (f"之{numeral(int(branch))}" if branch else "")


def in_house_digits(text: str) -> str:
    """Every 第1165条, 第2款 and 第3项 in Chinese numerals, whatever the recogniser wrote."""
    return IN_DIGITS.sub(_in_words, text)


def _in_words(match: re.Match[str]) -> str:
    value = number_of(match[1])
    if value is None:
        return match[0]
    branch = f"之{numeral(int(match[3]))}" if match[3] else ""
    return f"第{numeral(value)}{match[2]}{branch}"


def spoken_statutes(cues: Sequence[Cue], laws: Mapping[str, str] | None = None) -> list[Spoken]:
    """Every statute of a lecture with the start of the cue it begins in; a citation may go on in the next cue."""
    texts = [cue.text for cue in cues]
    starts = [0]
    for text in texts:
        starts.append(starts[-1] + len(text))
    return [
        Spoken(cues[bisect_right(starts, found.start) - 1].start_ms, found.law, found.article)
        for found in find_statutes("".join(texts), laws)
    ]


def chapters(cues: Sequence[Cue], laws: Mapping[str, str] | None = None) -> list[Chapter]:
    """Where a lecture comes to another article, or first to a law: suggestions, at least LEAST_APART_MS apart.

    What was a chapter before is none again: a lecturer comes back to an article in passing.
    """
    made: list[Chapter] = []
    known: set[tuple[str, str]] = set()
    for spoken in spoken_statutes(cues, laws):
        key = (spoken.law, spoken.article)
        if key in known or (not spoken.article and any(law == spoken.law for law, _ in known)):
            continue
        if made and spoken.at_ms - made[-1].at_ms < LEAST_APART_MS:
            last = made[-1]
            if last.law == spoken.law and not last.article:  # 《行政复议法》 is named, then its article read
                known.add(key)
                made[-1] = Chapter(last.at_ms, statute_title(*key), *key)
            continue
        known.add(key)
        made.append(Chapter(spoken.at_ms, statute_title(*key), *key))
    return made


def law_link(template: str, law: str) -> str:
    """The address of a law in a law database: of the law, since revisions change the numbers of its articles.

    template: with {law} where its name goes; without, the database's own page is all there is to link to.
    """
    return template.replace("{law}", quote(law, safe=""))
