"""What the rows keep of a lecture's receipt: enough to tell the bureau, wherever its files lie."""

from typing import TypedDict
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from schedules.models import Broadcast


class KeptProblem(TypedDict):
    """kind: of `receipt.ProblemKind`; seconds: of lecture time that it is about, 0 where it is about none."""

    kind: str
    detail: str
    rendition: str | None
    seconds: float


class ReceiptSummary(Model):
    """The receipt itself, segment by segment, is receipt.json beside the lecture's journal."""

    broadcast: fields.OneToOneRelation[Broadcast] = fields.OneToOneField(
        "schedules.Broadcast", related_name="receipt", on_delete=fields.CASCADE, primary_key=True
    )
    broadcast_id: UUID
    written_at = fields.DatetimeField()
    expected_seconds = fields.FloatField()
    received_seconds = fields.FloatField()
    problems: list[KeptProblem] = fields.JSONField()
    archived_at = fields.DatetimeField(null=True)
    """When the copy in the store had been compared; None while there is none."""
    archived_bytes = fields.BigIntField(default=0)

    class Meta:
        table = "receipt_summary"
