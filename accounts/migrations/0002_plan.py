import functools
from json import dumps, loads
from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from core.grants import LinkPurpose


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ApiToken",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("name", fields.CharField(max_length=40)),
                ("token_hash", fields.CharField(unique=True, max_length=64)),
                (
                    "owner",
                    fields.ForeignKeyField(
                        "accounts.User",
                        source_field="owner_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="tokens",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("last_used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "api_token",
                "app": "accounts",
                "pk_attr": "id",
                "table_description": "A program that works with the rights of its owner. Only the SHA-256 is kept.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OneTimeLink",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("token_hash", fields.CharField(unique=True, max_length=64)),
                (
                    "purpose",
                    fields.CharEnumField(
                        description="LIAISON: liaison\nAPPROVER: approver\nLECTURER: lecturer",
                        enum_type=LinkPurpose,
                        max_length=16,
                    ),
                ),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "accounts.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="code",
                        related_name="links",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("subject", fields.CharField(max_length=16)),
                ("holder", fields.CharField(max_length=40)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "accounts.User",
                        source_field="user_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="links",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("issued_by", fields.CharField(max_length=120)),
                ("issued_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("opened_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("grant_hash", fields.CharField(null=True, unique=True, max_length=64)),
                ("grant_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "one_time_link",
                "app": "accounts",
                "pk_attr": "id",
                "table_description": "A way in that opens once. Of its tokens only the SHA-256 is kept.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "accounts.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="recovery_codes",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("code_hash", fields.CharField(unique=True, max_length=64)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "recovery_code",
                "app": "accounts",
                "pk_attr": "id",
                "table_description": "Opens once in place of the second factor. Only its SHA-256 is kept.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="UnitImport",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("file_name", fields.CharField(max_length=120)),
                (
                    "rows",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("digest", fields.CharField(max_length=64)),
                ("names_since", fields.DateField()),
                ("uploaded_by", fields.CharField(max_length=64)),
                ("uploaded_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("applied_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "unit_import",
                "app": "accounts",
                "pk_attr": "id",
                "table_description": "A list of units that was uploaded and is looked at before it counts.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="UnitName",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "accounts.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="code",
                        related_name="former_names",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("name", fields.CharField(max_length=60)),
                ("until", fields.DateField()),
            ],
            options={
                "table": "unit_name",
                "app": "accounts",
                "unique_together": (("unit", "until"),),
                "pk_attr": "id",
                "table_description": "A name a unit had until a day.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Session",
            name="awaits_code",
            field=fields.BooleanField(default=False),
        ),
        ops.AddField(
            model_name="Session",
            name="link",
            field=fields.ForeignKeyField(
                "accounts.OneTimeLink",
                source_field="link_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="sessions",
                on_delete=OnDelete.SET_NULL,
            ),
        ),
        ops.AddField(
            model_name="Unit",
            name="credit_code",
            field=fields.CharField(default="", max_length=18),
        ),
        ops.AddField(
            model_name="Unit",
            name="merged_into",
            field=fields.ForeignKeyField(
                "accounts.Unit",
                source_field="merged_into_id",
                null=True,
                db_constraint=True,
                to_field="code",
                related_name="merged",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Unit",
            name="retired_on",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="User",
            name="must_change_password",
            field=fields.BooleanField(default=False),
        ),
        ops.AddField(
            model_name="User",
            name="password_changed_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="User",
            name="totp_confirmed_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="User",
            name="totp_last_step",
            field=fields.BigIntField(default=0),
        ),
        ops.AddField(
            model_name="User",
            name="totp_secret",
            field=fields.TextField(default="", unique=False),
        ),
    ]
