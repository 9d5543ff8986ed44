"""Chinese numerals of articles of law, both ways. Up to four digits, as no law has more."""

DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
PLACES = {"十": 10, "百": 100, "千": 1000}
LARGEST = 9999
WRITTEN = "〇一二三四五六七八九"


def number_of(text: str) -> int | None:
    """What 一百三十三, 一三三, 133 or １３３ say; None for anything else, and for more than LARGEST."""
    if text.isdecimal():
        value = int(text) if len(text) <= len(str(LARGEST)) else LARGEST + 1
    elif not text or not all(letter in DIGITS or letter in PLACES for letter in text):
        return None
    elif not any(letter in PLACES for letter in text):
        value = int("".join(str(DIGITS[letter]) for letter in text)) if len(text) <= 4 else LARGEST + 1
    else:
        value = _by_places(text)
    return value if 0 <= value <= LARGEST else None


def _by_places(text: str) -> int:
    """-1 where the places do not go down, as in 十百."""
    total, digit, last = 0, 0, LARGEST + 1
    for letter in text:
        if letter in DIGITS:
            if digit:
                return -1
            digit = DIGITS[letter]
            continue
        place = PLACES[letter]
        if place >= last:
            return -1
        total += (digit or 1) * place
        digit, last = 0, place
    if digit and text[-2:-1] and text[-2] in PLACES and PLACES[text[-2]] > 10:
        digit *= PLACES[text[-2]] // 10  # 一百三 is 130, spoken short
    return total + digit


def numeral(value: int) -> str:
    """1165 → 一千一百六十五, as laws are written. value: from 0 to LARGEST."""
    if not 0 <= value <= LARGEST:
        raise ValueError(f"no article {value}")
    if value == 0:
        return "零"
    text = ""
    is_skipped = False
    for name, place in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, value = divmod(value, place)
        if digit:
            text += ("零" if is_skipped and text else "") + WRITTEN[digit] + name
            is_skipped = False
        else:
            is_skipped = True
    return text.removeprefix("一") if text.startswith("一十") else text
