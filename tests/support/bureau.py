"""A running web site with the cast, its rows open in this process too: a test seeds what its story leaves out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page

from core.clock import CHINA, SystemClock
from core.database import database
from core.settings import Settings, load_settings
from core.web.sessions import COOKIE
from schedules.workdays.calendars import ensure_usual_years, load_calendar
from schedules.workdays.days import WorkingCalendar
from tests.support.browser import Complaints, visitor
from tests.support.cast import Cast, Person, make_cast
from tests.support.house import House
from tests.support.migrated import lay_sqlite

THREE_O_CLOCK = time(15, 0, tzinfo=CHINA)


@dataclass(frozen=True, slots=True)
class Bureau:
    """today: of China. calendar: the working days of this year and its neighbours."""

    house: House
    settings: Settings
    clock: SystemClock
    cast: Cast
    calendar: WorkingCalendar

    @property
    def url(self) -> str:
        return self.house.url

    @property
    def today(self) -> date:
        return self.clock.now().astimezone(CHINA).date()

    def working_days_ahead(self, days: int) -> datetime:
        """15:00 in China so many working days from now; negative: before."""
        return datetime.combine(self.calendar.add_working_days(self.today, days), THREE_O_CLOCK)

    async def let_in(self, context: BrowserContext, person: Person) -> None:
        """From now on the browser is the person's; logging in is told elsewhere."""
        assert person.token is not None
        await context.add_cookies([{"name": COOKIE, "value": person.token, "url": self.url}])

    @asynccontextmanager
    async def page_of(
        self, browser: Browser, person: Person | None = None, width: int = 1280
    ) -> AsyncIterator[tuple[Page, Complaints]]:
        """A page in a browser of the person's own; without a person, of somebody who has only a link."""
        viewport = {"width": width, "height": 900}
        async with visitor(browser, viewport=viewport, base_url=self.url) as (context, complaints):
            if person is not None:
                await self.let_in(context, person)
            yield await context.new_page(), complaints


@asynccontextmanager
async def running_bureau(folder: Path, **settings: str) -> AsyncIterator[Bureau]:
    """A web site of its own with the sample units, the cast and the working calendar; stopped at the end."""
    house = House(folder, part="web", **settings)
    given = load_settings(data_dir=folder / "data", http_port=house.http_port, **settings)
    clock = SystemClock()
    lay_sqlite(given.data_dir)
    async with database(given):
        await ensure_usual_years(clock.now())
        cast = await make_cast(given, clock)
        house.start()
        try:
            year = clock.now().astimezone(CHINA).year
            yield Bureau(house, given, clock, cast, await load_calendar([year, year + 1]))
        finally:
            house.stop()
