"""What a recognised text probably meant: a term of the glossary that sounds like what stands there.

行政负义 is 行政复议. Few and right are wanted, not all: ordinary words stay what they are.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from transcripts.cues.statutes import IN_DIGITS, in_house_digits
from transcripts.cues.wording import is_word, words_of
from transcripts.glossary.sounds import exact_sounds_of, sounds_of

SOUNDS_LIKE = "读音相近"
DIGITS = "条文序号统一用汉字"
LONGEST = 40
"""Characters of a term that is compared by its sound."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """text[start:end] should probably read term. reason: in Chinese, for whoever decides."""

    start: int
    end: int
    term: str
    reason: str


def suggest(text: str, terms: Collection[str]) -> list[Suggestion]:
    """In order, not overlapping; longer terms go first. Not on the event loop for more than a few cues.

    Never for text that already is one of the terms. A term of two characters must sound the same but for tones, and
    what stands there must be no word; a longer one may differ in z/zh, c/ch, s/sh, n/l, an/ang, en/eng, in/ing.
    """
    known = {term for term in terms if 2 <= len(term) <= LONGEST}
    taken = list(_exact(text, known))
    found = sorted(_candidates(text, known), key=lambda each: (each.start - each.end, each.start))
    chosen = [
        Suggestion(match.start(), match.end(), in_house_digits(match.group()), DIGITS)
        for match in IN_DIGITS.finditer(text)
    ]
    for each in found:
        overlaps = any(other.start < each.end and each.start < other.end for other in chosen)
        if not overlaps and not _is_said(each, taken):
            chosen.append(each)
    return sorted(chosen, key=lambda each: each.start)


def _exact(text: str, terms: Collection[str]) -> Iterator[tuple[int, int]]:
    for term in terms:
        at = text.find(term)
        while at >= 0:
            yield at, at + len(term)
            at = text.find(term, at + 1)


def _is_said(each: Suggestion, taken: Collection[tuple[int, int]]) -> bool:
    """Whether a term stands there already: all of it or across its edge; one within it may be part of it."""
    for start, end in taken:
        is_within = each.start <= start and end <= each.end and end - start < each.end - each.start
        if start < each.end and each.start < end and not is_within:
            return True
    return False


def _candidates(text: str, terms: Collection[str]) -> Iterator[Suggestion]:
    index = _by_first_sounds(terms)
    edges = _edges(text)
    heard = [_sounds(letter) for letter in text]
    for start in range(len(text) - 1):
        seen: set[str] = set()
        for pair in product(heard[start], heard[start + 1]):
            for term in index.get(pair, ()):
                end = start + len(term)
                if term in seen or end > len(text):
                    continue
                seen.add(term)
                if _is_meant(text[start:end], term, start in edges and end in edges):
                    yield Suggestion(start, end, term, SOUNDS_LIKE)


def _by_first_sounds(terms: Collection[str]) -> Mapping[tuple[str, str], Sequence[str]]:
    index: dict[tuple[str, str], list[str]] = defaultdict(list)
    for term in terms:
        for pair in product(_sounds(term[0]), _sounds(term[1])):
            index[pair].append(term)
    return index


def _edges(text: str) -> set[int]:
    edges = {0}
    at = 0
    for word in words_of(text):
        at += len(word)
        edges.add(at)
    return edges


def _sounds(letter: str) -> frozenset[str]:
    """What has no sound stands for itself."""
    return sounds_of(letter) or frozenset((letter,))


def _is_meant(said: str, term: str, is_at_edges: bool) -> bool:
    if said == term:
        return False
    same = sum(mine == theirs for mine, theirs in zip(said, term, strict=True))
    if len(term) == 2:
        exact = all(
            exact_sounds_of(mine) & exact_sounds_of(theirs) for mine, theirs in zip(said, term, strict=True)
        )
        return exact and is_at_edges and not is_word(said)
    if len(term) == 3 and not (is_at_edges or same):
        return False
    return not is_word(said) and all(
        _sounds(mine) & _sounds(theirs) for mine, theirs in zip(said, term, strict=True)
    )
