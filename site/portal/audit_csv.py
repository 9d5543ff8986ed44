"""The audit log as a table for Excel."""

from collections.abc import Sequence

from core.audit.models import AuditEntry
from core.clock import CHINA
from core.csv_text import csv_bytes
from portal.audit_words import EMPTY, KINDS, action_words, changes_of, subject_words

HEADINGS = (
    "条号",
    "时间",
    "操作人",
    "身份",
    "单位代码",
    "来源地址",
    "操作",
    "对象",
    "改动前",
    "改动后",
    "摘要（SHA-256）",
)


def audit_csv(entries: Sequence[AuditEntry]) -> bytes:
    """Not on the event loop: thousands of rows."""
    return csv_bytes(HEADINGS, map(_row, entries))


def _row(entry: AuditEntry) -> tuple[str, ...]:
    changes = changes_of(entry)
    return (
        str(entry.number),
        entry.at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S"),
        entry.actor_name,
        KINDS[entry.actor_kind],
        entry.unit_code,
        entry.origin,
        action_words(entry.action),
        subject_words(entry.subject),
        "；".join(f"{each.label}：{each.before}" for each in changes if each.before != EMPTY),
        "；".join(f"{each.label}：{each.after}" for each in changes if each.after != EMPTY),
        entry.hash,
    )
