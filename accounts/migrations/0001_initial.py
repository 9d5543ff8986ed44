from uuid import uuid4

from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.operations import Operation


class Migration(migrations.Migration):
    initial = True

    operations: list[Operation] = [
        ops.CreateModel(
            name="Unit",
            fields=[
                ("code", fields.CharField(max_length=16, primary_key=True)),
                ("name", fields.CharField(max_length=60, unique=True)),
                ("kind", fields.CharField(max_length=16)),
                ("display_order", fields.IntField()),
                ("is_sample", fields.BooleanField(default=False)),
            ],
            options={"table": "unit", "app": "accounts", "pk_attr": "code"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="User",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4)),
                ("username", fields.CharField(max_length=40, unique=True)),
                ("display_name", fields.CharField(max_length=40)),
                ("role", fields.CharField(max_length=16)),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "accounts.Unit",
                        source_field="unit_id",
                        to_field="code",
                        related_name="users",
                        null=True,
                        on_delete=fields.RESTRICT,
                    ),
                ),
                ("password_hash", fields.CharField(max_length=200)),
                ("active", fields.BooleanField(default=True)),
                ("created_at", fields.DatetimeField()),
            ],
            options={"table": "user_account", "app": "accounts", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Session",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "accounts.User",
                        source_field="user_id",
                        to_field="id",
                        related_name="sessions",
                        on_delete=fields.CASCADE,
                    ),
                ),
                ("token_hash", fields.CharField(max_length=64, unique=True)),
                ("client", fields.CharField(max_length=200)),
                ("created_at", fields.DatetimeField()),
                ("last_seen_at", fields.DatetimeField()),
                ("idle_until", fields.DatetimeField()),
                ("expires_at", fields.DatetimeField(db_index=True)),
                ("ended_at", fields.DatetimeField(null=True)),
            ],
            options={"table": "session", "app": "accounts", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LoginThrottle",
            fields=[
                ("username", fields.CharField(max_length=40, primary_key=True)),
                ("failures", fields.IntField()),
                ("last_failed_at", fields.DatetimeField()),
                ("locked_until", fields.DatetimeField(null=True)),
            ],
            options={"table": "login_throttle", "app": "accounts", "pk_attr": "username"},
            bases=["Model"],
        ),
    ]
