from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.operations import Operation


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = [("schedules", "0001_initial")]

    operations: list[Operation] = [
        ops.CreateModel(
            name="Lease",
            fields=[
                (
                    "broadcast",
                    fields.OneToOneField(
                        "schedules.Broadcast",
                        source_field="broadcast_id",
                        to_field="id",
                        related_name="lease",
                        primary_key=True,
                        on_delete=fields.CASCADE,
                    ),
                ),
                ("holder", fields.CharField(max_length=80, db_index=True)),
                ("acquired_at", fields.DatetimeField()),
                ("heartbeat_at", fields.DatetimeField()),
            ],
            options={"table": "lease", "app": "streaming", "pk_attr": "broadcast_id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Publication",
            fields=[
                ("id", fields.IntField(primary_key=True)),
                (
                    "broadcast",
                    fields.ForeignKeyField(
                        "schedules.Broadcast",
                        source_field="broadcast_id",
                        to_field="id",
                        related_name="publications",
                        on_delete=fields.CASCADE,
                    ),
                ),
                ("ordinal", fields.IntField()),
                ("peer", fields.CharField(max_length=64)),
                ("encoder", fields.CharField(max_length=120, default="")),
                ("started_at", fields.DatetimeField()),
                ("ended_at", fields.DatetimeField(null=True)),
                ("end_reason", fields.CharField(max_length=120, default="")),
                ("received_seconds", fields.FloatField(default=0)),
            ],
            options={
                "table": "publication",
                "app": "streaming",
                "pk_attr": "id",
                "unique_together": (("broadcast", "ordinal"),),
            },
            bases=["Model"],
        ),
    ]
