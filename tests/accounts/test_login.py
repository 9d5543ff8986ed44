import asyncio
import hashlib
from datetime import timedelta

import pytest
from tortoise.context import TortoiseContext

from accounts.jobs import forget_old_sessions
from accounts.login import LockedOut, WrongLogin, end_session, log_in, session_user
from accounts.models import LoginThrottle, Role, Session, User
from accounts.services import create_user
from core.clock import ManualClock
from core.events import EventBus
from core.jobs import JobContext, JobQueue
from core.settings import Settings

PASSWORD = "correct-horse-battery-7"


@pytest.fixture
async def user(db: TortoiseContext, clock: ManualClock) -> User:
    return await create_user("lisi", "李四", Role.OFFICIAL, password=PASSWORD, now=clock.now())


async def attempt(
    clock: ManualClock, settings: Settings, password: str = PASSWORD, username: str = "lisi"
) -> tuple[Session, str]:
    return await log_in(username, password, now=clock.now(), client="127.0.0.1 Firefox", settings=settings)


async def fail(clock: ManualClock, settings: Settings, times: int, username: str = "lisi") -> None:
    for _ in range(times):
        with pytest.raises(WrongLogin):
            await attempt(clock, settings, "wrong", username)


async def test_a_login_opens_a_session_of_which_only_a_hash_is_stored(
    user: User, db_settings: Settings, clock: ManualClock
) -> None:
    session, token = await attempt(clock, db_settings, username=" LiSi ")
    row = await Session.get(id=session.id)
    assert row.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(vars(row))
    assert len(token) >= 43  # 256 bits in base64
    assert row.client == "127.0.0.1 Firefox"
    found = await session_user(token, now=clock.now(), settings=db_settings)
    assert found is not None
    assert found.user == user
    assert found.user.unit is None


@pytest.mark.parametrize("username", ["lisi", "nobody", "\x00", "x" * 10_000])
async def test_a_wrong_password_and_an_unknown_user_are_told_apart_by_nothing(
    user: User, db_settings: Settings, clock: ManualClock, username: str
) -> None:
    for _ in range(db_settings.login_failures):
        with pytest.raises(WrongLogin) as wrong:
            await attempt(clock, db_settings, "wrong", username)
        assert wrong.value.message == WrongLogin.__doc__
    with pytest.raises(LockedOut) as locked:
        await attempt(clock, db_settings, "wrong", username)
    assert locked.value.message == "输错次数太多，请 15 分钟后再试，或请管理员重设口令。"


async def test_somebody_who_was_put_out_of_use_cannot_log_in_and_loses_the_session(
    user: User, db_settings: Settings, clock: ManualClock
) -> None:
    _, token = await attempt(clock, db_settings)
    await User.filter(id=user.id).update(active=False)
    assert await session_user(token, now=clock.now(), settings=db_settings) is None
    await fail(clock, db_settings, 1)
    with pytest.raises(WrongLogin):
        await attempt(clock, db_settings)


async def test_a_lock_holds_for_the_right_password_too_and_opens_after_its_time(
    user: User, db_settings: Settings, clock: ManualClock
) -> None:
    await fail(clock, db_settings, 5)
    with pytest.raises(LockedOut) as locked:
        await attempt(clock, db_settings)
    assert locked.value.until == clock.now() + timedelta(minutes=15)
    clock.advance(minutes=15)
    await attempt(clock, db_settings)


async def test_after_a_lock_there_are_as_many_tries_as_before(
    user: User, db_settings: Settings, clock: ManualClock
) -> None:
    await fail(clock, db_settings, 5)
    clock.advance(minutes=15, seconds=1)
    await fail(clock, db_settings, 5)
    with pytest.raises(LockedOut):
        await attempt(clock, db_settings)


async def test_a_login_that_succeeds_and_a_long_pause_both_forget_the_failures(
    user: User, db_settings: Settings, clock: ManualClock
) -> None:
    await fail(clock, db_settings, 4)
    await attempt(clock, db_settings)
    await fail(clock, db_settings, 4)
    clock.advance(minutes=16)
    await fail(clock, db_settings, 4)
    await attempt(clock, db_settings)


async def test_tries_that_arrive_at_once_are_all_counted(
    user: User, db_settings: Settings, clock: ManualClock
) -> None:
    outcomes = await asyncio.gather(
        *(attempt(clock, db_settings, "wrong") for _ in range(5)), return_exceptions=True
    )
    assert all(isinstance(outcome, WrongLogin) for outcome in outcomes)
    with pytest.raises(LockedOut):
        await attempt(clock, db_settings)


async def test_a_session_ends_by_idleness(user: User, db_settings: Settings, clock: ManualClock) -> None:
    _, token = await attempt(clock, db_settings)
    for _ in range(4):
        clock.advance(minutes=29)
        assert await session_user(token, now=clock.now(), settings=db_settings) is not None
    clock.advance(minutes=30)
    assert await session_user(token, now=clock.now(), settings=db_settings) is None


async def test_a_session_ends_after_its_longest_life_however_busy(
    user: User, db_settings: Settings, clock: ManualClock
) -> None:
    _, token = await attempt(clock, db_settings)
    for _ in range(12 * 3 - 1):
        clock.advance(minutes=20)
        assert await session_user(token, now=clock.now(), settings=db_settings) is not None
    clock.advance(minutes=20)
    assert await session_user(token, now=clock.now(), settings=db_settings) is None


async def test_a_session_in_use_is_written_back_at_most_once_a_minute(
    user: User, db_settings: Settings, clock: ManualClock
) -> None:
    session, token = await attempt(clock, db_settings)
    clock.advance(59)
    await session_user(token, now=clock.now(), settings=db_settings)
    assert (await Session.get(id=session.id)).last_seen_at == session.created_at
    clock.advance(1)
    await session_user(token, now=clock.now(), settings=db_settings)
    assert (await Session.get(id=session.id)).last_seen_at == clock.now()


async def test_a_revoked_session_lets_nobody_in_and_leaves_others_alone(
    user: User, db_settings: Settings, clock: ManualClock
) -> None:
    session, token = await attempt(clock, db_settings)
    _, other = await attempt(clock, db_settings)
    await end_session(session.id, now=clock.now())
    await end_session(session.id, now=clock.now())
    assert await session_user(token, now=clock.now(), settings=db_settings) is None
    assert await session_user(other, now=clock.now(), settings=db_settings) is not None


@pytest.mark.parametrize("token", ["", "x", "\ud800", "令牌"])
async def test_a_made_up_token_is_nobodys(
    user: User, db_settings: Settings, clock: ManualClock, token: str
) -> None:
    assert await session_user(token, now=clock.now(), settings=db_settings) is None


async def test_the_sweep_forgets_what_is_over_and_keeps_what_is_not(
    user: User, db_settings: Settings, clock: ManualClock
) -> None:
    await attempt(clock, db_settings)
    await fail(clock, db_settings, 1)
    clock.advance(minutes=60 * 48)
    kept, _ = await attempt(clock, db_settings)
    await fail(clock, db_settings, 1, "somebody")
    queue = JobQueue(db_settings)
    await forget_old_sessions(JobContext(db_settings, clock, EventBus(), queue))
    assert [session.id for session in await Session.all()] == [kept.id]
    assert [row.username for row in await LoginThrottle.all()] == ["somebody"]
