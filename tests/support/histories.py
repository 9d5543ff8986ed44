"""Histories of viewers, as an intake would commit them, and lectures for them to watch."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from accounts.services import seed_sample_units
from audience.counting.visits import UnitBy
from audience.intake.committing import commit_batch
from audience.intake.offer import Offer, Refusal
from audience.intake.reading import SentBeacon
from audience.models import Exclusion
from core.clock import ManualClock
from core.settings import Settings
from schedules.models import Broadcast
from schedules.services import NewBroadcast, create_broadcast
from schedules.states import AirState
from tests.support.cast import UNIT_A, UNIT_B

SECRET = b"a secret of the tests, long enough"
BEGIN = datetime(2026, 11, 30, 14, tzinfo=UTC)
"""Two hours before a month ends in China."""
UNITS = (None, UNIT_A, UNIT_B, "nobody")


async def lectures(clock: ManualClock, count: int = 2) -> list[Broadcast]:
    await seed_sample_units()
    made = []
    for number in range(count):
        new = NewBroadcast(title=f"第{number}讲", unit_code=UNIT_A)
        lecture = await create_broadcast(new, now=clock.now())
        lecture.first_live_at = BEGIN - timedelta(minutes=10)
        lecture.air_state = AirState.LIVE
        await lecture.save()
        made.append(lecture)
    return made


def history(seed: int, numbers: Sequence[str], beacons: int = 120) -> list[Offer]:
    """Viewers who come, go, reload, pause, choose a unit and say things twice, in order of time."""
    rolls = random.Random(seed)
    now, offers = BEGIN, []
    seqs: dict[int, int] = {}
    for _ in range(beacons):
        now += timedelta(seconds=rolls.choice((0, 0.4, 3, 15, 15, 400, 1900)))
        visit = rolls.randrange(1, 9)
        start = rolls.randrange(0, 600)
        seqs[visit] = seqs.get(visit, -1) + rolls.choice((0, 1, 1, 1, 2))
        sent = SentBeacon(
            visit=UUID(int=visit),
            seq=max(0, seqs[visit]),
            broadcast=numbers[visit % len(numbers)],
            mode="live",
            ranges=[(start, start + rolls.choice((0, 5, 15, 31)))],
            visible=True,
            sent_at=now,
            stalls=rolls.choice((0, 0, 0, 2)),
            latency=rolls.choice((None, 2.5, 8)),
            captions=rolls.choice((False, True)),
        )
        by = rolls.choice((UnitBy.LINK, UnitBy.LINK, UnitBy.CHOICE, UnitBy.LOGIN))
        excluded = rolls.choice((*[Exclusion.NONE] * 9, Exclusion.STAFF))
        cookie = rolls.choice(("", "x", f"c{visit}"))
        offers.append(Offer(sent, now, cookie, rolls.choice(UNITS), by, excluded))
    return offers


async def play(offers: Sequence[Offer], settings: Settings, rolls: random.Random) -> None:
    """In batches of any size, as an intake commits them."""
    while offers:
        size = rolls.randrange(1, 20)
        verdicts = await commit_batch(offers[:size], SECRET, settings)
        assert all(verdict is None or isinstance(verdict, Refusal) for verdict in verdicts)
        offers = offers[size:]
