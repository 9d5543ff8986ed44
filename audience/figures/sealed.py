"""Which months are sealed, and what is therefore 补计."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from audience.models import MonthSeal


async def sealed_months() -> frozenset[date]:
    months: list[Any] = await MonthSeal.all().values_list("month", flat=True)
    return frozenset(months)


async def late_rule() -> Callable[[date, datetime], bool]:
    """Whether what belongs to a day and came to count at a moment is 补计: its month was sealed by then."""
    sealed_at = {seal.month: seal.sealed_at for seal in await MonthSeal.all().only("month", "sealed_at")}

    def is_late(day: date, counted_at: datetime) -> bool:
        sealed = sealed_at.get(day.replace(day=1))
        return sealed is not None and counted_at > sealed

    return is_late
