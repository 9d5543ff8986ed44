"""A planned year for tests: units, calendar, and the services with clock and settings already given."""

from dataclasses import dataclass
from datetime import datetime

from accounts.services import seed_sample_units
from core.audit import Actor, ActorKind
from core.clock import CHINA, ManualClock
from core.settings import Settings
from schedules.models import Broadcast
from schedules.planning import Undone, YearPlan, generate, lock, move, undo_last
from schedules.rota.year import Rule
from schedules.workdays.calendars import ensure_years

LI = Actor(ActorKind.USER, "1", "李管理员")
WANG = Actor(ActorKind.USER, "2", "王管理员")


def three_o_clock(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 15, 0, tzinfo=CHINA)


@dataclass
class Planner:
    clock: ManualClock
    settings: Settings

    @classmethod
    async def ready(cls, clock: ManualClock, settings: Settings) -> "Planner":
        """With the 40 sample units and the calendar of 2026 to 2028."""
        await seed_sample_units()
        await ensure_years([2026, 2027, 2028], now=clock.now())
        return cls(clock, settings)

    async def generate(self, year: int = 2027, rule: Rule = Rule.B, *, save: bool = True) -> YearPlan:
        self.clock.advance(1)
        return await generate(year, rule, save=save, by=LI, now=self.clock.now(), settings=self.settings)

    async def undo(self) -> Undone:
        return await undo_last(by=LI, now=self.clock.now(), settings=self.settings)

    async def lock(self, number: str, version: int = 0) -> Broadcast:
        return await lock(number, version=version, by=LI, now=self.clock.now())

    async def move(
        self,
        number: str,
        *,
        start: datetime | None = None,
        unit: str | None = None,
        version: int = 0,
        by: Actor = LI,
    ) -> Broadcast:
        return await move(
            number,
            start=start,
            unit_code=unit,
            version=version,
            by=by,
            now=self.clock.now(),
            settings=self.settings,
        )
