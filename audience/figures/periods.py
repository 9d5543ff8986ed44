"""Periods of days in China, both ends included. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from core.clock import CHINA


@dataclass(frozen=True, slots=True)
class Period:
    first: date
    last: date

    @classmethod
    def of_month(cls, month: date) -> "Period":
        first = month.replace(day=1)
        return cls(first, next_month(first) - timedelta(days=1))

    @classmethod
    def of_year(cls, year: int) -> "Period":
        return cls(date(year, 1, 1), date(year, 12, 31))

    @property
    def begins(self) -> datetime:
        return day_begins(self.first)

    @property
    def ends(self) -> datetime:
        """The first moment that is not part of it."""
        return day_begins(self.last + timedelta(days=1))

    def months(self) -> frozenset[date]:
        """The first days of the months it touches."""
        found, month = set(), self.first.replace(day=1)
        while month <= self.last:
            found.add(month)
            month = next_month(month)
        return frozenset(found)


def day_begins(day: date) -> datetime:
    """Midnight in China."""
    return datetime.combine(day, time(), CHINA).astimezone(UTC)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
