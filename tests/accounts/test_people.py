import asyncio
from uuid import UUID, uuid4

import pytest
from tortoise.context import TortoiseContext

from accounts.links import LinkOver, issue_link, open_link
from accounts.login import WrongLogin, log_in, session_user
from accounts.models import User
from accounts.people import add_person, give_new_password, hand_over, lock_user, unlock_user
from core.audit import SYSTEM, Actor, ActorKind
from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.errors import Conflict, Invalid, NotFound
from core.grants import LinkPurpose
from core.settings import Settings
from tests.support.cast import PASSWORD, UNIT_A, Cast, Person, make_cast


@pytest.fixture
async def cast(db: TortoiseContext, db_settings: Settings, clock: ManualClock) -> Cast:
    return await make_cast(db_settings, clock)


def id_of(person: Person) -> UUID:
    assert person.user is not None
    return person.user.id


def acting(person: Person) -> Actor:
    return Actor(ActorKind.USER, str(id_of(person)), person.name)


async def is_in(person: Person, settings: Settings, clock: ManualClock) -> bool:
    return await session_user(person.token or "", now=clock.now(), settings=settings) is not None


async def test_a_handover_ends_the_old_ways_in_and_opens_new_ones(
    cast: Cast, db_settings: Settings, clock: ManualClock
) -> None:
    token = await issue_link(
        LinkPurpose.LIAISON,
        unit_code=UNIT_A,
        subject="2026-11-2",
        holder="liaison-a",
        by=SYSTEM,
        now=clock.now(),
        settings=db_settings,
    )
    old, by = cast.liaison_a, acting(cast.administrator)
    new = await hand_over(id_of(old), "wangwu", "王五", by=by, now=clock.now())
    assert not await is_in(old, db_settings, clock)
    assert await is_in(cast.liaison_b, db_settings, clock)
    with pytest.raises(LinkOver):
        await open_link(token, now=clock.now())
    with pytest.raises(WrongLogin):
        await log_in("liaison-a", PASSWORD, now=clock.now(), client="", settings=db_settings)
    session, _ = await log_in("wangwu", new.password, now=clock.now(), client="", settings=db_settings)
    assert (session.user.unit_id, session.user.must_change_password) == (UNIT_A, True)
    actions = [
        (entry.action, entry.actor_name) for entry in await AuditEntry.all().order_by("-number").limit(2)
    ]
    assert actions == [("user.handed_over", "administrator"), ("user.created", "administrator")]
    assert new.password not in "".join(str(vars(entry)) for entry in await AuditEntry.all())


async def test_a_handover_that_fails_changes_nothing(
    cast: Cast, db_settings: Settings, clock: ManualClock
) -> None:
    for username, name in (("liaison-b", "王五"), ("王五", "王五"), ("wangwu", " ")):
        with pytest.raises(Invalid):
            await hand_over(id_of(cast.liaison_a), username, name, by=SYSTEM, now=clock.now())
    with pytest.raises(Conflict):
        await hand_over(id_of(cast.official), "wangwu", "王五", by=SYSTEM, now=clock.now())
    with pytest.raises(NotFound):
        await hand_over(uuid4(), "wangwu", "王五", by=SYSTEM, now=clock.now())
    assert await is_in(cast.liaison_a, db_settings, clock)
    assert await User.all().count() == 6


async def test_of_two_handovers_at_once_one_counts(cast: Cast, clock: ManualClock) -> None:
    outcomes = await asyncio.gather(
        *(
            hand_over(id_of(cast.liaison_a), name, "新人", by=SYSTEM, now=clock.now())
            for name in ("one", "two")
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(each, Conflict) for each in outcomes) == 1
    assert await User.filter(unit_id=UNIT_A, active=True).count() == 1


async def test_a_locked_account_is_out_at_once_until_it_is_unlocked(
    cast: Cast, db_settings: Settings, clock: ManualClock
) -> None:
    by = acting(cast.administrator)
    for _ in range(2):
        await lock_user(id_of(cast.official), by=by, now=clock.now())
    assert not await is_in(cast.official, db_settings, clock)
    with pytest.raises(Conflict):
        await give_new_password(id_of(cast.official), by=by, now=clock.now())
    for _ in range(2):
        await unlock_user(id_of(cast.official), by=by, now=clock.now())
    await log_in("official", PASSWORD, now=clock.now(), client="", settings=db_settings)
    actions = [entry.action for entry in await AuditEntry.all().order_by("number")]
    assert actions == ["user.locked", "user.unlocked"]


async def test_nobody_locks_themselves_or_the_last_administrator(cast: Cast, clock: ManualClock) -> None:
    with pytest.raises(Conflict, match="自己"):
        await lock_user(id_of(cast.administrator), by=acting(cast.administrator), now=clock.now())
    with pytest.raises(Conflict, match="最后一个"):
        await lock_user(id_of(cast.administrator), by=SYSTEM, now=clock.now())


async def test_a_new_password_is_for_once_and_ends_the_sessions(
    cast: Cast, db_settings: Settings, clock: ManualClock
) -> None:
    made = await give_new_password(id_of(cast.official), by=SYSTEM, now=clock.now())
    assert not await is_in(cast.official, db_settings, clock)
    session, _ = await log_in("official", made.password, now=clock.now(), client="", settings=db_settings)
    assert session.user.must_change_password


async def test_only_liaisons_belong_to_a_unit(cast: Cast, clock: ManualClock) -> None:
    user = cast.official.user
    assert user is not None
    for role, unit in (("official", UNIT_A), ("liaison", "")):
        with pytest.raises(Invalid) as caught:
            await add_person("new", "新人", type(user.role)(role), unit_code=unit, by=SYSTEM, now=clock.now())
        assert list(caught.value.fields) == ["unit"]
