"""Words to glyphs: what can stand at the edge of a line and what sticks to it, in order, each with times that hold.

An engine may say anything: times that are no numbers, that go back or stretch over a minute, a word of 200 letters.
Every letter is kept; times are mended so that each glyph begins after the one before it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import pairwise
from math import isfinite
from unicodedata import category

from transcripts.cues.measure import MOST_WIDTH, width
from transcripts.speech.words import Word

OPENING = "《〈“‘（【「『(\\[{"
CLOSING = "》〉”’）】」』)\\]}"
STICKING = CLOSING + "？！?!：:…—～·%％‰℃"
"""Never the first of a line."""
SENTENCE_ENDS, CLAUSE_ENDS, COMMAS, ENUMERATION = "。.", "；;", "，,", "、"
DROPPED = SENTENCE_ENDS + CLAUSE_ENDS + COMMAS + ENUMERATION
LATIN = r"[A-Za-z0-9À-ɏ０-９](?:[A-Za-z0-9À-ɏ０-９]|[.,:'’_@/&+\-](?=[A-Za-z0-9])){0,200}"
COMBINING = r"(?:[̀-ͯ‍︀-️⃐-⃿\U0001F3FB-\U0001F3FF]|(?<=‍).){0,12}"
PARTS = re.compile(
    rf"(?P<between>[\s{DROPPED}]+)"
    rf"|[{OPENING}]{{0,3}}(?:{LATIN}|[\U0001F1E6-\U0001F1FF]{{2}}|[^\s{DROPPED}]{COMBINING})[{STICKING}]{{0,3}}"
    r"|.",
    re.DOTALL,
)
SWAPPED = re.compile(rf"([{DROPPED}]+)([{CLOSING}]+)")
"""A full stop before a closing mark: the mark belongs to what was said, the stop parts it from what follows."""

MOST_SECONDS = 360_000.0
"""100 hours: a later time is no time of a lecture."""
LARGEST_STEP_BACK = 2.0
"""Seconds. A smaller step is an engine's jitter and the words stand in order; a larger one is out of order."""
LEAST_STEP = 0.02
"""Seconds a letter takes at least: what is said at one moment is laid out one after the other."""
USUAL_STEP = 0.2
"""Seconds a letter takes where its end is not known."""
LONGEST_STEP = 1.5
"""Seconds a letter takes at most: an engine's ends stretch over the silence after them."""
LONGEST_GLYPH = 5.0


class Mark(IntEnum):
    """The strongest punctuation after a glyph."""

    NONE = 0
    ENUMERATION = 1
    COLON = 2
    COMMA = 3
    SENTENCE = 4


@dataclass(frozen=True, slots=True)
class Glyph:
    """text: shown as it is. start, end: seconds. words: which words it is of, and how much of it each makes.

    joiner: what stands between it and the next one in the same line; at the end of a line nothing does.
    """

    text: str
    start: float
    end: float
    words: tuple[tuple[int, str], ...]
    joiner: str = ""
    mark: Mark = Mark.NONE


def glyphs_of(words: Sequence[Word]) -> tuple[list[Word], list[Glyph]]:
    """The words as mended (glyphs count them), and their glyphs, none wider than a line."""
    mended = _mended(words)
    letters = list(_letters(mended))
    text = "".join(letter for letter, _, _, _ in letters)
    for match in SWAPPED.finditer(text):
        start, middle, end = match.start(), match.start(2), match.end()
        letters[start:end] = letters[middle:end] + letters[start:middle]
    text = "".join(letter for letter, _, _, _ in letters)
    glyphs: list[Glyph] = []
    for match in PARTS.finditer(text):
        if match["between"]:
            if glyphs:
                glyphs[-1] = _followed(glyphs[-1], match["between"])
            continue
        at = match.start()
        for piece in _no_wider_than_a_line(match.group()):
            glyphs.append(_glyph(piece, letters[at : at + len(piece)]))
            at += len(piece)
    return mended, _in_order(glyphs)


def _mended(words: Sequence[Word]) -> list[Word]:
    """Words with text, in order of time, from the beginning of the lecture on."""
    runs: list[Word] = []
    latest, last_end = 0.0, 0.0
    for word in words:
        text = "".join(each for each in word.text if category(each) not in ("Cc", "Cs") or each in "\t\n\r")
        count = len("".join(text.split()))
        if not count:
            continue
        start = _second(word.start)
        if start is None:
            start = last_end
        if latest - LARGEST_STEP_BACK <= start < latest:
            start = latest
        latest = start
        end = _second(word.end)
        if end is None or end < start:
            end = start + USUAL_STEP * count
        last_end = min(end, start + LONGEST_STEP * count)
        prob = min(1.0, max(0.0, word.prob)) if isfinite(word.prob) else 0.0
        runs.append(Word(text, start, last_end, prob))
    ordered = sorted(runs, key=lambda word: word.start)  # stable: words of one moment stay in their order
    for place, (word, following) in enumerate(pairwise(ordered)):
        if following.start < word.end:
            shortest = word.start + LEAST_STEP * len(word.text)
            ordered[place] = replace(word, end=max(following.start, shortest))
    return ordered


def _second(value: float) -> float | None:
    return max(0.0, value) if isfinite(value) and value <= MOST_SECONDS else None


Letter = tuple[str, int, float, float]
"""A character, the word it is of, and its times."""


def _letters(words: Sequence[Word]) -> Iterator[Letter]:
    last = ""
    for place, word in enumerate(words):
        text = word.text
        if last.isalpha() and last.isascii() and text[0].isalpha() and text[0].isascii():
            yield " ", place, word.start, word.start
        step = (word.end - word.start) / len(text)
        for count, letter in enumerate(text):
            yield letter, place, word.start + step * count, word.start + step * (count + 1)
        last = text[-1]


def _followed(glyph: Glyph, between: str) -> Glyph:
    """Commas and stops become a space, and nothing at the end of a line; 、 stays a 、 inside it."""
    if any(letter in between for letter in SENTENCE_ENDS + CLAUSE_ENDS):
        mark = Mark.SENTENCE
    elif any(letter in between for letter in COMMAS):
        mark = Mark.COMMA
    else:
        mark = Mark.ENUMERATION if ENUMERATION in between else Mark.NONE
    joiner = ENUMERATION if mark is Mark.ENUMERATION else " "
    return replace(glyph, joiner=joiner, mark=max(mark, glyph.mark))


def _no_wider_than_a_line(text: str) -> Iterator[str]:
    while width(text) > MOST_WIDTH:
        most = int(MOST_WIDTH)
        while width(text[: most + 1]) <= MOST_WIDTH:
            most += 1
        yield text[:most]
        text = text[most:]
    yield text


def _glyph(text: str, letters: Sequence[Letter]) -> Glyph:
    words: list[tuple[int, str]] = []
    for letter, word, _, _ in letters:
        if words and words[-1][0] == word:
            words[-1] = (word, words[-1][1] + letter)
        else:
            words.append((word, letter))
    mark = Mark.NONE
    if any(each in text for each in "？！?!…"):
        mark = Mark.SENTENCE
    elif text[-1] in "：:—":
        mark = Mark.COLON
    return Glyph(text, letters[0][2], max(end for _, _, _, end in letters), tuple(words), "", mark)


def _in_order(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Each begins LEAST_STEP a letter after the one before it, and ends before the next begins."""
    starts = []
    earliest = 0.0
    for glyph in glyphs:
        starts.append(max(earliest, glyph.start))
        earliest = starts[-1] + LEAST_STEP * len(glyph.text)
    placed = []
    for place, glyph in enumerate(glyphs):
        start, least = starts[place], starts[place] + LEAST_STEP * len(glyph.text)
        most = start + min(LONGEST_GLYPH, max(LONGEST_STEP, LEAST_STEP * len(glyph.text)) * len(glyph.text))
        following = starts[place + 1] if place + 1 < len(glyphs) else most
        placed.append(replace(glyph, start=start, end=min(max(glyph.end, least), most, following)))
    return placed
