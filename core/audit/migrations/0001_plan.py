from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from core.audit.actors import ActorKind


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="AuditEntry",
            fields=[
                ("number", fields.BigIntField(generated=False, primary_key=True, unique=True, db_index=True)),
                ("at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("action", fields.CharField(db_index=True, max_length=60)),
                ("subject", fields.CharField(db_index=True, max_length=120)),
                (
                    "actor_kind",
                    fields.CharEnumField(
                        description="USER: user\nLINK: link\nTOKEN: token\nCOMMAND: command\nSYSTEM: system",
                        enum_type=ActorKind,
                        max_length=16,
                    ),
                ),
                ("actor_id", fields.CharField(db_index=True, max_length=80)),
                ("actor_name", fields.CharField(max_length=120)),
                ("unit_code", fields.CharField(default="", db_index=True, max_length=16)),
                ("origin", fields.CharField(default="", max_length=64)),
                ("before", fields.TextField(default="", unique=False)),
                ("after", fields.TextField(default="", unique=False)),
                ("previous_hash", fields.CharField(max_length=64)),
                ("hash", fields.CharField(max_length=64)),
            ],
            options={
                "table": "audit_entry",
                "app": "audit",
                "pk_attr": "number",
                "table_description": "One entry, never changed and never deleted.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AuditHead",
            fields=[
                ("id", fields.IntField(generated=False, primary_key=True, unique=True, db_index=True)),
                ("number", fields.BigIntField()),
                ("hash", fields.CharField(max_length=64)),
            ],
            options={
                "table": "audit_head",
                "app": "audit",
                "pk_attr": "id",
                "table_description": "Number and hash of the last entry, one row.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MaskKey",
            fields=[
                ("month", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=7)),
                ("key", fields.CharField(max_length=64)),
            ],
            options={
                "table": "audit_mask_key",
                "app": "audit",
                "pk_attr": "month",
                "table_description": "What the masked values of a month are digested with.",
            },
            bases=["Model"],
        ),
    ]
