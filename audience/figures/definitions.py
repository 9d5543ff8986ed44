"""The definition in force, from the rows."""

from collections.abc import Callable
from datetime import date

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
