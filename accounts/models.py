"""Units that take turns to speak, the people who work with the system, and their sessions."""

from enum import StrEnum
from uuid import uuid4

from tortoise import fields
from tortoise.models import Model


class UnitKind(StrEnum):
    DEPARTMENT = "department"
    COUNTY = "county"


class Role(StrEnum):
    """What a person may do; a liaison does it for one unit."""

    ADMINISTRATOR = "administrator"
    DUTY = "duty"
    LIAISON = "liaison"
    OFFICIAL = "official"
    AUDITOR = "auditor"


class Unit(Model):
    """责任单位. Its code is permanent; its name and its place in the official order may change."""

    code = fields.CharField(max_length=16, primary_key=True)
    name = fields.CharField(max_length=60, unique=True)
    kind = fields.CharEnumField(UnitKind, max_length=16)
    display_order = fields.IntField()
    credit_code = fields.CharField(max_length=18, default="")
    """统一社会信用代码 (GB 32100) of the registered publisher; empty while unknown."""
    retired_on = fields.DateField(null=True)
    """From this day on the unit takes no turns; it keeps its past."""
    merged_into: fields.ForeignKeyNullableRelation["Unit"] = fields.ForeignKeyField(
        "accounts.Unit", related_name="merged", null=True, on_delete=fields.RESTRICT
    )
    merged_into_id: str | None
    is_sample = fields.BooleanField(default=False)

    class Meta:
        table = "unit"
        ordering = ("display_order", "code")


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
