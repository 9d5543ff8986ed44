"""kill -9: what was answered with 204 is in the log and counted; a recount that dies half way changed nothing."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from audience.figures.recounting import recount
from audience.models import Beacon, DayViews, MinuteViewers, Visit
from core.clock import ManualClock, SystemClock
from core.database import database
from core.settings import Settings, load_settings
from schedules.models import Broadcast
from schedules.states import AirState
from tests.audience.figures.test_recounting import figures
from tests.support.histories import history, lectures, play
from tests.support.house import House
from tests.support.migrated import lay_sqlite
from tests.support.repository import ROOT

VIEWERS = 24
ANSWERS_BEFORE_THE_KILL = 100


@pytest.fixture(params=["sqlite", "postgres"])
def kept_in(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """The setting that names the database, empty for SQLite; its tables are there."""
    if request.param == "postgres":
        return {"database_url": request.getfixturevalue("migrated_postgres_url")}
    lay_sqlite(tmp_path / "data")
    return {}


def settings_of(folder: Path, kept_in: dict[str, str]) -> Settings:
    return load_settings(data_dir=folder / "data", **kept_in)


async def live_lecture() -> Broadcast:
    [lecture] = await lectures(ManualClock(SystemClock().now()), 1)
    lecture.first_live_at = SystemClock().now()
    lecture.air_state = AirState.LIVE
    await lecture.save()
    return lecture


async def watch(client: httpx2.AsyncClient, number: str, answered: set[tuple[str, int]]) -> None:
    """Reports as a player does, but without a pause, until the server is gone."""
    visit = str(uuid4())
    for seq in range(10_000):
        sent = {
            "visit": visit, "seq": seq, "broadcast": number, "mode": "live", "unit": None,
            "ranges": [[0, 30]] if seq == 0 else [], "visible": True, "sent_at": "2026-11-24T07:00:00Z",
        }  # fmt: skip
        try:
            answer = await client.post("/api/v1/beacons", json=sent)
        except httpx2.TransportError:
            return
        assert answer.status_code == 204, answer.text
        answered.add((visit, seq))


async def test_what_was_answered_before_a_kill_is_in_the_log_and_counted(
    tmp_path: Path, kept_in: dict[str, str]
) -> None:
    settings = settings_of(tmp_path, kept_in)
    async with database(settings):
        lecture = await live_lecture()
    house = House(tmp_path, part="web", beacon_batch_ms="20", **kept_in)
    house.start()
    answered: set[tuple[str, int]] = set()
    async with httpx2.AsyncClient(base_url=house.url, timeout=30, trust_env=False) as client:
        watching = [asyncio.create_task(watch(client, lecture.number, answered)) for _ in range(VIEWERS)]
        while len(answered) < ANSWERS_BEFORE_THE_KILL:
            assert not any(task.done() for task in watching), house.log
            await asyncio.sleep(0.005)
        house.kill()
        await asyncio.gather(*watching)
    async with database(settings):
        logged = {(str(visit), seq) for visit, seq in await Beacon.all().values_list("visit", "seq")}
        assert answered <= logged
        assert len(answered) >= ANSWERS_BEFORE_THE_KILL
        viewers = {visit for visit, _ in logged}
        assert sum(row.views for row in await DayViews.all()) == len(viewers)
        assert (await recount()).changed == 0


STOPS_IN_THE_MIDDLE = """
import asyncio, sys, time
from pathlib import Path
from audience.figures import recounting
from core.database import database
from core.settings import load_settings

async def in_the_middle(first):
    print("visits are put right, sums are not", flush=True)
    time.sleep(600)

recounting._put_days_right = in_the_middle

async def main():
    given = dict(item.split("=", 1) for item in sys.argv[2:])
    async with database(load_settings(data_dir=Path(sys.argv[1]), **given)):
        await recounting.recount()

asyncio.run(main())
"""


async def test_a_recount_killed_in_the_middle_changes_nothing_and_the_next_puts_all_right(
    tmp_path: Path, kept_in: dict[str, str], clock: ManualClock
) -> None:
    settings = settings_of(tmp_path, kept_in)
    async with database(settings):
        numbers = [lecture.number for lecture in await lectures(clock)]
        await play(history(7, numbers), settings, random.Random(7))
        right = await figures()
        await Visit.filter(counted_at__isnull=False).update(counted_at=None)
        await DayViews.all().update(views=7)
        await MinuteViewers.all().delete()
        spoilt = await figures()
    given = [f"{name}={value}" for name, value in kept_in.items()]
    process = await asyncio.to_thread(
        subprocess.Popen,
        [sys.executable, "-c", STOPS_IN_THE_MIDDLE, str(tmp_path / "data"), *given],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'site'}"},
    )
    try:
        assert process.stdout is not None
        assert b"put right" in await asyncio.to_thread(process.stdout.readline)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    async with database(settings):
        assert await figures() == spoilt
        assert (await recount()).changed > 0
        assert await figures() == right
