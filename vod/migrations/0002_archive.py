from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.operations import Operation


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = [("vod", "0001_initial")]

    operations: list[Operation] = [
        ops.AddField("ReceiptSummary", "archived_at", fields.DatetimeField(null=True)),
        ops.AddField("ReceiptSummary", "archived_bytes", fields.BigIntField(default=0)),
    ]
