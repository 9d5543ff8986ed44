"""What may be read about what stays of lectures."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from vod.models import ReceiptSummary


async def receipt_summary(broadcast_id: UUID) -> ReceiptSummary | None:
    """None while no receipt is written."""
    return await ReceiptSummary.get_or_none(broadcast_id=broadcast_id)


async def receipts_of(broadcast_ids: Collection[UUID]) -> dict[UUID, ReceiptSummary]:
    """Those of these lectures that have one."""
    rows = await ReceiptSummary.filter(broadcast_id__in=list(broadcast_ids))
    return {row.broadcast_id: row for row in rows}


async def not_archived(since: datetime, until: datetime) -> list[ReceiptSummary]:
    """Receipts written in that time whose lecture has no copy in the store, with its broadcast."""
    rows = ReceiptSummary.filter(archived_at=None, written_at__gte=since, written_at__lte=until)
    return await rows.order_by("written_at").prefetch_related("broadcast")
