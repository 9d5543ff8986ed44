from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.operations import Operation
from tortoise.migrations.schema_editor.base import BaseSchemaEditor

COLUMNS = {
    "broadcast": ("starts_at", "first_starts_at"),
    "rota_turn": ("starts_at",),
    "postponement": ("was", "wanted", "to"),
    "prompt": ("starts_at",),
}
"""Moments that people choose. SQLite kept some as they were told, in China's time, and compared them as text."""


async def moments_in_utc(apps: Any, editor: BaseSchemaEditor) -> None:
    if editor.client.capabilities.dialect != "sqlite":
        return
    for table, columns in COLUMNS.items():
        for column in columns:
            await editor.client.execute_script(
                f"""UPDATE "{table}" SET "{column}" = strftime('%Y-%m-%d %H:%M:%S+00:00', "{column}")
                WHERE "{column}" LIKE '%+08:00'"""
            )


def nothing(apps: Any, editor: BaseSchemaEditor) -> None:
    """There is no way back, and no need of one."""


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = [("schedules", "0003_cut_off")]

    initial = False

    operations: list[Operation] = [ops.RunPython(moments_in_utc, nothing)]
