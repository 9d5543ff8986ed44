"""What may be done with units and people: the sample roster, accounts, passwords."""

from datetime import datetime

from tortoise.exceptions import IntegrityError

from accounts.models import Role, Session, Unit, UnitKind, User
from accounts.passwords import hash_password, password_fault
from accounts.queries import find_unit
from accounts.sample_units import COUNTIES, DEPARTMENTS, FIRST_DEPARTMENT_CODE
from accounts.usernames import normal_username
from core.audit import SYSTEM, Actor, record
from core.database import transaction
from core.errors import Conflict, Invalid, NotFound


class NotEmpty(Conflict):
    """数据库里已经有单位，示例名册只能装进空的数据库。"""


def sample_units() -> list[Unit]:
    """The 40 units in their official order, not saved."""
    departments = [
        Unit(
            code=str(FIRST_DEPARTMENT_CODE + place),
            name=name,
            kind=UnitKind.DEPARTMENT,
            display_order=place + 1,
        )
        for place, name in enumerate(DEPARTMENTS)
    ]
    counties = [
        Unit(code=code, name=name, kind=UnitKind.COUNTY, display_order=len(DEPARTMENTS) + place + 1)
        for place, (code, name) in enumerate(COUNTIES)
    ]
    for unit in (*departments, *counties):
        unit.is_sample = True
    return [*departments, *counties]


async def seed_sample_units() -> bool:
    """Load the sample roster into an empty database: True. False when exactly that roster is there already.

    Raises NotEmpty when other units are there.
    """
    wanted = sample_units()
    async with transaction():
        present = {unit.code: unit for unit in await Unit.all()}
        if not present:
            await Unit.bulk_create(wanted)
            return True
    roster = {(unit.code, unit.name) for unit in wanted}
    if {(unit.code, unit.name) for unit in present.values() if unit.is_sample} == roster and len(
        present
    ) == 40:
        return False
    raise NotEmpty


async def create_user(
    username: str,
    display_name: str,
    role: Role,
    *,
    password: str,
    now: datetime,
    unit_code: str | None = None,
    must_change_password: bool = False,
    by: Actor = SYSTEM,
) -> User:
    """must_change_password: at the first login, for a password somebody else knows. Raises Invalid with the wrong
    fields.
    """
    name, display_name = normal_username(username), " ".join(display_name.split())
    faults: dict[str, str] = {}
    if not name:
        faults["username"] = "用户名要以字母开头，由 2 到 40 个小写字母、数字、点、横线组成。"
    if not 1 <= len(display_name) <= 40 or not display_name.isprintable():
        faults["display_name"] = "姓名要有 1 到 40 个字。"
    if fault := password_fault(password, role, name):
        faults["password"] = fault
    if role is Role.LIAISON and not unit_code:
        faults["unit"] = "联络员要属于一个单位。"
    if unit_code and await find_unit(unit_code) is None:
        faults["unit"] = f"没有代码为 {unit_code} 的单位。"
    if faults:
        raise Invalid(faults)
    user = User(
        username=name,
        display_name=display_name,
        role=role,
        unit_id=unit_code,
        password_hash=await hash_password(password),
        password_changed_at=now,
        must_change_password=must_change_password,
        created_at=now,
    )
    made = {"username": name, "display_name": display_name, "role": role, "unit": unit_code}
    try:
        async with transaction():
            await user.save(force_create=True)
            await record("user.created", by=by, subject=f"user:{name}", now=now, after=made)
    except IntegrityError:
        raise Invalid({"username": f"用户名 {name} 已经有人用了。"}) from None
    return user


async def set_password(
    username: str, password: str, *, now: datetime, must_change: bool = False, by: Actor = SYSTEM
) -> User:
    """Give a user a new password; every session of the old one ends. Raises NotFound, Invalid.

    must_change: at the next login, for a password somebody else knows.
    """
    user = await User.get_or_none(username=normal_username(username))
    if user is None:
        raise NotFound(f"没有用户名为 {username} 的用户。")
    if fault := password_fault(password, user.role, user.username):
        raise Invalid({"password": fault})
    user.password_hash = await hash_password(password)
    user.password_changed_at, user.must_change_password = now, must_change
    async with transaction():
        await user.save(update_fields=["password_hash", "password_changed_at", "must_change_password"])
        await Session.filter(user_id=user.id, ended_at=None).update(ended_at=now)
        told = {"must_change": must_change}
        await record("user.password_set", by=by, subject=f"user:{user.username}", now=now, after=told)
    return user
