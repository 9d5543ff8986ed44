import os

import pytest

from tests.support.command_line import CommandLine, command

__all__ = ["command"]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], autouse=True)
def _database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "postgres":
        monkeypatch.setenv("WEIKETANG_DATABASE_URL", request.getfixturevalue("postgres_url"))


def test_seed_loads_the_sample_roster_and_a_second_time_says_it_is_there(command: CommandLine) -> None:
    first = command("seed")
    assert (first.code, first.out, first.err) == (0, "已装入 40 个示例单位。\n", "")
    second = command("seed")
    assert second.code == 0
    assert "已经在数据库里" in second.out


def test_unit_list_prints_code_name_and_kind(command: CommandLine) -> None:
    assert command("unit", "list", "--json").json == []
    command("seed")
    listed = command("unit", "list", "--json").json
    assert len(listed) == 40
    assert listed[0] == {"code": "520001", "name": "州纪委州监委", "kind": "department"}
    assert listed[-1] == {"code": "522732", "name": "三都水族自治县", "kind": "county"}
    table = command("unit", "list").out.splitlines()
    assert len(table) == 41
    assert "520013  部门" in table[13]
    assert table[13].endswith("州司法局")


def test_seed_refuses_a_database_with_other_units(command: CommandLine) -> None:
    import asyncio

    from accounts.models import Unit, UnitKind
    from core.database import database
    from core.settings import load_settings

    async def add_unit() -> None:
        async with database(load_settings(data_dir=command.data_dir)):
            await Unit.create(code="1", name="真单位", kind=UnitKind.COUNTY, display_order=1)

    asyncio.run(add_unit())
    outcome = command("seed")
    assert outcome.code == 1
    assert outcome.err == "错误：数据库里已经有单位，示例名册只能装进空的数据库。\n"


def test_what_is_made_in_the_data_folder_is_for_this_account_alone(command: CommandLine) -> None:
    before = os.umask(0o022)
    try:
        assert command("seed").code == 0
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
    command.data_dir.mkdir(mode=0o700, exist_ok=True)  # with PostgreSQL nothing needs it
    made = [command.data_dir, *command.data_dir.rglob("*")]
    assert [path.name for path in made if path.stat().st_mode & 0o077] == []
