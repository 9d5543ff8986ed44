"""What a first start needs: an administrator who can log in, and the sample roster if it is wanted."""

from dataclasses import dataclass

from accounts.models import Role, Unit, User
from accounts.passwords import new_password
from accounts.services import create_user, seed_sample_units
from core.clock import SystemClock
from core.database import database
from core.settings import Settings

ADMINISTRATOR = "admin"


@dataclass(frozen=True, slots=True)
class Administrator:
    """Shown once; only the password's hash is kept."""

    username: str
    password: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was done; nothing on a later start."""

    roster_loaded: bool
    administrator: Administrator | None


async def prepare(settings: Settings, *, sample: bool) -> Prepared:
    """Brings the database up to date; loads the sample roster (if `sample`) where there is no unit yet, and
    makes the first administrator where there is no user yet."""
    async with database(settings):
        roster_loaded = sample and not await Unit.exists() and await seed_sample_units()
        if await User.exists():
            return Prepared(roster_loaded, None)
        password = new_password()
        await create_user(
            ADMINISTRATOR,
            "系统管理员",
            Role.ADMINISTRATOR,
            password=password,
            now=SystemClock().now(),
            must_change_password=True,
        )
        return Prepared(roster_loaded, Administrator(ADMINISTRATOR, password))
