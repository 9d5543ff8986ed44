"""The month of a day, worked out by the database, so that a year's days need not be read one by one."""

from datetime import date

from pypika_tortoise.functions import Cast
from pypika_tortoise.terms import Function as SqlFunction
from pypika_tortoise.terms import Term, ValueWrapper
from tortoise.expressions import Function

LENGTH = len("2026-11")


class _MonthText(SqlFunction):
    """A date as text is YYYY-MM-DD on SQLite, which keeps it so, and on PostgreSQL."""

    def __init__(self, day: Term, alias: str | None = None) -> None:
        # Written out: with parameters PostgreSQL takes what is selected and what is grouped by for two expressions.
        first, length = (ValueWrapper(each, allow_parametrize=False) for each in (1, LENGTH))
        super().__init__("SUBSTR", Cast(day, "TEXT"), first, length, alias=alias)


class MonthOf(Function):
    """Of a DateField: text such as 2026-11; first_day says which month that is."""

    database_func = _MonthText


def first_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
