"""延期: asked for by the unit and answered by the bureau, or decided by the bureau itself."""

from enum import StrEnum
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from schedules.models.broadcast import Broadcast


class PostponementState(StrEnum):
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


POSTPONEMENT_LABELS = {
    PostponementState.ASKED: "等待州局答复",
    PostponementState.GRANTED: "已延期",
    PostponementState.REFUSED: "未同意",
    PostponementState.WITHDRAWN: "已撤回",
}


class Postponement(Model):
    """wanted and to: None is an open day. was: 原定 of this postponement."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    broadcast: fields.ForeignKeyRelation[Broadcast] = fields.ForeignKeyField(
        "schedules.Broadcast", related_name="postponements", on_delete=fields.CASCADE
    )
    broadcast_id: UUID
    state = fields.CharEnumField(PostponementState, max_length=16, db_index=True)
    reason = fields.CharField(max_length=200)
    asked_by = fields.CharField(max_length=120)
    asked_unit = fields.CharField(max_length=16, default="")
    """Empty when the bureau decided it by itself."""
    asked_at = fields.DatetimeField()
    was = fields.DatetimeField(null=True)
    wanted = fields.DatetimeField(null=True)
    to = fields.DatetimeField(null=True)
    answered_by = fields.CharField(max_length=120, default="")
    answered_at = fields.DatetimeField(null=True)
    answer = fields.CharField(max_length=200, default="")

    class Meta:
        table = "postponement"
        ordering = ("-asked_at",)
