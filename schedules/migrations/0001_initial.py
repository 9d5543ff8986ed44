from uuid import uuid4

from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.operations import Operation


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = [("accounts", "0001_initial")]

    operations: list[Operation] = [
        ops.CreateModel(
            name="Broadcast",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4)),
                ("number", fields.CharField(max_length=16, unique=True)),
                ("title", fields.CharField(max_length=120)),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "accounts.Unit",
                        source_field="unit_id",
                        to_field="code",
                        related_name="broadcasts",
                        on_delete=fields.RESTRICT,
                    ),
                ),
                ("lecturer_name", fields.CharField(max_length=40, default="")),
                ("lecturer_post", fields.CharField(max_length=80, default="")),
                ("starts_at", fields.DatetimeField(null=True, db_index=True)),
                ("planned_minutes", fields.IntField(default=15)),
                ("plan_state", fields.CharField(max_length=16, default="scheduled")),
                ("air_state", fields.CharField(max_length=16, default="scheduled", db_index=True)),
                ("key_version", fields.IntField(default=1)),
                ("media_generation", fields.IntField(default=1)),
                ("end_requested_at", fields.DatetimeField(null=True)),
                ("first_live_at", fields.DatetimeField(null=True)),
                ("interrupted_at", fields.DatetimeField(null=True)),
                ("ended_at", fields.DatetimeField(null=True)),
                ("is_sample", fields.BooleanField(default=False)),
                ("created_at", fields.DatetimeField()),
                ("changed_at", fields.DatetimeField(db_index=True)),
            ],
            options={"table": "broadcast", "app": "schedules", "pk_attr": "id"},
            bases=["Model"],
        ),
    ]
