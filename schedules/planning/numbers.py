"""Numbers of drafts in the database: in order of date within their month, until the lecture is issued."""

from collections.abc import Iterable
from datetime import datetime

from core.audit import Actor, record
from schedules.models import Broadcast
from schedules.numbers import month_of, month_prefix
from schedules.rota.year import free_numbers
from schedules.states import PlanState

MEANWHILE = "~"


def number_meanwhile(row: Broadcast) -> str:
    """A number nobody can ask for, while others change theirs: they are unique at every moment."""
    return f"{MEANWHILE}{row.id.hex[:15]}"


async def renumber_drafts(
    months: Iterable[tuple[int, int]], joining: Iterable[Broadcast] = (), *, by: Actor, now: datetime
) -> dict[str, str]:
    """Give the drafts of these months (year, month) their numbers anew, in order of date. Audited.

    joining: drafts that still carry a number of another month, or none. Returns old number → new number. Only in a
    transaction. A changed draft's version becomes higher than any of them had: whoever still holds a number that
    now names another lecture is told so.
    """
    changed: dict[str, str] = {}
    guests = list(joining)
    for guest in guests:
        if guest.starts_at and not guest.number.startswith(month_prefix(*month_of(guest.starts_at))):
            await Broadcast.filter(id=guest.id).update(
                number=number_meanwhile(guest)
            )  # its old number is free
    for year, month in sorted(set(months)):
        prefix = month_prefix(year, month)
        present = await Broadcast.filter(number__startswith=prefix)
        taken = frozenset(row.number for row in present if row.plan_state is not PlanState.DRAFT)
        own = {row.id: row for row in present if row.plan_state is PlanState.DRAFT}
        for guest in guests:
            own.pop(guest.id, None)
        drafts = [*own.values(), *(guest for guest in guests if _is_in(guest, year, month))]
        drafts.sort(key=lambda row: (row.starts_at or now, row.number))
        numbers = free_numbers(year, month, taken, len(drafts))
        moved = [(row, number) for row, number in zip(drafts, numbers, strict=True) if row.number != number]
        seen = [row.version for row in drafts if not _is_new(row)]
        for row, _ in moved:
            await Broadcast.filter(id=row.id).update(number=number_meanwhile(row))
        for row, number in moved:
            version = max([row.version, *(each + 1 for each in seen)])
            await Broadcast.filter(id=row.id).update(number=number, version=version, changed_at=now)
            changed[row.number] = number
    for old, new in changed.items():
        if not old.startswith(MEANWHILE):
            await record(
                "broadcast.renumbered",
                by=by,
                subject=f"broadcast:{new}",
                now=now,
                before={"number": old},
                after={"number": new},
            )
    return changed


def _is_new(row: Broadcast) -> bool:
    return row.number.startswith(MEANWHILE)


def _is_in(row: Broadcast, year: int, month: int) -> bool:
    return row.starts_at is not None and month_of(row.starts_at) == (year, month)
