"""Logins that can be seen and ended, and the count of wrong passwords."""

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from accounts.models.link import OneTimeLink
from accounts.models.user import User


class Session(Model):
    """A login that can be seen and ended. Of its token only the SHA-256 is kept."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "accounts.User", related_name="sessions", on_delete=fields.CASCADE
    )
    token_hash = fields.CharField(max_length=64, unique=True)
    client = fields.CharField(max_length=200)
    created_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()
    idle_until = fields.DatetimeField()
    expires_at = fields.DatetimeField(db_index=True)
    ended_at = fields.DatetimeField(null=True)
    link: fields.ForeignKeyNullableRelation[OneTimeLink] = fields.ForeignKeyField(
        "accounts.OneTimeLink", related_name="sessions", null=True, on_delete=fields.SET_NULL
    )
    """The one-time link it was opened with: no password was typed, so none need be changed."""
    link_id: UUID | None
    awaits_code = fields.BooleanField(default=False)
    """The password was right, the second factor is still to come: lets nobody in."""

    class Meta:
        table = "session"


class LoginThrottle(Model):
    """Wrong passwords in a row for one typed username, whether such a user exists or not."""

    username = fields.CharField(max_length=40, primary_key=True)
    failures = fields.IntField()
    last_failed_at = fields.DatetimeField()
    locked_until = fields.DatetimeField(null=True)

    class Meta:
        table = "login_throttle"
