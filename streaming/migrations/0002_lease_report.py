from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.operations import Operation


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = [("streaming", "0001_initial")]

    operations: list[Operation] = [
        ops.AddField("Lease", "report", fields.JSONField(null=True)),
    ]
