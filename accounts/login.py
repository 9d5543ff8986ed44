"""Logging in and out: lockout, sessions that can be revoked. Of a token only its SHA-256 is stored."""

import hashlib
import math
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F

from accounts.models import LoginThrottle, Role, Session, User
from accounts.passwords import password_matches
from accounts.second_factor import code_opens
from accounts.usernames import normal_username
from core.errors import DomainError, Forbidden
from core.sealing import Sealer
from core.settings import Settings

SEEN_EVERY = timedelta(minutes=1)
"""A session in use is written back at most this often."""


class WrongLogin(Forbidden):
    """用户名或口令不对。"""


class LockedOut(DomainError):
    """until: when the next try is looked at."""

    def __init__(self, until: datetime, now: datetime) -> None:
        self.until = until
        minutes = max(1, math.ceil((until - now).total_seconds() / 60))
        super().__init__(f"输错次数太多，请 {minutes} 分钟后再试，或请管理员重设口令。")


class WrongCode(Forbidden):
    """验证码不对或已经用过。请等手机上换了下一个再输入，或输入一个没用过的恢复码。"""


class LoginTooOld(Forbidden):
    """输入口令后等得太久了，请重新登录。"""


async def log_in(
    username: str, password: str, *, now: datetime, client: str, settings: Settings
) -> tuple[Session, str]:
    """The new session (its user and unit loaded) and the token for the cookie. client: address and browser.

    A session that `awaits_code` lets nobody in: `pass_second_factor` does. Raises WrongLogin, the same and as slow
    for an unknown user, and LockedOut, also for the right password.
    """
    user = await check_password(username, password, now=now, settings=settings)
    if user.totp_confirmed_at is not None and settings.second_factor != "off":
        return await open_session(user, now=now, client=client, settings=settings, awaits_code=True)
    await LoginThrottle.filter(username=user.username).delete()
    return await open_session(user, now=now, client=client, settings=settings)


async def check_password(username: str, password: str, *, now: datetime, settings: Settings) -> User:
    """The user whose password it is, with the unit. Wrong ones are counted. Raises WrongLogin, LockedOut."""
    username = normal_username(username)
    await _check_lock(username, now)
    user = await User.get_or_none(username=username, active=True).prefetch_related("unit")
    if not await password_matches(user.password_hash if user else None, password) or user is None:
        await _count_failure(username, now, settings)
        raise WrongLogin
    return user


async def pass_second_factor(
    token: str, code: str, sealer: Sealer, *, now: datetime, client: str, settings: Settings
) -> tuple[Session, str]:
    """After the password: the session proper, for the token of one that awaits a code. Wrong codes count like wrong
    passwords. Raises WrongCode, LockedOut, LoginTooOld.
    """
    waiting = await Session.get_or_none(
        token_hash=_hash(token), awaits_code=True, ended_at=None, expires_at__gt=now, user__active=True
    ).prefetch_related("user__unit")
    if waiting is None:
        raise LoginTooOld
    await check_code(waiting.user, code, sealer, now=now, settings=settings)
    await end_session(waiting.id, now=now)
    return await open_session(waiting.user, now=now, client=client, settings=settings)


async def check_code(user: User, code: str, sealer: Sealer, *, now: datetime, settings: Settings) -> None:
    """A code of the user's second factor, used up by this. Raises WrongCode, LockedOut."""
    await _check_lock(user.username, now)
    if not await code_opens(user, code, sealer, now=now):
        await _count_failure(user.username, now, settings)
        raise WrongCode
    await LoginThrottle.filter(username=user.username).delete()


async def open_session(
    user: User, *, now: datetime, client: str, settings: Settings, awaits_code: bool = False
) -> tuple[Session, str]:
    """Let a user in whose identity is already sure (or, when it awaits a code, half sure)."""
    token = secrets.token_urlsafe(32)
    life = timedelta(hours=settings.session_absolute_hours)
    if awaits_code:
        life = timedelta(minutes=settings.second_factor_minutes)
    session = Session(
        user=user,
        token_hash=_hash(token),
        client="".join(filter(str.isprintable, client))[:200],
        created_at=now,
        last_seen_at=now,
        idle_until=now + _idle(user, settings),
        expires_at=now + life,
        awaits_code=awaits_code,
    )
    await session.save()
    return session, token


async def session_user(token: str, *, now: datetime, settings: Settings) -> Session | None:
    """The session of a token, with `.user` and `.user.unit` loaded; None when it is over or unknown."""
    session = await Session.get_or_none(
        token_hash=_hash(token),
        awaits_code=False,
        ended_at=None,
        expires_at__gt=now,
        idle_until__gt=now,
        user__active=True,
    ).prefetch_related("user__unit")
    if session is not None and now - session.last_seen_at >= SEEN_EVERY:
        session.last_seen_at = now
        session.idle_until = now + _idle(session.user, settings)
        await session.save(update_fields=["last_seen_at", "idle_until"])
    return session


def _idle(user: User, settings: Settings) -> timedelta:
    """How long a session may stand unused."""
    minutes = settings.session_idle_minutes
    if user.role is Role.ADMINISTRATOR:
        minutes = min(minutes, settings.administrator_idle_minutes)
    return timedelta(minutes=minutes)


async def end_session(session_id: UUID, *, now: datetime) -> None:
    """Revoke a session; ending one that is over changes nothing."""
    await Session.filter(id=session_id, ended_at=None).update(ended_at=now)


async def forget_old(now: datetime, settings: Settings) -> int:
    """Delete sessions that are over since a day and throttles that no longer count. Returns how many rows."""
    yesterday = now - timedelta(days=1)
    gone = await Session.filter(expires_at__lt=yesterday).delete()
    gone += await Session.filter(ended_at__lt=yesterday).delete()
    gone += await Session.filter(idle_until__lt=yesterday).delete()
    window = timedelta(minutes=settings.login_lock_minutes)
    return gone + await LoginThrottle.filter(last_failed_at__lt=now - window).delete()


async def _check_lock(username: str, now: datetime) -> None:
    throttle = await LoginThrottle.get_or_none(username=username)
    if throttle and throttle.locked_until and throttle.locked_until > now:
        raise LockedOut(throttle.locked_until, now)


async def _count_failure(username: str, now: datetime, settings: Settings) -> None:
    """Count by conditional updates: several tries may arrive at once, in several processes."""
    window = timedelta(minutes=settings.login_lock_minutes)
    stale = LoginThrottle.filter(username=username, last_failed_at__lt=now - window)
    await stale.update(failures=0, locked_until=None, last_failed_at=now)
    rows = LoginThrottle.filter(username=username)
    if not await rows.update(failures=F("failures") + 1, last_failed_at=now):
        try:
            await LoginThrottle.create(username=username, failures=1, last_failed_at=now)
        except IntegrityError:  # another try has just made the row
            await rows.update(failures=F("failures") + 1, last_failed_at=now)
    await LoginThrottle.filter(
        username=username, failures__gte=settings.login_failures, locked_until=None
    ).update(locked_until=now + window)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
