"""The fixed cast that page tests ask: who may see this, who may do that?

`cast = await make_cast(settings, clock)` fills an open database with the sample units, one user per role and
a session for each. Every page test goes through `for person in cast`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from accounts.login import open_session
from accounts.models import Role, Unit, User
from accounts.passwords import hash_password
from accounts.services import seed_sample_units
from core.clock import Clock
from core.settings import Settings

PASSWORD = "correct-horse-battery-7"
UNIT_A = "520013"
"""州司法局"""
UNIT_B = "522701"
"""都匀市"""


@dataclass(frozen=True, slots=True)
class Person:
    """user and token (of an open session, as the cookie carries it) are None for the anonymous visitor."""

    name: str
    user: User | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Cast:
    anonymous: Person
    liaison_a: Person
    liaison_b: Person
    administrator: Person
    duty: Person
    official: Person
    auditor: Person
    unit_a: Unit
    unit_b: Unit

    def __iter__(self) -> Iterator[Person]:
        members = (getattr(self, field.name) for field in fields(self))
        return (member for member in members if isinstance(member, Person))


async def make_person(
    settings: Settings,
    clock: Clock,
    name: str,
    display_name: str,
    role: Role,
    unit_code: str | None = None,
    *,
    password_hash: str = "",
) -> Person:
    """Somebody logged in; without password_hash nobody can log in as them again."""
    user = await User.create(
        username=name,
        display_name=display_name,
        role=role,
        unit_id=unit_code,
        password_hash=password_hash,
        created_at=clock.now(),
    )
    _, token = await open_session(user, now=clock.now(), client="test", settings=settings)
    return Person(name, user, token)


async def second_administrator(settings: Settings, clock: Clock) -> Person:
    """Who reviews what the first one handed in, or moves the same lecture at the same time. Not of the cast: a page
    that lets one administrator in lets in all.
    """
    return await make_person(settings, clock, "administrator-2", "示例管理员二", Role.ADMINISTRATOR)


async def make_cast(settings: Settings, clock: Clock) -> Cast:
    await seed_sample_units()
    password_hash = await hash_password(PASSWORD)

    async def person(name: str, display_name: str, role: Role, unit_code: str | None = None) -> Person:
        return await make_person(
            settings, clock, name, display_name, role, unit_code, password_hash=password_hash
        )

    return Cast(
        anonymous=Person("anonymous"),
        liaison_a=await person("liaison-a", "示例联络员甲", Role.LIAISON, UNIT_A),
        liaison_b=await person("liaison-b", "示例联络员乙", Role.LIAISON, UNIT_B),
        administrator=await person("administrator", "示例管理员", Role.ADMINISTRATOR),
        duty=await person("duty", "示例值班员", Role.DUTY),
        official=await person("official", "示例领导", Role.OFFICIAL),
        auditor=await person("auditor", "示例审计员", Role.AUDITOR),
        unit_a=await Unit.get(code=UNIT_A),
        unit_b=await Unit.get(code=UNIT_B),
    )
