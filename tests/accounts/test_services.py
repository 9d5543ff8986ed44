import pytest
from tortoise.context import TortoiseContext

from accounts.login import WrongLogin, log_in, open_session, session_user
from accounts.models import Role, Unit, UnitKind, User
from accounts.queries import find_unit, open_sessions, units, users
from accounts.services import NotEmpty, create_user, seed_sample_units, set_password
from core.clock import ManualClock
from core.errors import Invalid, NotFound
from core.settings import Settings

PASSWORD = "correct-horse-battery-7"


async def test_the_sample_roster_is_40_units_in_the_official_order(db: TortoiseContext) -> None:
    assert await seed_sample_units() is True
    roster = await units()
    assert len(roster) == 40
    assert all(unit.is_sample for unit in roster)
    departments = await units(UnitKind.DEPARTMENT)
    assert [unit.code for unit in departments] == [str(code) for code in range(520001, 520029)]
    assert departments[0].name == "州纪委州监委"
    assert departments[12].name == "州司法局"
    assert departments[-1].name == "州税务局"
    counties = await units(UnitKind.COUNTY)
    assert " ".join(unit.code for unit in counties) == (
        "522701 522702 522722 522723 522725 522726 522727 522728 522729 522730 522731 522732"
    )
    assert roster == departments + counties


async def test_seeding_twice_changes_nothing_and_says_so(db: TortoiseContext) -> None:
    await seed_sample_units()
    await Unit.filter(code="520001").update(display_order=99)
    assert await seed_sample_units() is False
    assert (await Unit.get(code="520001")).display_order == 99


@pytest.mark.parametrize("change", ["another unit", "another name", "no sample"])
async def test_seeding_is_refused_when_the_database_holds_other_units(
    db: TortoiseContext, change: str
) -> None:
    if change == "another unit":
        await Unit.create(code="1", name="真单位", kind=UnitKind.COUNTY, display_order=1)
    else:
        await seed_sample_units()
        first = Unit.filter(code="520001")
        await (first.update(name="改名") if change == "another name" else first.update(is_sample=False))
    before = await Unit.all().count()
    with pytest.raises(NotEmpty):
        await seed_sample_units()
    assert await Unit.all().count() == before


async def test_a_unit_is_found_by_its_code(db: TortoiseContext) -> None:
    await seed_sample_units()
    found = await find_unit("522701")
    assert found is not None
    assert found.name == "都匀市"
    assert await find_unit("999") is None


async def test_a_user_is_created_and_can_log_in(
    db: TortoiseContext, db_settings: Settings, clock: ManualClock
) -> None:
    await seed_sample_units()
    user = await create_user(
        " ZhangSan ", "张三", Role.LIAISON, password=PASSWORD, now=clock.now(), unit_code="520013"
    )
    assert user.username == "zhangsan"
    session, _ = await log_in("zhangsan", PASSWORD, now=clock.now(), client="127.0.0.1", settings=db_settings)
    assert session.user.id == user.id
    listed = await users()
    assert [(each.username, each.unit.name if each.unit else None) for each in listed] == [
        ("zhangsan", "州司法局")
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "张三"}, "username"),
        ({"username": "a"}, "username"),
        ({"username": "a" * 41}, "username"),
        ({"username": "9abc"}, "username"),
        ({"username": "ab\x00"}, "username"),
        ({"display_name": "李\x00四"}, "display_name"),
        ({"unit_code": "\x00"}, "unit"),
        ({"display_name": " "}, "display_name"),
        ({"password": "short"}, "password"),
        ({"unit_code": "999"}, "unit"),
        ({"role": Role.LIAISON}, "unit"),
    ],
)
async def test_what_is_wrong_with_a_new_user_is_said_field_by_field(
    sqlite_db: TortoiseContext, clock: ManualClock, changes: dict[str, str | Role], field: str
) -> None:
    given = {
        "username": "lisi",
        "display_name": "李四",
        "role": Role.OFFICIAL,
        "password": PASSWORD,
        "unit_code": None,
    } | changes
    with pytest.raises(Invalid) as caught:
        await create_user(**given, now=clock.now())  # type: ignore[arg-type]
    assert list(caught.value.fields) == [field]
    assert await User.all().count() == 0


async def test_a_username_is_given_once(db: TortoiseContext, clock: ManualClock) -> None:
    await create_user("lisi", "李四", Role.OFFICIAL, password=PASSWORD, now=clock.now())
    with pytest.raises(Invalid) as caught:
        await create_user("LiSi", "另一个", Role.OFFICIAL, password=PASSWORD, now=clock.now())
    assert "lisi" in caught.value.fields["username"]


async def test_a_new_password_ends_the_sessions_of_the_old_one(
    db: TortoiseContext, db_settings: Settings, clock: ManualClock
) -> None:
    user = await create_user("lisi", "李四", Role.OFFICIAL, password=PASSWORD, now=clock.now())
    _, token = await open_session(user, now=clock.now(), client="", settings=db_settings)
    assert len(await open_sessions(user, clock.now())) == 1
    await set_password("LISI", "another-horse-battery-7", now=clock.now())
    assert await session_user(token, now=clock.now(), settings=db_settings) is None
    assert await open_sessions(user, clock.now()) == []
    with pytest.raises(WrongLogin):
        await log_in("lisi", PASSWORD, now=clock.now(), client="", settings=db_settings)
    await log_in("lisi", "another-horse-battery-7", now=clock.now(), client="", settings=db_settings)


async def test_a_password_can_only_be_set_for_somebody_and_by_the_rules(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    with pytest.raises(NotFound, match="nobody"):
        await set_password("nobody", PASSWORD, now=clock.now())
    await create_user("lisi", "李四", Role.OFFICIAL, password=PASSWORD, now=clock.now())
    with pytest.raises(Invalid):
        await set_password("lisi", "short", now=clock.now())
