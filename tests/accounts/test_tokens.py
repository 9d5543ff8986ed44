from datetime import timedelta
from uuid import uuid4

import pytest
from tortoise.context import TortoiseContext

from accounts.models import ApiToken, Role, User
from accounts.services import create_user
from accounts.tokens import actor_of_token, find_token, issue_token, revoke_token
from core.audit import SYSTEM, ActorKind
from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.errors import Conflict, Invalid, NotFound
from core.settings import Settings, load_settings
from tests.support.audit import actions

PASSWORD = "correct-horse-battery-7"


async def person(clock: ManualClock, username: str = "admin", role: Role = Role.ADMINISTRATOR) -> User:
    return await create_user(username, "示例管理员", role, password=PASSWORD, now=clock.now())


async def issued(
    clock: ManualClock, settings: Settings, name: str = "网站同步", days: int = 30
) -> tuple[ApiToken, str]:
    return await issue_token(name, "admin", days=days, by=SYSTEM, now=clock.now(), settings=settings)


async def test_a_token_opens_with_the_rights_of_its_owner(
    db: TortoiseContext, db_settings: Settings, clock: ManualClock
) -> None:
    await person(clock)
    row, token = await issued(clock, db_settings)
    found = await find_token(token, now=clock.now())
    assert found is not None
    assert found.owner.role is Role.ADMINISTRATOR
    actor = actor_of_token(found)
    assert (actor.kind, actor.id, actor.name) == (ActorKind.TOKEN, str(row.id), "网站同步（示例管理员）")


async def test_only_the_digest_of_a_token_is_kept(
    db: TortoiseContext, db_settings: Settings, clock: ManualClock
) -> None:
    await person(clock)
    row, token = await issued(clock, db_settings)
    assert token.startswith("wkt_")
    assert len(token) >= 40
    kept = await ApiToken.get(id=row.id)
    assert token not in str(kept.__dict__)
    assert (await actions())[-1][:2] == ("token.issued", f"token:{row.id}")
    entry = (await AuditEntry.all())[0]
    assert token not in entry.after
    assert kept.token_hash not in entry.after


async def test_a_token_ends_by_time_by_hand_and_with_its_owner(
    db: TortoiseContext, db_settings: Settings, clock: ManualClock
) -> None:
    user = await person(clock)
    _, short = await issued(clock, db_settings, days=1)
    revoked, gone = await issued(clock, db_settings)
    _, left = await issued(clock, db_settings)
    clock.advance(minutes=24 * 60)
    assert await find_token(short, now=clock.now()) is None
    await revoke_token(revoked.id, by=SYSTEM, now=clock.now())
    assert await find_token(gone, now=clock.now()) is None
    with pytest.raises(Conflict, match="已经作废"):
        await revoke_token(revoked.id, by=SYSTEM, now=clock.now())
    with pytest.raises(NotFound):
        await revoke_token(uuid4(), by=SYSTEM, now=clock.now())
    assert await find_token(left, now=clock.now()) is not None
    await User.filter(id=user.id).update(active=False)
    assert await find_token(left, now=clock.now()) is None
    assert [action for action, _, _ in await actions()].count("token.revoked") == 1


async def test_when_it_was_last_used_is_kept_to_the_minute(
    db: TortoiseContext, db_settings: Settings, clock: ManualClock
) -> None:
    await person(clock)
    row, token = await issued(clock, db_settings)
    first = clock.now()
    await find_token(token, now=first)
    await find_token(token, now=first + timedelta(seconds=59))
    assert (await ApiToken.get(id=row.id)).last_used_at == first
    await find_token(token, now=first + timedelta(seconds=60))
    assert (await ApiToken.get(id=row.id)).last_used_at == first + timedelta(seconds=60)


@pytest.mark.parametrize("token", ["", "wkt_", "wkt_" + "x" * 43, "\udcff", "x" * 10_000])
async def test_what_is_no_token_opens_nothing(
    sqlite_db: TortoiseContext, clock: ManualClock, token: str
) -> None:
    assert await find_token(token, now=clock.now()) is None


@pytest.mark.parametrize(
    ("name", "owner", "days", "field"),
    [
        ("", "admin", 30, "name"),
        ("字" * 41, "admin", 30, "name"),
        ("a\x00b", "admin", 30, "name"),
        ("网站", "nobody", 30, "owner"),
        ("网站", "liaison", 30, "owner"),
        ("网站", "admin", 0, "days"),
        ("网站", "admin", 366, "days"),
    ],
)
async def test_a_wrong_field_is_named(
    sqlite_db: TortoiseContext,
    sqlite_settings: Settings,
    clock: ManualClock,
    name: str,
    owner: str,
    days: int,
    field: str,
) -> None:
    await person(clock)
    await person(clock, "liaison", Role.DUTY)
    with pytest.raises(Invalid) as caught:
        await issue_token(name, owner, days=days, by=SYSTEM, now=clock.now(), settings=sqlite_settings)
    assert set(caught.value.fields) == {field}
    assert not await ApiToken.exists()


async def test_too_many_tokens_are_refused_until_one_is_revoked(
    sqlite_db: TortoiseContext, sqlite_settings: Settings, clock: ManualClock
) -> None:
    settings = load_settings(data_dir=sqlite_settings.data_dir, token_most=1)
    await person(clock)
    row, _ = await issued(clock, settings)
    with pytest.raises(Conflict, match="有效的令牌已经有 1 个"):
        await issued(clock, settings)
    await revoke_token(row.id, by=SYSTEM, now=clock.now())
    assert (await issued(clock, settings))[0].name == "网站同步"
