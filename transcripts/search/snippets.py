"""What of a document is shown for a question: its title and a few places, with the words marked. Pure."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from transcripts.search.asking import Question
from transcripts.search.documents import Passage
from transcripts.search.normal import align, normalise_each
from transcripts.search.tokens import is_han

BEFORE = 12
"""Characters kept before the first word that is marked."""


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_hit: bool = False


@dataclass(frozen=True, slots=True)
class Snippet:
    """seconds: where it is said; None in what has no time."""

    pieces: tuple[Piece, ...]
    seconds: int | None = None

    @property
    def text(self) -> str:
        return "".join(each.text for each in self.pieces)


def pattern_of(question: Question) -> re.Pattern[str]:
    """Of all words in all their ways, within normal text; the longer one first where two begin alike."""
    texts = sorted({way.text for ways in question.words for way in ways}, key=len, reverse=True)
    return re.compile("|".join(map(_loosely, texts)) or r"(?!)")


def _loosely(text: str) -> str:
    """With room for the spaces of punctuation or of the end of a cue. A number or Latin word is whole."""
    letters = text.replace(" ", "")
    joined = " ?".join(map(re.escape, letters))
    first, last = letters[0], letters[-1]
    before = "" if is_han(first) else r"(?<!\d)" if first.isdecimal() else r"(?<![a-z])"
    after = "" if is_han(last) else r"(?!\d)" if last.isdecimal() else r"(?![a-z])"
    return f"{before}{joined}{after}"


def mark(text: str, pattern: re.Pattern[str]) -> tuple[Piece, ...]:
    """The text as it is, in pieces."""
    aligned = align(text)
    pieces: list[Piece] = []
    done = 0
    for found in pattern.finditer(aligned.text):
        start, end = aligned.original(found.start(), found.end())
        if start > done:
            pieces.append(Piece(text[done:start]))
        if end > done:
            pieces.append(Piece(text[max(start, done) : end], is_hit=True))
            done = end
    if done < len(text):
        pieces.append(Piece(text[done:]))
    return tuple(pieces)


def snippets(
    passages: Sequence[Passage], pattern: re.Pattern[str], *, most: int, characters: int
) -> tuple[list[Snippet], int]:
    """The first places, apart from each other, and how many passages have something to show in all."""
    normal = normalise_each(each.text for each in passages)
    starts = [0, *accumulate(len(each) + 1 for each in normal)]
    hits = [
        bisect_right(starts, found.start()) - 1
        for found in pattern.finditer(" ".join(normal))
        if found.end() > found.start()
    ]
    shown: list[Snippet] = []
    covered = -1
    for at in sorted(set(hits)):
        if at <= covered:
            continue
        if len(shown) == most:
            break
        text, covered = _window(passages, at, characters)
        shown.append(Snippet(_shortened(mark(text, pattern), characters), passages[at].seconds))
    return shown, len(set(hits))


def _window(passages: Sequence[Passage], at: int, characters: int) -> tuple[str, int]:
    """From a passage on, as far as there is room, for speech only; and the last passage that is in it."""
    text, last = passages[at].text, at
    if passages[at].seconds is None:
        return text, last
    while last + 1 < len(passages) and len(text) + len(passages[last + 1].text) < characters:
        last += 1
        text += " " + passages[last].text
    return text, last


def _shortened(pieces: Iterable[Piece], characters: int) -> tuple[Piece, ...]:
    """Around the first hit, with … where something is left out."""
    pieces = list(pieces)
    first = next((at for at, each in enumerate(pieces) if each.is_hit), 0)
    if first > 0 and len(pieces[first - 1].text) > BEFORE:
        pieces = [Piece("…" + pieces[first - 1].text[-BEFORE:]), *pieces[first:]]
    room, kept = characters, []
    for each in pieces:
        if len(each.text) > room:
            kept.append(Piece(each.text[:room] + "…", each.is_hit))
            break
        kept.append(each)
        room -= len(each.text)
        if room == 0:
            break
    return tuple(kept)


def beginning(passages: Sequence[Passage], characters: int) -> str:
    """What a document starts with, where no word was found in its text."""
    text = ""
    for each in passages:
        text += (" " if text else "") + each.text
        if len(text) > characters:
            return text[:characters] + "…"
    return text
