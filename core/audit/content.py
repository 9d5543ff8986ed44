"""What of an entry its hash covers: everything but the hashes."""

from core.audit.chain import moment
from core.audit.models import AuditEntry


def content_of(entry: AuditEntry) -> dict[str, object]:
    return {
        "number": entry.number,
        "at": moment(entry.at),
        "action": entry.action,
        "subject": entry.subject,
        "actor": {"kind": entry.actor_kind.value, "id": entry.actor_id, "name": entry.actor_name},
        "unit": entry.unit_code,
        "origin": entry.origin,
        "before": entry.before,
        "after": entry.after,
    }
