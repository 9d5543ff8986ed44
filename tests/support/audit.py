"""The audit log in tests: what was written, and chains without a database."""

from datetime import UTC, datetime

from core.audit import ActorKind
from core.audit.chain import FIRST, entry_hash
from core.audit.content import content_of
from core.audit.models import AuditEntry


async def actions() -> list[tuple[str, str, str]]:
    """Action, subject and actor's name of every entry, the first first."""
    rows = await AuditEntry.all().order_by("number")
    return [(row.action, row.subject, row.actor_name) for row in rows]


def chain_of(count: int) -> list[AuditEntry]:
    """A whole chain of so many entries, not saved."""
    chain: list[AuditEntry] = []
    for number in range(1, count + 1):
        entry = AuditEntry(
            number=number,
            at=datetime(2026, 11, 24, 7, number, tzinfo=UTC),
            action="broadcast.moved",
            subject="broadcast:2026-11-2",
            actor_kind=ActorKind.USER,
            actor_id="1",
            actor_name="示例管理员",
            unit_code="",
            origin="",
            before="",
            after="",
            previous_hash=chain[-1].hash if chain else FIRST,
        )
        entry.hash = entry_hash(entry.previous_hash, content_of(entry))
        chain.append(entry)
    return chain
