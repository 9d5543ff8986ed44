"""What programs come with instead of a password."""

from datetime import datetime
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from accounts.models.user import User


class ApiToken(Model):
    """A program that works with the rights of its owner. Only the SHA-256 is kept."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    name = fields.CharField(max_length=40)
    """What it is for, such as 州政府网站同步."""
    token_hash = fields.CharField(max_length=64, unique=True)
    owner: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "accounts.User", related_name="tokens", on_delete=fields.CASCADE
    )
    owner_id: UUID
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    revoked_at: datetime | None = fields.DatetimeField(null=True)
    last_used_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "api_token"
        ordering = ("-created_at",)
