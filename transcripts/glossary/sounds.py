"""What Chinese characters sound like to a recogniser: pinyin without tones, with the sounds that are often confused
taken as one. The one place that knows pypinyin.
"""

import re
from functools import lru_cache

from pypinyin import Style, pinyin

HAN = re.compile(r"[㐀-䶿一-鿿]")
CONFUSED = (("zh", "z"), ("ch", "c"), ("sh", "s"))
FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


@lru_cache(maxsize=20_000)
def exact_sounds_of(character: str) -> frozenset[str]:
    """All readings of one Han character without tones; empty for anything else."""
    if not HAN.fullmatch(character):
        return frozenset()
    readings = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    return frozenset(readings[0] if readings else ())


@lru_cache(maxsize=20_000)
def sounds_of(character: str) -> frozenset[str]:
    """All readings of one Han character, confusable sounds as one; empty for anything else.

    z/zh, c/ch, s/sh, n/l, an/ang, en/eng, in/ing are one sound each.
    """
    return frozenset(map(_plain, exact_sounds_of(character)))


def _plain(reading: str) -> str:
    for written, sound in CONFUSED:
        if reading.startswith(written):
            reading = sound + reading[len(written) :]
            break
    if reading.startswith("n") and len(reading) > 1:
        reading = "l" + reading[1:]
    for written, sound in FINALS:
        if reading.endswith(written):
            return reading[: -len(written)] + sound
    return reading
