"""What SQLite kept in China's time before is in UTC after the migration, and everything else as it was."""

from datetime import timedelta
from importlib import import_module

from tortoise.context import TortoiseContext
from tortoise.migrations.schema_editor.base import BaseSchemaEditor

from accounts.services import seed_sample_units
from core.clock import CHINA, ManualClock
from schedules.models import Broadcast
from schedules.services import NewBroadcast, create_broadcast
from tests.support.cast import UNIT_A

migration = import_module("schedules.migrations.0004_moments_in_utc")


async def test_moments_in_chinas_time_are_put_into_utc_and_stay_the_same_moments(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    await seed_sample_units()
    start = (clock.now() + timedelta(days=3)).replace(microsecond=0)
    old, new = [
        await create_broadcast(
            NewBroadcast(title="欠薪怎么办", unit_code=UNIT_A, starts_at=start), now=clock.now()
        )
        for _ in range(2)
    ]
    told = start.astimezone(CHINA).isoformat(" ")
    await sqlite_db.db().execute_query(
        "UPDATE broadcast SET starts_at = ? WHERE number = ?", [told, old.number]
    )
    assert [row.number for row in await Broadcast.filter(starts_at=start)] == [new.number]
    for _ in range(2):
        await migration.moments_in_utc(None, BaseSchemaEditor(sqlite_db.db()))
        assert await Broadcast.filter(starts_at=start).count() == 2
        assert await Broadcast.filter(first_starts_at__isnull=True).count() == 2
