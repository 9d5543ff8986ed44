"""Words of the index: a text in pairs of characters, for which neither database needs to know Chinese.

A run of Chinese characters c1 c2 … cn gives the tokens c1c2, c2c3, …, cn: each character begins exactly one. So a
word of two characters is one token, a longer one a phrase of them, and a single character the beginning of one.
Latin words and numbers are tokens as they stand. A token has nothing but letters and digits in it, so none can be
taken for a part of a query's language.
"""

import re
from dataclasses import dataclass

_HAN = "〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
_RUN = re.compile(rf"([{_HAN}]+)|([0-9]+)|([^\W_{_HAN}0-9]+)")
_HAN_LETTER = re.compile(rf"[{_HAN}]")
LONGEST = 60
"""Characters of a Latin word or number that are looked at."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that follow each other. open_end: the last one is only the beginning of a token."""

    tokens: tuple[str, ...]
    open_end: bool = False


def tokens(normal: str) -> list[str]:
    """Of a normal text (see `normal`), in order."""
    found: list[str] = []
    for match in _RUN.finditer(normal):
        run = match[0]
        if match[1]:
            found += [run[at : at + 2] for at in range(len(run))]
        else:
            found.append(run[:LONGEST])
    return found


def phrase(normal: str) -> Phrase | None:
    """What to look for so as to find a normal text within others; None without a letter or digit in it."""
    found = tokens(normal)
    if not found:
        return None
    last = found[-1]
    if len(last) > 1 or not _HAN_LETTER.match(last):
        return Phrase(tuple(found))
    # The last token is a character that ends a run here, and need not end one in the text.
    if len(found) > 1 and len(found[-2]) == 2 and _HAN_LETTER.match(found[-2]):
        return Phrase(tuple(found[:-1]))
    return Phrase(tuple(found), open_end=True)


def is_han(letter: str) -> bool:
    return _HAN_LETTER.match(letter) is not None
