"""What may be read of the log."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from core.audit.models import AuditEntry


@dataclass(frozen=True, slots=True)
class Asked:
    """who: part of a name, or the code of a unit. action: a key, or a group such as `broadcast.`.
    subject: part of it. since: from then on; until: before then."""

    who: str = ""
    action: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None


async def count_entries(asked: Asked) -> int:
    return await _rows(asked).count()


async def entries(asked: Asked, *, offset: int = 0, limit: int) -> list[AuditEntry]:
    """The latest first."""
    return await _rows(asked).order_by("-number").offset(offset).limit(limit)


def _rows(asked: Asked) -> QuerySet[AuditEntry]:
    rows = AuditEntry.all()
    if asked.who:
        rows = rows.filter(Q(actor_name__icontains=asked.who) | Q(unit_code=asked.who))
    if asked.action.endswith("."):
        rows = rows.filter(action__startswith=asked.action)
    elif asked.action:
        rows = rows.filter(action=asked.action)
    if asked.subject:
        rows = rows.filter(subject__icontains=asked.subject)
    if asked.since is not None:
        rows = rows.filter(at__gte=asked.since)
    if asked.until is not None:
        rows = rows.filter(at__lt=asked.until)
    return rows
