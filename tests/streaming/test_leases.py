from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.clock import ManualClock
from core.settings import Settings
from schedules.services import NewBroadcast, create_broadcast
from streaming.leases import FolderInUse, MediaFolder, acquire, heartbeat, held_by, is_held, release
from streaming.models import Lease


@pytest.fixture
async def lecture(db: TortoiseContext, clock: ManualClock) -> UUID:
    await seed_sample_units()
    return (await create_broadcast(NewBroadcast("题目", "520013"), now=clock.now())).id


async def test_one_holder_has_the_lease_and_another_waits(
    lecture: UUID, db_settings: Settings, clock: ManualClock
) -> None:
    assert not await is_held(lecture, now=clock.now(), settings=db_settings)
    assert await acquire(lecture, "a", now=clock.now(), settings=db_settings)
    assert not await acquire(lecture, "b", now=clock.now(), settings=db_settings)
    assert await is_held(lecture, now=clock.now(), settings=db_settings)
    assert (await held_by("a"), await held_by("b")) == ({lecture}, set())


async def test_a_lease_without_heartbeats_runs_out_and_another_takes_it(
    lecture: UUID, db_settings: Settings, clock: ManualClock
) -> None:
    await acquire(lecture, "a", now=clock.now(), settings=db_settings)
    clock.advance(db_settings.lease_seconds)
    assert not await acquire(lecture, "b", now=clock.now(), settings=db_settings)
    clock.advance(0.1)
    assert not await is_held(lecture, now=clock.now(), settings=db_settings)
    assert await acquire(lecture, "b", now=clock.now(), settings=db_settings)
    assert (await Lease.get(broadcast_id=lecture)).acquired_at == clock.now()
    assert await heartbeat([lecture], "a", now=clock.now()) == set()  # this is how the first learns it


async def test_heartbeats_keep_a_lease(lecture: UUID, db_settings: Settings, clock: ManualClock) -> None:
    await acquire(lecture, "a", now=clock.now(), settings=db_settings)
    for _ in range(5):
        clock.advance(db_settings.lease_seconds - 1)
        assert await heartbeat([lecture], "a", now=clock.now()) == {lecture}
    assert not await acquire(lecture, "b", now=clock.now(), settings=db_settings)


async def test_a_lease_that_an_earlier_process_left_behind_is_not_kept(
    lecture: UUID, db_settings: Settings, clock: ManualClock
) -> None:
    await acquire(lecture, "a", now=clock.now(), settings=db_settings)
    clock.advance(db_settings.lease_seconds + 0.1)
    await heartbeat([], "a", now=clock.now())
    assert not await is_held(lecture, now=clock.now(), settings=db_settings)


async def test_the_same_folder_goes_on_at_once_after_a_crash(
    lecture: UUID, db_settings: Settings, clock: ManualClock
) -> None:
    await acquire(lecture, "a", now=clock.now(), settings=db_settings)
    clock.advance(1)
    assert await acquire(lecture, "a", now=clock.now(), settings=db_settings)
    lease = await Lease.get(broadcast_id=lecture)
    assert lease.heartbeat_at - lease.acquired_at == timedelta(seconds=1)


async def test_a_released_lease_is_free_and_only_its_holder_releases_it(
    lecture: UUID, db_settings: Settings, clock: ManualClock
) -> None:
    await acquire(lecture, "a", now=clock.now(), settings=db_settings)
    await release([lecture], "b")
    assert await is_held(lecture, now=clock.now(), settings=db_settings)
    await release([lecture], "a")
    assert await acquire(lecture, "b", now=clock.now(), settings=db_settings)


def test_a_data_folder_keeps_its_name_and_has_one_media_process_at_a_time(tmp_path: Path) -> None:
    folder = MediaFolder(tmp_path / "data")
    with pytest.raises(FolderInUse):
        MediaFolder(tmp_path / "data")
    other = MediaFolder(tmp_path / "other")
    assert other.holder != folder.holder
    other.close()
    folder.close()
    again = MediaFolder(tmp_path / "data")
    assert again.holder == folder.holder
    assert len(again.holder) <= 80
    again.close()
