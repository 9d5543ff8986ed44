"""Tokens of the JSON interface: a program acts with the rights of the token's owner, until it ends or is revoked."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from accounts.models import ApiToken, Role, User
from accounts.usernames import normal_username
from core.audit import Actor, ActorKind, record
from core.database import transaction
from core.errors import Conflict, Invalid, NotFound
from core.settings import Settings

PREFIX = "wkt_"
"""So that a token that lies about somewhere is recognised as one of ours."""
USED_EVERY = timedelta(minutes=1)
"""That a token is in use is written back at most this often."""
OWNERS = (Role.ADMINISTRATOR, Role.OFFICIAL)
"""Whose rights a program may have: to write, or only to read."""


async def issue_token(
    name: str, owner: str, *, days: int, by: Actor, now: datetime, settings: Settings
) -> tuple[ApiToken, str]:
    """The row and the token itself, which nobody can show again. owner: a username. days: how long it holds.

    Raises Invalid with the wrong fields, Conflict when there are too many.
    """
    name = " ".join(name.split())
    user = await User.get_or_none(username=normal_username(owner), active=True)
    if faults := _faults(name, user, days, settings):
        raise Invalid(faults)
    assert user is not None
    token = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        name=name, token_hash=_hash(token), owner=user, created_at=now, expires_at=now + timedelta(days=days)
    )
    async with transaction():
        if await ApiToken.filter(revoked_at=None, expires_at__gt=now).count() >= settings.token_most:
            raise Conflict(f"有效的令牌已经有 {settings.token_most} 个，请先作废不用的。")
        await row.save(force_create=True)
        made = {"name": name, "owner": user.username, "expires_at": row.expires_at}
        await record("token.issued", by=by, subject=f"token:{row.id}", now=now, after=made)
    return row, token


async def revoke_token(token_id: UUID, *, by: Actor, now: datetime) -> ApiToken:
    """From now on it opens nothing. Raises NotFound, and Conflict when it is revoked already."""
    row = await ApiToken.get_or_none(id=token_id)
    if row is None:
        raise NotFound("没有这个令牌。")
    async with transaction():
        if not await ApiToken.filter(id=token_id, revoked_at=None).update(revoked_at=now):
            raise Conflict(f"令牌“{row.name}”已经作废了，不用再作废一次。")
        await record("token.revoked", by=by, subject=f"token:{row.id}", now=now, before={"name": row.name})
    return row


async def tokens() -> list[ApiToken]:
    """All, the latest first, with their owners."""
    return await ApiToken.all().prefetch_related("owner")


async def find_token(token: str, *, now: datetime) -> ApiToken | None:
    """The valid token with its owner and the owner's unit; None for one that is unknown, over or revoked."""
    row = await ApiToken.get_or_none(
        token_hash=_hash(token), revoked_at=None, expires_at__gt=now, owner__active=True
    ).prefetch_related("owner__unit")
    if row is not None and (row.last_used_at is None or now - row.last_used_at >= USED_EVERY):
        await ApiToken.filter(id=row.id).update(last_used_at=now)
    return row


def actor_of_token(token: ApiToken) -> Actor:
    """For the audit log: the program, and whose rights it has."""
    owner = token.owner
    return Actor(ActorKind.TOKEN, str(token.id), f"{token.name}（{owner.display_name}）", owner.unit_id)


def _faults(name: str, owner: User | None, days: int, settings: Settings) -> dict[str, str]:
    faults: dict[str, str] = {}
    if not 1 <= len(name) <= 40 or not name.isprintable():
        faults["name"] = "用途要有 1 到 40 个字。"
    if owner is None:
        faults["owner"] = "没有这个用户，或者账号已停用。"
    elif owner.role not in OWNERS:
        faults["owner"] = "令牌只能归管理员（可读可写）或领导（只读）的账号。"
    if not 1 <= days <= settings.token_days:
        faults["days"] = f"有效天数要在 1 到 {settings.token_days} 之间。"
    return faults


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
