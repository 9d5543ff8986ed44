"""`python -m bench.audience_rows …`: a database that counting has something to do with.

`live`: the sample roster and one lecture on the air; prints its number. `tell FILE`: how many of the lines of FILE,
(visit, seq) each, are in the raw log, and what the sums say. `years N`: so many years of lectures, two a month, with
raw log, visits and sums of each as an intake would have left them; prints what there is.
"""

import argparse
import asyncio
import json
import random
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from tortoise.backends.base.client import BaseDBAsyncClient

from accounts.models import Unit
from accounts.services import seed_sample_units
from audience.counting.visits import Mode, UnitBy
from audience.models import Beacon, DayViews, GroupViewing, MinuteViewers, Visit
from core.clock import CHINA, SystemClock
from core.database import database, transaction
from core.settings import load_settings
from schedules.models import Broadcast
from schedules.services import NewBroadcast, create_broadcast
from schedules.states import AirState
from streaming.models import Publication

LECTURES_A_YEAR = 24
BEACONS_OF_A_VISIT = 20
CHUNK = 5000
BEACONS = """
INSERT INTO beacon (received_at, sent_at, broadcast_id, visit, seq, mode, claimed_mode, viewer, day_viewer, unit_code,
                    unit_by, ranges, visible, terminal, stalls, captions, excluded)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, '', 0, 0, '')
"""
"""As the model writes them on SQLite: made as objects, five million of them take a quarter of an hour."""


async def live() -> dict[str, Any]:
    await seed_sample_units()
    lecture = await _lecture("Bench", SystemClock().now(), AirState.LIVE)
    return {"number": lecture.number}


async def _lecture(title: str, began: datetime, state: AirState, unit: str | None = None) -> Broadcast:
    first = unit or (await Unit.all().order_by("display_order").first()).code  # type: ignore[union-attr]
    lecture = await create_broadcast(NewBroadcast(title=title, unit_code=first), now=began)
    lecture.first_live_at = began
    lecture.starts_at = began
    lecture.air_state = state
    lecture.ended_at = began + timedelta(minutes=15) if state is AirState.ENDED else None
    await lecture.save()
    return lecture


async def tell(file: Path) -> dict[str, Any]:
    text = await asyncio.to_thread(file.read_text)
    answered = {(visit, int(seq)) for visit, seq in (line.split() for line in text.splitlines() if line)}
    logged = {(str(visit), seq) for visit, seq in await Beacon.all().values_list("visit", "seq")}
    views: Counter[str] = Counter()
    for row in await DayViews.all():
        views[row.unit_code] += row.views
    return {
        "answered": len(answered),
        "logged": len(logged),
        "lost": len(answered - logged),
        "views": dict(views),
    }


async def years(count: int, beacons_a_lecture: int) -> dict[str, Any]:
    """The last of them is last year. Every year has its own seed: the same rows, however many come after."""
    await seed_sample_units()
    units = [unit.code for unit in await Unit.all().order_by("display_order")]
    this_year = SystemClock().now().astimezone(CHINA).year
    for year in range(this_year - count, this_year):
        rolls = random.Random(year)
        for place in range(LECTURES_A_YEAR):
            day = datetime(year, place // 2 + 1, 8 + 14 * (place % 2), 15, tzinfo=CHINA)
            lecture = await _lecture(f"第{place}讲", day, AirState.ENDED, units[(year * 24 + place) % 40])
            await Publication.create(
                broadcast_id=lecture.id, ordinal=1, peer="", started_at=day, received_seconds=900
            )
            async with transaction() as connection:
                await _watched(connection, lecture, day, units, beacons_a_lecture, rolls)
        sys.stderr.write(f"{year} written\n")
    return {
        "year": this_year - 1,
        "lectures": await Broadcast.all().count(),
        "beacons": await Beacon.all().count(),
        "visits": await Visit.all().count(),
        "sums": await DayViews.all().count(),
    }


async def _watched(
    connection: BaseDBAsyncClient,
    lecture: Broadcast,
    day: datetime,
    units: list[str],
    beacons: int,
    rolls: random.Random,
) -> None:
    number = str(lecture.id)
    lines: list[list[str | int]] = []
    visits: list[Visit] = []
    sums: Counter[tuple[datetime, Mode, str]] = Counter()
    for _ in range(beacons // BEACONS_OF_A_VISIT):
        mode = Mode.LIVE if rolls.random() < 0.7 else Mode.REPLAY
        began = day + (timedelta(days=rolls.randrange(90)) if mode is Mode.REPLAY else timedelta())
        began += timedelta(seconds=rolls.randrange(600))
        unit = rolls.choice([*units, ""])
        by = UnitBy.LINK if unit else UnitBy.NOBODY
        viewer = f"{rolls.getrandbits(128):032x}"
        visit = UUID(int=rolls.getrandbits(128))
        for seq in range(BEACONS_OF_A_VISIT):
            at = str(began.astimezone(UTC) + timedelta(seconds=15 * (seq + 1)))
            ranges = f"[[{15_000 * seq},{15_000 * (seq + 1)}]]"
            lines.append([at, at, number, str(visit), seq, mode, mode, viewer, viewer, unit, by, ranges])
        ended = began + timedelta(seconds=15 * BEACONS_OF_A_VISIT)
        visits.append(
            Visit(
                id=uuid4(), broadcast_id=lecture.id, mode=mode, viewer=viewer, day_viewer=viewer,
                unit_code=unit, unit_by=by, day=began.date(), began_at=began, played_at=ended, definition=1,
                spans=[[0, 15_000 * BEACONS_OF_A_VISIT]], played_ms=15_000 * BEACONS_OF_A_VISIT,
                counted_at=began + timedelta(seconds=30),
            )
        )  # fmt: skip
        sums[began.replace(hour=0, minute=0, second=0), mode, unit] += 1
    await connection.execute_many(BEACONS, lines)
    await Visit.bulk_create(visits, batch_size=CHUNK)
    await DayViews.bulk_create(
        [
            DayViews(day=at.date(), broadcast_id=lecture.id, mode=mode, unit_code=unit, views=views)
            for (at, mode, unit), views in sums.items()
        ],
        batch_size=CHUNK,
    )
    await MinuteViewers.bulk_create(
        [
            MinuteViewers(
                broadcast_id=lecture.id,
                minute=day + timedelta(minutes=minute),
                viewers=sum(visit.mode is Mode.LIVE for visit in visits),
            )
            for minute in range(15)
        ]
    )
    await GroupViewing.bulk_create(
        [
            GroupViewing(
                broadcast_id=lecture.id, unit_id=unit, unit_name="示例单位", sessions=1, people=30,
                watched_on=day.date(), reported_by="示例联络员", actor="bench", reported_at=day,
            )
            for unit in rolls.sample(units, 10)
        ]
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Rows for the figures of counting.")
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("live")
    acts.add_parser("tell").add_argument("file", type=Path)
    of_years = acts.add_parser("years")
    of_years.add_argument("count", type=int)
    of_years.add_argument("--beacons-a-lecture", type=int, default=20_800)
    asked = parser.parse_args()

    async def act() -> dict[str, Any]:
        async with database(load_settings()):
            if asked.act == "live":
                return await live()
            if asked.act == "tell":
                return await tell(asked.file)
            return await years(asked.count, asked.beacons_a_lecture)

    sys.stdout.write(json.dumps(asyncio.run(act())))


if __name__ == "__main__":
    main()
