"""Where the words of a Chinese text are: jieba, in its one place.

Its own cache file is never used: it is a marshalled object in a folder everybody may write to.
"""

import importlib
import logging
import re
import warnings
from functools import cache
from threading import Lock
from typing import Any

PIECES = re.compile(r".{1,1000}(?<=\W)|.{1,1000}", re.DOTALL)
"""What jieba is given at once: its time grows with the square of an unbroken run of characters it does not know."""
_loading = Lock()


def words_of(text: str) -> list[str]:
    """The words of a text in order; joined they are the text again. The first call loads the dictionary (1 s)."""
    with _loading:
        tokenizer = _tokenizer()
    return [word for piece in PIECES.findall(text) for word in tokenizer.cut(piece)]


def is_word(text: str) -> bool:
    """Whether the dictionary has it as a word of its own."""
    with _loading:
        return bool(_tokenizer().FREQ.get(text))


@cache
def _tokenizer() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of setuptools and old string escapes, at import
        jieba: Any = importlib.import_module("jieba")
    logging.getLogger("jieba").setLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer
