"""What an administrator does with accounts: lock and unlock, a new first password, 更换联络员."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.links import revoke_links
from accounts.models import OneTimeLink, Role, Session, User
from accounts.passwords import new_password
from accounts.services import create_user, set_password
from core.audit import Actor, record
from core.database import transaction
from core.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class NewPerson:
    """password: to be handed over once; it has to be changed at the first login."""

    user: User
    password: str


async def get_person(user_id: UUID) -> User:
    """Raises NotFound."""
    user = await User.get_or_none(id=user_id).prefetch_related("unit")
    if user is None:
        raise NotFound("没有找到这个账号，请从人员列表进入。")
    return user


async def add_person(
    username: str, display_name: str, role: Role, *, unit_code: str = "", by: Actor, now: datetime
) -> NewPerson:
    """Only liaisons belong to a unit. Raises Invalid."""
    if unit_code and role is not Role.LIAISON:
        raise Invalid({"unit": "只有联络员属于单位，其他角色请不要选单位。"})
    password = new_password()
    user = await create_user(
        username,
        display_name,
        role,
        password=password,
        now=now,
        unit_code=unit_code or None,
        must_change_password=True,
        by=by,
    )
    return NewPerson(user, password)


async def give_new_password(user_id: UUID, *, by: Actor, now: datetime) -> NewPerson:
    """For somebody who has forgotten theirs; their sessions end. Raises NotFound, Conflict."""
    user = await get_person(user_id)
    if not user.active:
        raise Conflict(f"{user.display_name}的账号已经停用，请先启用再重设口令。")
    password = new_password()
    user = await set_password(user.username, password, now=now, must_change=True, by=by)
    return NewPerson(user, password)


async def lock_user(user_id: UUID, *, by: Actor, now: datetime) -> User:
    """Out of use: sessions and links end. Raises NotFound, Conflict for oneself and the last administrator."""
    async with transaction():
        user = await get_person(user_id)
        if str(user.id) == by.id:
            raise Conflict("不能停用自己的账号，请让另一位管理员来做。")
        others = User.filter(role=Role.ADMINISTRATOR, active=True).exclude(id=user.id)
        if user.role is Role.ADMINISTRATOR and not await others.exists():
            raise Conflict("这是最后一个能用的管理员账号，停用后没有人能管理了。")
        if await _put_out(user, now):
            await record("user.locked", by=by, subject=f"user:{user.username}", now=now)
    return user


async def unlock_user(user_id: UUID, *, by: Actor, now: datetime) -> User:
    """Back in use. Raises NotFound, Conflict."""
    async with transaction():
        user = await get_person(user_id)
        if await User.filter(id=user.id, active=False).update(active=True):
            await record("user.unlocked", by=by, subject=f"user:{user.username}", now=now)
        user.active = True
    return user


async def hand_over(
    user_id: UUID, username: str, display_name: str, *, by: Actor, now: datetime
) -> NewPerson:
    """更换联络员: another person becomes the unit's liaison, the old one's account, sessions and links end.

    What is open belongs to the unit, so it passes on by itself. Raises NotFound, Conflict, Invalid.
    """
    async with transaction():
        old = await get_person(user_id)
        if old.role is not Role.LIAISON or old.unit is None:
            raise Conflict("只有联络员可以更换，其他人员请新建账号，再停用旧账号。")
        if not await _put_out(old, now):
            raise Conflict(f"{old.display_name}已经停用，可能刚刚换过人了，请看一下人员列表。")
        new = await add_person(username, display_name, Role.LIAISON, unit_code=old.unit.code, by=by, now=now)
        await record(
            "user.handed_over",
            by=by,
            subject=f"unit:{old.unit.code}",
            now=now,
            before={"liaison": old.username},
            after={"liaison": new.user.username},
        )
    return new


async def _put_out(user: User, now: datetime) -> bool:
    """False when it was out of use already. Inside a transaction."""
    changed = await User.filter(id=user.id, active=True).update(active=False)
    await Session.filter(user_id=user.id, ended_at=None).update(ended_at=now)
    await revoke_links(OneTimeLink.filter(user_id=user.id), now=now)
    user.active = False
    return bool(changed)
