"""What a person may have meant when nothing is found: terms that look or sound alike. Pure."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

from pypinyin import lazy_pinyin

ALIKE = 0.5
"""From 0 to 1, how alike a term must look or sound."""


def near_terms(typed: str, terms: Iterable[str], *, most: int) -> list[str]:
    """The nearest first. typed: normal text."""
    words = [typed, *typed.split()]
    scored = [(max(_likeness(word, term) for word in words), term) for term in dict.fromkeys(terms)]
    near = [(score, term) for score, term in scored if score >= ALIKE and term != typed]
    return [term for _, term in sorted(near, key=lambda pair: (-pair[0], len(pair[1]), pair[1]))[:most]]


def _likeness(word: str, term: str) -> float:
    if not set(word) & set(term):
        looks = 0.0
    else:
        looks = SequenceMatcher(None, word, term, autojunk=False).ratio()
        shorter = min(len(word), len(term))
        if shorter >= 2 and (word in term or term in word):
            looks = max(looks, 0.75)
    if abs(len(word) - len(term)) > 1:
        return looks
    sounds = SequenceMatcher(None, _syllables(word), _syllables(term), autojunk=False).ratio()
    return max(looks, sounds)


@lru_cache(maxsize=8192)
def _syllables(text: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(text))
