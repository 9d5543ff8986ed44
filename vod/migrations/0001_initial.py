from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.operations import Operation


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = [("schedules", "0001_initial")]

    operations: list[Operation] = [
        ops.CreateModel(
            name="ReceiptSummary",
            fields=[
                (
                    "broadcast",
                    fields.OneToOneField(
                        "schedules.Broadcast",
                        source_field="broadcast_id",
                        to_field="id",
                        related_name="receipt",
                        on_delete=fields.CASCADE,
                        primary_key=True,
                    ),
                ),
                ("written_at", fields.DatetimeField()),
                ("expected_seconds", fields.FloatField()),
                ("received_seconds", fields.FloatField()),
                ("problems", fields.JSONField()),
            ],
            options={"table": "receipt_summary", "app": "vod", "pk_attr": "broadcast_id"},
            bases=["Model"],
        ),
    ]
