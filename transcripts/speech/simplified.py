"""Simplified Chinese always: engines mix in traditional characters (OpenCC, t2s)."""

from collections.abc import Sequence
from functools import cache
from itertools import accumulate, pairwise

import opencc


def simplified(text: str) -> str:
    return str(_converter().convert(text))


def simplified_words(words: Sequence[str]) -> list[str]:
    """Each word, read in its sentence: which character is meant often shows from its neighbours (乾隆, not 干隆), and
    an engine's Chinese words are single characters.
    """
    whole = "".join(words)
    converted = simplified(whole)
    if converted == whole:
        return list(words)
    if len(converted) != len(whole):
        return [simplified(word) for word in words]
    edges = [0, *accumulate(map(len, words))]
    return [converted[start:end] for start, end in pairwise(edges)]


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
