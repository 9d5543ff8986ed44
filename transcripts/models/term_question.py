"""A wording the lecturer is asked about: heard right, or what it should be."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from transcripts.models.transcript import Transcript


class TermAnswer(StrEnum):
    OPEN = "open"
    RIGHT = "right"
    CORRECTED = "corrected"


class TermQuestion(Model):
    """cue: the id of the cue, text: what it said when it was asked, suggestion: what the lecturer says it should be.

    settled_at: when somebody who corrects took the answer over or set it aside.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    transcript: fields.ForeignKeyRelation[Transcript] = fields.ForeignKeyField(
        "transcripts.Transcript", related_name="questions", on_delete=fields.CASCADE
    )
    transcript_id: UUID
    cue = fields.CharField(max_length=40)
    text = fields.CharField(max_length=200)
    start_ms = fields.BigIntField()
    end_ms = fields.BigIntField()
    answer = fields.CharEnumField(TermAnswer, max_length=12, default=TermAnswer.OPEN)
    suggestion = fields.CharField(max_length=200, default="")
    asked_by = fields.CharField(max_length=120)
    asked_at: datetime = fields.DatetimeField()
    answered_by = fields.CharField(max_length=120, default="")
    answered_at: datetime | None = fields.DatetimeField(null=True)
    settled_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "term_question"
        unique_together = (("transcript", "cue"),)
        ordering = ("start_ms",)
