"""审核: what was decided on which version, by whom, with which opinions and on which files."""

from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from schedules.models.broadcast import Broadcast
from schedules.models.material import Material


class ReviewStage(StrEnum):
    UNIT = "unit"
    BUREAU = "bureau"


class CheckKind(StrEnum):
    """州局审核 consists of these three."""

    CONTENT = "content"
    SECRECY = "secrecy"
    RIGHTS = "rights"


CHECK_LABELS = {
    CheckKind.CONTENT: "内容审核",
    CheckKind.SECRECY: "保密审查",
    CheckKind.RIGHTS: "肖像、著作权授权",
}


class Review(Model):
    """checks: [{"kind", "name", "opinion"}], of the bureau's passes. files: [{"kind", "name", "sha256", "size"}]."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    broadcast: fields.ForeignKeyRelation[Broadcast] = fields.ForeignKeyField(
        "schedules.Broadcast", related_name="reviews", on_delete=fields.CASCADE
    )
    broadcast_id: UUID
    stage = fields.CharEnumField(ReviewStage, max_length=8)
    passed = fields.BooleanField()
    version = fields.IntField()
    """Of the lecture as it was seen and decided on."""
    person = fields.CharField(max_length=120)
    """Who decided; for a signed form, who signed it."""
    recorded_by = fields.CharField(max_length=120)
    actor = fields.CharField(max_length=100)
    opinion = fields.TextField(default="")
    checks: fields.Field[list[dict[str, Any]]] = fields.JSONField(default=list)
    files: fields.Field[list[dict[str, Any]]] = fields.JSONField(default=list)
    form: fields.ForeignKeyNullableRelation[Material] = fields.ForeignKeyField(
        "schedules.Material", related_name="reviews", null=True, on_delete=fields.RESTRICT
    )
    form_id: UUID | None
    at = fields.DatetimeField()

    class Meta:
        table = "review"
        ordering = ("at",)
