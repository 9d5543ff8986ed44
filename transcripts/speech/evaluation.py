"""How well was it heard? Errors of characters, terms, and text that nobody said. Pure.

The character error rate is micro: all edits over all reference characters, never the mean of files (a short clip
would weigh as much as a lecture). Both sides are first written the same way: figures, width, case, script and
punctuation are not what is measured.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from transcripts.speech.simplified import simplified
from transcripts.speech.words import Segment

_TAG = re.compile(r"<\|[^|]*\|>")
_DIGITS = "零〇一二两三四五六七八九"
_NUMERAL = re.compile(rf"[{_DIGITS}十百千万亿]+")
_PERCENT = re.compile(rf"(百分之|千分之)([{_DIGITS}十百千万亿点\d.]+)")
_POINT = re.compile(r"(?<=\d)点(?=\d)")
_KEPT = re.compile(r"[^\w%‰.]|_|(?<!\d)\.|\.(?!\d)")
_NO_NUMBER = re.compile(r"[一二两三四五六七八九]{2}|^[百千万亿]|[十百千]{2}")
"""In a numeral with places: 三四十 is about how many, 千万 is a word."""
_VALUES = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"万": 10**4, "亿": 10**8}


def normalised(text: str) -> str:
    """Marks of models dropped, NFKC, simplified, upper case, numbers as figures (第十一条 is 第11条, 百分之五十 is
    50%), and letters, figures and % alone.
    """
    text = simplified(unicodedata.normalize("NFKC", _TAG.sub("", text))).upper()
    text = _PERCENT.sub(lambda found: found.group(2) + ("%" if found.group(1) == "百分之" else "‰"), text)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = _POINT.sub(".", _NUMERAL.sub(lambda found: _figures(found.group()), text))
    return _KEPT.sub("", text)


def _figures(numeral: str) -> str:
    """一千一百六十五 is 1165, 二〇二六 is 2026, 三万五 is 35000; what is no number (千万, 三四十) stays as it is."""
    if all(letter in _VALUES for letter in numeral):
        return "".join(str(_VALUES[letter]) for letter in numeral)
    if _NO_NUMBER.search(numeral):
        return numeral
    total = group = digit = 0
    last = 1
    for letter in numeral:
        if letter in _VALUES:
            digit = _VALUES[letter]
            last = last if digit else 1
        elif letter in _PLACES:
            group += (digit or 1) * _PLACES[letter]
            digit, last = 0, _PLACES[letter]
        elif letter == "亿":
            total = (total + group + digit) * _GROUPS[letter]
            group, digit, last = 0, 0, _GROUPS[letter]
        else:
            total += (group + digit) * _GROUPS[letter]
            group, digit, last = 0, 0, _GROUPS[letter]
    if last >= 100:
        digit *= last // 10  # spoken short: 一百三 is 130
    return str(total + group + digit)


def edits(reference: str, heard: str) -> int:
    """The least number of characters to put in, leave out or change (Levenshtein)."""
    theirs = np.frombuffer(heard.encode("utf-32-le"), np.uint32)
    steps = np.arange(len(theirs) + 1)
    row = steps.copy()
    for place, letter in enumerate(np.frombuffer(reference.encode("utf-32-le"), np.uint32), start=1):
        best = np.empty_like(row)
        best[0] = place
        best[1:] = np.minimum(row[1:] + 1, row[:-1] + (theirs != letter))
        # Characters put in: each costs one more than the best to its left.
        row = np.minimum.accumulate(best - steps) + steps
    return int(row[-1])


@dataclass(frozen=True, slots=True)
class Terms:
    """said: how often terms stand in the references; found: how many of those were heard."""

    said: int
    found: int

    @property
    def recall(self) -> float | None:
        return self.found / self.said if self.said else None


def terms_found(reference: str, heard: str, terms: Collection[str]) -> Terms:
    """Texts and terms normalised. A term that is said twice and heard once counts half."""
    said = {term: count for term in terms if term and (count := reference.count(term))}
    return Terms(sum(said.values()), sum(min(count, heard.count(term)) for term, count in said.items()))


def outside_speech(segments: Iterable[Segment], spans: Sequence[tuple[float, float]]) -> int:
    """Characters of words whose middle lies where nobody speaks."""
    return sum(
        sum(letter.isalnum() for letter in word.text)
        for segment in segments
        for word in segment.words
        if not any(start <= (word.start + word.end) / 2 <= end for start, end in spans)
    )


@dataclass(frozen=True, slots=True)
class ClipScore:
    """reference and heard: normalised. seconds: of sound; spent: of recognising it. invented: characters where nobody
    speaks, in what counts; invented_before: the same before the filters. held: characters that wait for a person.
    """

    name: str
    reference: str
    heard: str
    edits: int
    terms: Terms
    seconds: float
    speech_seconds: float
    spent: float
    invented: int
    invented_before: int
    held: int

    @property
    def cer(self) -> float | None:
        return self.edits / len(self.reference) if self.reference else None


@dataclass(frozen=True, slots=True)
class Score:
    """Of all clips together; None where there is nothing to divide by."""

    clips: tuple[ClipScore, ...]

    @property
    def characters(self) -> int:
        return sum(len(clip.reference) for clip in self.clips)

    @property
    def edits(self) -> int:
        """Of clips with a reference; what is heard in one without any is invented."""
        return sum(clip.edits for clip in self.clips if clip.reference)

    @property
    def cer(self) -> float | None:
        return self.edits / self.characters if self.characters else None

    @property
    def terms(self) -> Terms:
        return Terms(
            sum(clip.terms.said for clip in self.clips), sum(clip.terms.found for clip in self.clips)
        )

    @property
    def seconds(self) -> float:
        return sum(clip.seconds for clip in self.clips)

    @property
    def silent_minutes(self) -> float:
        return sum(clip.seconds - clip.speech_seconds for clip in self.clips) / 60

    @property
    def invented_per_silent_minute(self) -> float | None:
        return self._per_silent_minute(sum(clip.invented for clip in self.clips))

    @property
    def invented_before_per_silent_minute(self) -> float | None:
        return self._per_silent_minute(sum(clip.invented_before for clip in self.clips))

    @property
    def real_time_factor(self) -> float | None:
        return sum(clip.spent for clip in self.clips) / self.seconds if self.seconds else None

    def _per_silent_minute(self, count: int) -> float | None:
        return count / self.silent_minutes if self.silent_minutes > 0 else None
