"""Simplified Chinese always: engines mix in traditional characters (OpenCC, t2s)."""

from functools import cache

import opencc


def simplified(text: str) -> str:
    return str(_converter().convert(text))


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
