"""The first start prepares a database once, and leaves a later one as it is."""

from portal.first_start import ADMINISTRATOR, prepare

from accounts.login import log_in
from accounts.models import Role, Unit
from accounts.services import create_user
from core.clock import ManualClock
from core.database import database
from core.settings import Settings


async def test_the_first_start_makes_an_administrator_who_can_log_in(
    sqlite_settings: Settings, clock: ManualClock
) -> None:
    prepared = await prepare(sqlite_settings, sample=True)
    assert prepared.roster_loaded
    assert prepared.administrator is not None
    async with database(sqlite_settings):
        assert await Unit.all().count() == 40
        session, _ = await log_in(
            ADMINISTRATOR,
            prepared.administrator.password,
            now=clock.now(),
            client="test",
            settings=sqlite_settings,
        )
        assert session.user.role is Role.ADMINISTRATOR


async def test_a_later_start_shows_no_password_and_loads_nothing(sqlite_settings: Settings) -> None:
    await prepare(sqlite_settings, sample=True)
    again = await prepare(sqlite_settings, sample=True)
    assert again.administrator is None
    assert not again.roster_loaded


async def test_without_the_sample_the_roster_stays_empty(sqlite_settings: Settings) -> None:
    prepared = await prepare(sqlite_settings, sample=False)
    assert prepared.administrator is not None
    async with database(sqlite_settings):
        assert await Unit.all().count() == 0


async def test_a_roster_and_users_of_ones_own_are_left_alone(
    sqlite_settings: Settings, clock: ManualClock
) -> None:
    async with database(sqlite_settings):
        await Unit.create(code="1", name="某局", kind="department", display_order=1)
        await create_user(
            "chief", "局长", Role.ADMINISTRATOR, password="a-Long-passw0rd-of-mine", now=clock.now()
        )
    prepared = await prepare(sqlite_settings, sample=True)
    assert prepared == type(prepared)(roster_loaded=False, administrator=None)
