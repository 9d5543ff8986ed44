"""期次编号: the public number of a lecture, `2026-11-2` for the second issued for November 2026."""

import re
from collections.abc import Iterable
from datetime import datetime

from core.clock import CHINA

NUMBER = re.compile(r"(?P<year>\d{4})-(?P<month>[1-9]|1[0-2])-(?P<order>[1-9]\d{0,3})", re.ASCII)


def month_of(moment: datetime) -> tuple[int, int]:
    """Year and month of a moment on the calendar of China."""
    local = moment.astimezone(CHINA)
    return local.year, local.month


def month_prefix(year: int, month: int) -> str:
    return f"{year:04d}-{month}-"


def next_number(year: int, month: int, taken: Iterable[str]) -> str:
    """The number after the highest one ever issued for the month; taken may hold other months' too."""
    orders = [
        int(match["order"])
        for match in map(NUMBER.fullmatch, taken)
        if match and int(match["year"]) == year and int(match["month"]) == month
    ]
    return f"{month_prefix(year, month)}{max(orders, default=0) + 1}"


def is_number(text: str) -> bool:
    return NUMBER.fullmatch(text) is not None
