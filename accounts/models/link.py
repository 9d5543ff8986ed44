"""One-time links: a way in for somebody who has no account, or has long forgotten its password."""

from datetime import datetime
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from accounts.models.unit import Unit
from accounts.models.user import User
from core.grants import LinkPurpose


class OneTimeLink(Model):
    """A way in that opens once. Of its tokens only the SHA-256 is kept.

    subject: the number of the lecture it is for; empty for a liaison's link to the desk of the unit.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    token_hash = fields.CharField(max_length=64, unique=True)
    purpose = fields.CharEnumField(LinkPurpose, max_length=16)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "accounts.Unit", related_name="links", on_delete=fields.RESTRICT
    )
    unit_id: str
    subject = fields.CharField(max_length=16)
    holder = fields.CharField(max_length=40)
    user: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "accounts.User", related_name="links", null=True, on_delete=fields.CASCADE
    )
    """The liaison whose session it opens; None for people without an account."""
    user_id: UUID | None
    issued_by = fields.CharField(max_length=120)
    issued_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField(db_index=True)
    opened_at: datetime | None = fields.DatetimeField(null=True)
    revoked_at: datetime | None = fields.DatetimeField(null=True)
    grant_hash = fields.CharField(max_length=64, null=True, unique=True)
    """Of the token in the cookie of whoever opened it."""
    grant_until: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "one_time_link"
