"""材料: files of a lecture, kept in the store under their SHA-256."""

from enum import StrEnum
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from schedules.models.broadcast import Broadcast


class MaterialKind(StrEnum):
    SLIDES = "slides"
    SCRIPT = "script"
    CONSENT = "consent"
    SIGNED_FORM = "signed_form"
    OTHER = "other"


MATERIAL_LABELS = {
    MaterialKind.SLIDES: "课件",
    MaterialKind.SCRIPT: "讲稿",
    MaterialKind.CONSENT: "授权书",
    MaterialKind.SIGNED_FORM: "签字的审批表",
    MaterialKind.OTHER: "其他材料",
}


class Material(Model):
    """A file as it was handed in. A row is never changed but for what became of it, replaced_at None: it holds."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    broadcast: fields.ForeignKeyRelation[Broadcast] = fields.ForeignKeyField(
        "schedules.Broadcast", related_name="materials", on_delete=fields.CASCADE
    )
    broadcast_id: UUID
    kind = fields.CharEnumField(MaterialKind, max_length=16)
    name = fields.CharField(max_length=120)
    """The file's own, cleaned, with its ending."""
    media_type = fields.CharField(max_length=120)
    is_previewable = fields.BooleanField(default=False)
    """May be shown in the browser; every other is only downloaded."""
    size = fields.BigIntField()
    """In bytes."""
    sha256 = fields.CharField(max_length=64, db_index=True)
    uploaded_at = fields.DatetimeField()
    uploaded_by = fields.CharField(max_length=120)
    uploaded_actor = fields.CharField(max_length=100)
    frozen_at = fields.DatetimeField(null=True)
    """When the bureau approved it as it is."""
    replaced_at = fields.DatetimeField(null=True)
    replaced_by = fields.CharField(max_length=120, default="")

    class Meta:
        table = "material"
        ordering = ("kind", "uploaded_at")

    @property
    def label(self) -> str:
        return MATERIAL_LABELS[self.kind]

    @property
    def key(self) -> str:
        """Where the store has it: the same bytes are kept once."""
        return f"materials/{self.sha256[:2]}/{self.sha256}"
