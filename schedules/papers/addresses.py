"""The addresses that are printed, pasted and scanned. Pure.

They stay good for years on walls and in chats, so they are short and made here only.
"""


def lecture_address(site: str, number: str, unit_code: str | None = None) -> str:
    """The page of a lecture; with the code of a unit, visits by it count for that unit. site: its public address."""
    address = f"{site}/l/{number}"
    return address if unit_code is None else f"{address}?u={unit_code}"


def wall_address(site: str, unit_code: str) -> str:
    """The permanent address of a unit: always on to what is live, else next, else last."""
    return f"{site}/u/{unit_code}"
