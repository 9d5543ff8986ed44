"""The audit log as a table for Excel: CSV (RFC 4180) with a byte order mark."""

import csv
import io
from collections.abc import Sequence

from core.audit.models import AuditEntry
from core.clock import CHINA
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
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def audit_csv(entries: Sequence[AuditEntry]) -> bytes:
    """Not on the event loop: thousands of rows."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for entry in entries:
        changes = changes_of(entry)
        row = (
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
        writer.writerow([harmless(cell) for cell in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode(errors="replace")


def harmless(cell: str) -> str:
    """A cell that begins like a formula is text: Excel must not run what somebody typed into a title."""
    return "'" + cell if cell.startswith(FORMULA_SIGNS) else cell
