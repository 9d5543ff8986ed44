"""A piece of a lecture's sound, cut at a silence: the checkpoint of recognition."""

from typing import Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from transcripts.models.transcript import Transcript


class Piece(Model):
    """From start_ms until end_ms of lecture time. segments: what was heard, with lecture times (recognition.rows).

    held: what was filtered out and waits for a person, [{"start_ms", "end_ms", "text", "reason"}].
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    transcript: fields.ForeignKeyRelation[Transcript] = fields.ForeignKeyField(
        "transcripts.Transcript", related_name="pieces", on_delete=fields.CASCADE
    )
    transcript_id: UUID
    ordinal = fields.IntField()
    start_ms = fields.BigIntField()
    end_ms = fields.BigIntField()
    speech_ms = fields.BigIntField(default=0)
    """How much of it is speech, by the detector that cut it."""
    recognised_at = fields.DatetimeField(null=True)
    seconds_spent = fields.FloatField(default=0)
    engine = fields.CharField(max_length=24, default="")
    model = fields.CharField(max_length=80, default="")
    model_sha256 = fields.CharField(max_length=64, default="")
    segments: fields.Field[list[dict[str, Any]]] = fields.JSONField(default=list)
    held: fields.Field[list[dict[str, Any]]] = fields.JSONField(default=list)

    class Meta:
        table = "transcript_piece"
        unique_together = (("transcript", "ordinal"),)
        ordering = ("ordinal",)
