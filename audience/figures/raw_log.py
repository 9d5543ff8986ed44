"""The raw log as auditors get it: one JSON object a line, in the order in which it was counted."""

import hashlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from audience.figures.periods import day_begins
from audience.models import Beacon

PAGE_ROWS = 5000


async def raw_rows(since: date | None = None, until: date | None = None) -> AsyncIterator[Beacon]:
    """Received from the day since until the day until, both included (days of China); None: no bound."""
    last = 0
    while True:
        rows = Beacon.filter(id__gt=last).order_by("id").limit(PAGE_ROWS)
        if since is not None:
            rows = rows.filter(received_at__gte=day_begins(since))
        if until is not None:
            rows = rows.filter(received_at__lt=day_begins(until + timedelta(days=1)))
        page = await rows.prefetch_related("broadcast")
        for row in page:
            yield row
        if len(page) < PAGE_ROWS:
            return
        last = page[-1].id


def raw_line(row: Beacon) -> str:
    """Times are UTC with microseconds, ranges ms of media time; keys in order, no spaces: the same bytes always."""
    value: dict[str, Any] = {
        "id": row.id,
        "received_at": _stamp(row.received_at),
        "sent_at": _stamp(row.sent_at),
        "broadcast": row.broadcast.number,
        "visit": str(row.visit),
        "seq": row.seq,
        "mode": row.mode.value,
        "claimed_mode": row.claimed_mode.value,
        "viewer": row.viewer,
        "day_viewer": row.day_viewer,
        "unit": row.unit_code or None,
        "unit_by": row.unit_by.value,
        "ranges_ms": row.ranges,
        "visible": row.visible,
        "muted": row.muted,
        "speed": row.speed,
        "terminal": row.terminal,
        "stalls": row.stalls,
        "latency_ms": row.latency_ms,
        "captions": row.captions,
        "excluded": row.excluded.value,
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


async def raw_digest(since: date, until: date) -> tuple[int, str]:
    """How many lines, and the SHA-256 of the text with a line feed after each."""
    lines, digest = 0, hashlib.sha256()
    async for row in raw_rows(since, until):
        digest.update((raw_line(row) + "\n").encode())
        lines += 1
    return lines, digest.hexdigest()


def _stamp(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="microseconds")
