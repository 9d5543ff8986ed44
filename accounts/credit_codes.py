"""统一社会信用代码 and its check character (GB 32100-2015, 5.1 and annex A). Pure."""

import re

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Without I, O, S, V and Z, which are misread."""
SHAPE = re.compile(rf"[1-9A-Y][{LETTERS}]\d{{6}}[{LETTERS}]{{10}}", re.ASCII)
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


def normal_credit_code(text: str) -> str:
    """As it is stored: without blanks, in capitals."""
    return "".join(text.split()).upper()


def check_character(first_seventeen: str) -> str:
    """C18 = 31 - (sum of Ci * Wi mod 31), 31 counting as 0."""
    total = sum(
        LETTERS.index(letter) * weight for letter, weight in zip(first_seventeen, WEIGHTS, strict=True)
    )
    return LETTERS[-total % 31]


def credit_code_fault(code: str) -> str | None:
    """What is wrong with a code, in words to show; None when it is one. code: as `normal_credit_code` makes it."""
    if len(code) != 18:
        return f"统一社会信用代码有 18 位，现在是 {len(code)} 位，请对照证书核对。"
    if not SHAPE.fullmatch(code) or code[0] not in LETTERS:
        return (
            "统一社会信用代码只用数字和大写字母（没有 I、O、S、V、Z），第 3 到 8 位是数字，请对照证书核对。"
        )
    if code[17] != check_character(code[:17]):
        return "统一社会信用代码的校验位不对，多半是某一位抄错了，请对照证书核对。"
    return None
