"""The people who log in, and the recovery codes of their second factor."""

from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from tortoise import fields
from tortoise.models import Model

from accounts.models.unit import Unit


class Role(StrEnum):
    """What a person may do; a liaison does it for one unit."""

    ADMINISTRATOR = "administrator"
    DUTY = "duty"
    LIAISON = "liaison"
    OFFICIAL = "official"
    AUDITOR = "auditor"


class User(Model):
    id = fields.UUIDField(primary_key=True, default=uuid4)
    username = fields.CharField(max_length=40, unique=True)
    display_name = fields.CharField(max_length=40)
    role = fields.CharEnumField(Role, max_length=16)
    unit: fields.ForeignKeyNullableRelation[Unit] = fields.ForeignKeyField(
        "accounts.Unit", related_name="users", null=True, on_delete=fields.RESTRICT
    )
    unit_id: str | None
    password_hash = fields.CharField(max_length=200)
    password_changed_at = fields.DatetimeField(null=True)
    must_change_password = fields.BooleanField(default=False)
    totp_secret = fields.TextField(default="")
    """Encrypted; empty without a second factor."""
    totp_confirmed_at = fields.DatetimeField(null=True)
    totp_last_step = fields.BigIntField(default=0)
    """The 30 s step of the code used last: each code opens once (RFC 6238 §5.2)."""
    active = fields.BooleanField(default=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "user_account"  # `user` is a reserved word in PostgreSQL
        ordering = ("username",)


class RecoveryCode(Model):
    """Opens once in place of the second factor. Only its SHA-256 is kept."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "accounts.User", related_name="recovery_codes", on_delete=fields.CASCADE
    )
    code_hash = fields.CharField(max_length=64, unique=True)
    used_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "recovery_code"
