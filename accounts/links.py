"""One-time links: issued by the bureau or a reminder, opened once, ended when the person changes.

`/link/<token>` is the address. Looking at it burns nothing (mail scanners and chat previews do that); only the
button on its page does. A liaison's link opens a session; anybody else's a grant kept in a cookie of its own.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.queryset import QuerySet

from accounts.login import open_session
from accounts.models import OneTimeLink, Role, Session, User
from accounts.queries import find_unit
from core.audit import Actor, record
from core.database import transaction
from core.errors import Conflict, DomainError, Invalid, NotFound
from core.grants import LinkGrant, LinkPurpose
from core.settings import Settings

__all__ = ["LinkGrant", "LinkOver", "LinkPurpose", "enter", "issue_link", "open_link", "revoke_links"]

REMEDY = "请联系州司法局重新发一个链接，对方点一下就能发。"
LONGEST_HOLDER = 40
LONGEST_SUBJECT = 16


class LinkOver(DomainError):
    """这个链接已经失效。请联系州司法局重新发一个链接，对方点一下就能发。"""


class Expired(LinkOver):
    """at: when it ran out."""

    def __init__(self, hours: int) -> None:
        super().__init__(f"这个链接已经过期：发出后 {hours} 小时内有效。{REMEDY}")


class Used(LinkOver):
    """这个链接已经用过了，一个链接只能打开一次。请联系州司法局重新发一个链接，对方点一下就能发。"""


class NoLiaison(Conflict):
    """这个单位还没有可以登录的联络员，请管理员先在“人员”里新建或启用联络员。"""


@dataclass(frozen=True, slots=True)
class Entered:
    """Which cookie the browser gets: a liaison's session, or the grant of somebody without an account."""

    grant: LinkGrant
    session_token: str = ""
    grant_token: str = ""


async def issue_link(
    purpose: LinkPurpose,
    *,
    unit_code: str,
    subject: str,
    holder: str,
    by: Actor,
    now: datetime,
    settings: Settings,
) -> str:
    """The token of a new link; its address is `/link/<token>`. subject: the lecture's number, empty for none.

    holder: the person's name; for a liaison also the username, else the unit's only liaison is meant. Joins the
    caller's transaction. Raises Invalid, NoLiaison.
    """
    holder = " ".join(holder.split())
    faults: dict[str, str] = {}
    if not 1 <= len(holder) <= LONGEST_HOLDER or not holder.isprintable():
        faults["holder"] = f"请填写链接发给谁，1 到 {LONGEST_HOLDER} 个字。"
    if len(subject) > LONGEST_SUBJECT or not subject.isprintable():
        faults["subject"] = "期次编号不对，请核对。"
    if not subject and purpose is not LinkPurpose.LIAISON:
        faults["subject"] = "请说明链接是为哪一期发的。"
    if await find_unit(unit_code) is None:
        faults["unit"] = f"没有代码为 {unit_code[:16]} 的单位。"
    if faults:
        raise Invalid(faults)
    user = await _liaison(unit_code, holder) if purpose is LinkPurpose.LIAISON else None
    token = secrets.token_urlsafe(32)
    link = OneTimeLink(
        token_hash=_hash(token),
        purpose=purpose,
        unit_id=unit_code,
        subject=subject,
        holder=user.display_name if user else holder,
        user=user,
        issued_by=by.name,
        issued_at=now,
        expires_at=now + timedelta(hours=settings.link_hours),
    )
    told = {"purpose": purpose, "unit": unit_code, "holder": link.holder, "expires_at": link.expires_at}
    async with transaction():
        await link.save(force_create=True)
        await record("link.issued", by=by, subject=f"link:{link.id}", now=now, after=told | {"for": subject})
    return token


async def look_at_link(token: str, *, now: datetime) -> LinkGrant:
    """What a link is for, without using it up. Raises NotFound, Expired, Used, LinkOver."""
    return _grant(await _usable(token, now))


async def open_link(token: str, *, now: datetime) -> LinkGrant:
    """Use a link up: who comes second, however close, is refused. Raises NotFound, Expired, Used, LinkOver.

    The way in itself is opened by `enter`.
    """
    link = await _usable(token, now)
    grant = _grant(link)
    async with transaction():
        if not await OneTimeLink.filter(id=link.id, opened_at=None, revoked_at=None).update(opened_at=now):
            raise Used  # two presses of the button at once
        await record("link.opened", by=grant.actor, subject=f"link:{link.id}", now=now)
    return grant


async def enter(token: str, *, now: datetime, client: str, settings: Settings) -> Entered:
    """Use a link up and let its holder in. client: address and browser. Raises as `open_link`."""
    async with transaction():
        grant = await open_link(token, now=now)
        link = await OneTimeLink.get(token_hash=grant.digest).prefetch_related("user")
        if link.user is not None:
            session, session_token = await open_session(link.user, now=now, client=client, settings=settings)
            await Session.filter(id=session.id).update(link_id=link.id)
            return Entered(grant, session_token=session_token)
        kept = secrets.token_urlsafe(32)
        until = now + timedelta(hours=settings.link_grant_hours)
        await OneTimeLink.filter(id=link.id).update(grant_hash=_hash(kept), grant_until=until)
        return Entered(grant, grant_token=kept)


async def find_grant(token: str, *, now: datetime) -> LinkGrant | None:
    """The grant of a browser's token; None when it is over, revoked or unknown."""
    link = await OneTimeLink.get_or_none(
        grant_hash=_hash(token), grant_until__gt=now, revoked_at=None
    ).prefetch_related("unit")
    return None if link is None else _grant(link)


async def revoke_links(links: QuerySet[OneTimeLink], *, now: datetime) -> int:
    """End these links and what they opened. Inside the caller's transaction; the caller tells the audit log."""
    ids = [link.id for link in await links.filter(revoked_at=None)]
    if not ids:
        return 0
    await Session.filter(link_id__in=ids, ended_at=None).update(ended_at=now)
    return await OneTimeLink.filter(id__in=ids).update(revoked_at=now)


async def forget_old_links(now: datetime) -> int:
    """Delete links that can open nothing any more since 30 days; the audit log keeps that they were."""
    long_ago = now - timedelta(days=30)
    return await OneTimeLink.filter(expires_at__lt=long_ago).delete()


async def _liaison(unit_code: str, holder: str) -> User:
    liaisons = await User.filter(unit_id=unit_code, role=Role.LIAISON, active=True)
    named = [user for user in liaisons if holder in (user.username, user.display_name)]
    if len(named) == 1:
        return named[0]
    if len(liaisons) == 1:
        return liaisons[0]
    if not liaisons:
        raise NoLiaison
    raise Invalid({"holder": "这个单位有几位联络员，请用用户名说明发给哪一位。"})


async def _usable(token: str, now: datetime) -> OneTimeLink:
    link = await OneTimeLink.get_or_none(token_hash=_hash(token)).prefetch_related("unit", "user")
    if link is None:
        raise NotFound(f"没有这个链接，可能没有复制完整。{REMEDY}")
    if link.opened_at is not None:
        raise Used
    if link.revoked_at is not None or (link.user is not None and not link.user.active):
        raise LinkOver
    if link.expires_at <= now:
        raise Expired(round((link.expires_at - link.issued_at).total_seconds() / 3600))
    return link


def _grant(link: OneTimeLink) -> LinkGrant:
    return LinkGrant(
        purpose=link.purpose,
        unit_code=link.unit_id,
        unit_name=link.unit.name,
        subject=link.subject,
        holder=link.holder,
        digest=link.token_hash,
        until=link.grant_until or link.expires_at,
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
