"""A made-up announcement of 2027's holidays: the real one is not out in the tests' November 2026."""

import json
from datetime import date, timedelta

OFF = (
    ("元旦", date(2027, 1, 1), 3),
    ("春节", date(2027, 2, 5), 7),
    ("清明节", date(2027, 4, 3), 3),
    ("劳动节", date(2027, 5, 1), 5),
    ("端午节", date(2027, 6, 9), 1),
    ("中秋节", date(2027, 9, 15), 1),
    ("国庆节", date(2027, 10, 1), 7),
)
WORKED = (("春节", date(2027, 1, 30)), ("劳动节", date(2027, 5, 8)), ("国庆节", date(2027, 10, 9)))


def rows_2027() -> list[tuple[date, str, str]]:
    """(day, 放假 or 上班, name)."""
    off = [(first + timedelta(days=n), "放假", name) for name, first, count in OFF for n in range(count)]
    return [*off, *((day, "上班", name) for name, day in WORKED)]


def announcement_2027() -> bytes:
    lines = ["日期,类型,名称", *(f"{day.isoformat()},{kind},{name}" for day, kind, name in rows_2027())]
    return "\n".join(lines).encode()


def announcement_2027_json() -> bytes:
    """In the widespread form with isOffDay."""
    days = [
        {"name": name, "date": day.isoformat(), "isOffDay": kind == "放假"} for day, kind, name in rows_2027()
    ]
    return json.dumps({"year": 2027, "papers": [], "days": days}, ensure_ascii=False).encode()
