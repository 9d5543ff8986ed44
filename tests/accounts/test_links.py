import asyncio
import hashlib
from datetime import timedelta

import pytest
from tortoise.context import TortoiseContext

from accounts.jobs import forget_links
from accounts.links import (
    Expired,
    LinkOver,
    NoLiaison,
    Used,
    enter,
    find_grant,
    issue_link,
    look_at_link,
    open_link,
    revoke_links,
)
from accounts.login import session_user
from accounts.models import OneTimeLink, Role, User
from accounts.services import create_user, seed_sample_units
from core.audit import SYSTEM
from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.database import transaction
from core.errors import Invalid, NotFound
from core.events import EventBus
from core.grants import LinkPurpose
from core.jobs import JobContext, JobQueue
from core.settings import Settings
from tests.support.cast import PASSWORD, UNIT_A, UNIT_B


@pytest.fixture
async def liaison(db: TortoiseContext, clock: ManualClock) -> User:
    await seed_sample_units()
    return await create_user(
        "liaison-a", "示例联络员甲", Role.LIAISON, password=PASSWORD, now=clock.now(), unit_code=UNIT_A
    )


async def issue(
    clock: ManualClock, settings: Settings, purpose: LinkPurpose = LinkPurpose.LIAISON, **other: str
) -> str:
    given = {"unit_code": UNIT_A, "subject": "2026-11-2", "holder": "示例联络员甲"} | other
    return await issue_link(purpose, by=SYSTEM, now=clock.now(), settings=settings, **given)


async def test_of_a_link_only_a_hash_is_kept_and_its_issue_and_opening_are_in_the_log(
    liaison: User, db_settings: Settings, clock: ManualClock
) -> None:
    token = await issue(clock, db_settings)
    row = await OneTimeLink.get()
    assert row.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(vars(row))
    assert len(token) >= 43  # 256 bits in base64
    await open_link(token, now=clock.now())
    entries = await AuditEntry.all().order_by("number")
    assert [entry.action for entry in entries][-2:] == ["link.issued", "link.opened"]
    assert (entries[-1].actor_name, entries[-1].unit_code) == ("示例联络员甲", UNIT_A)
    assert token not in "".join(str(vars(entry)) for entry in entries)


async def test_looking_burns_nothing_and_opening_burns_it_once(
    liaison: User, db_settings: Settings, clock: ManualClock
) -> None:
    token = await issue(clock, db_settings)
    for _ in range(3):
        seen = await look_at_link(token, now=clock.now())
    grant = await open_link(token, now=clock.now())
    assert seen == grant
    assert (grant.unit_code, grant.subject, grant.holder) == (UNIT_A, "2026-11-2", "示例联络员甲")
    for again in (look_at_link, open_link):
        with pytest.raises(Used, match="重新发一个链接"):
            await again(token, now=clock.now())


async def test_of_two_who_open_it_at_once_one_gets_in(
    liaison: User, db_settings: Settings, clock: ManualClock
) -> None:
    token = await issue(clock, db_settings)
    enters = [enter(token, now=clock.now(), client="x", settings=db_settings) for _ in range(4)]
    outcomes = await asyncio.gather(*enters, return_exceptions=True)
    refused = [each for each in outcomes if isinstance(each, Used)]
    assert len(refused) == 3


async def test_a_link_runs_out(liaison: User, db_settings: Settings, clock: ManualClock) -> None:
    token = await issue(clock, db_settings)
    clock.advance(minutes=24 * 60 - 1)
    await look_at_link(token, now=clock.now())
    clock.advance(minutes=1)
    for way in (look_at_link, open_link):
        with pytest.raises(Expired, match="24 小时"):
            await way(token, now=clock.now())


@pytest.mark.parametrize("token", ["", "x", "\ud800", "链接", "a" * 10_000])
async def test_a_made_up_link_opens_nothing(
    liaison: User, db_settings: Settings, clock: ManualClock, token: str
) -> None:
    await issue(clock, db_settings)
    with pytest.raises(NotFound):
        await open_link(token, now=clock.now())


async def test_a_liaisons_link_opens_a_session_of_that_liaison(
    liaison: User, db_settings: Settings, clock: ManualClock
) -> None:
    token = await issue(clock, db_settings)
    entered = await enter(token, now=clock.now(), client="x", settings=db_settings)
    session = await session_user(entered.session_token, now=clock.now(), settings=db_settings)
    assert session is not None
    assert (session.user, session.user.unit_id) == (liaison, UNIT_A)
    assert entered.grant_token == ""


@pytest.mark.parametrize("purpose", [LinkPurpose.APPROVER, LinkPurpose.LECTURER])
async def test_anybody_elses_link_gives_a_grant_that_ends(
    liaison: User, db_settings: Settings, clock: ManualClock, purpose: LinkPurpose
) -> None:
    token = await issue(clock, db_settings, purpose, holder="审核人")
    entered = await enter(token, now=clock.now(), client="x", settings=db_settings)
    assert entered.session_token == ""
    grant = await find_grant(entered.grant_token, now=clock.now())
    assert grant is not None
    assert grant.allows(purpose, "2026-11-2")
    assert not grant.allows(purpose, "2026-11-1")
    assert not any(grant.allows(other, "2026-11-2") for other in LinkPurpose if other is not purpose)
    clock.advance(minutes=db_settings.link_grant_hours * 60)
    assert await find_grant(entered.grant_token, now=clock.now()) is None
    assert await find_grant(token, now=clock.now()) is None


async def test_revoking_ends_the_link_and_whatever_it_opened(
    liaison: User, db_settings: Settings, clock: ManualClock
) -> None:
    first, second = await issue(clock, db_settings), await issue(clock, db_settings)
    third = await issue(clock, db_settings, LinkPurpose.APPROVER, holder="审核人")
    session = await enter(first, now=clock.now(), client="x", settings=db_settings)
    grant = await enter(third, now=clock.now(), client="x", settings=db_settings)
    async with transaction():
        assert await revoke_links(OneTimeLink.filter(unit_id=UNIT_A), now=clock.now()) == 3
        assert await revoke_links(OneTimeLink.filter(unit_id=UNIT_A), now=clock.now()) == 0
    assert await session_user(session.session_token, now=clock.now(), settings=db_settings) is None
    assert await find_grant(grant.grant_token, now=clock.now()) is None
    with pytest.raises(LinkOver):
        await open_link(second, now=clock.now())


async def test_a_link_of_somebody_who_was_locked_opens_nothing(
    liaison: User, db_settings: Settings, clock: ManualClock
) -> None:
    token = await issue(clock, db_settings)
    await User.filter(id=liaison.id).update(active=False)
    with pytest.raises(LinkOver):
        await open_link(token, now=clock.now())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"holder": " "}, "holder"),
        ({"holder": "甲" * 41}, "holder"),
        ({"subject": "x" * 17}, "subject"),
        ({"subject": "", "purpose": LinkPurpose.APPROVER}, "subject"),
        ({"unit_code": "999"}, "unit"),
        ({"unit_code": "\x00"}, "unit"),
    ],
)
async def test_what_is_wrong_with_a_new_link_is_said(
    liaison: User, db_settings: Settings, clock: ManualClock, changes: dict[str, str], field: str
) -> None:
    given = {"purpose": LinkPurpose.LIAISON} | changes
    with pytest.raises(Invalid) as caught:
        await issue(clock, db_settings, LinkPurpose(given.pop("purpose")), **given)
    assert list(caught.value.fields) == [field]


async def test_the_liaison_meant_is_the_one_named_or_the_only_one(
    liaison: User, db_settings: Settings, clock: ManualClock
) -> None:
    with pytest.raises(NoLiaison):
        await issue(clock, db_settings, unit_code=UNIT_B)
    await issue(clock, db_settings, holder="谁都行")
    await create_user("bb", "乙", Role.LIAISON, password=PASSWORD, now=clock.now(), unit_code=UNIT_A)
    with pytest.raises(Invalid):
        await issue(clock, db_settings, holder="谁都行")
    token = await issue(clock, db_settings, holder="liaison-a")
    assert (await open_link(token, now=clock.now())).holder == "示例联络员甲"


async def test_old_links_are_forgotten(liaison: User, db_settings: Settings, clock: ManualClock) -> None:
    await issue(clock, db_settings)
    clock.advance(timedelta(days=31).total_seconds() + 1)
    token = await issue(clock, db_settings)
    await forget_links(JobContext(db_settings, clock, EventBus(), JobQueue(db_settings)))
    assert await OneTimeLink.all().count() == 1
    await look_at_link(token, now=clock.now())
