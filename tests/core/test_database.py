import asyncio
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tortoise.context import TortoiseContext, get_current_context
from tortoise.exceptions import IntegrityError, OperationalError
from tortoise.migrations.executor import MigrationExecutor

from accounts.models import Unit, UnitKind
from accounts.services import seed_sample_units
from core.clock import CHINA
from core.database import DatabaseUnavailable, connected, database, orm_config, ping, sqlite_path, transaction
from core.settings import Settings, load_settings
from schedules.models import Broadcast
from schedules.services import NewBroadcast, create_broadcast
from tests.support.threads import threads_left


def unit(code: str) -> Unit:
    return Unit(code=code, name=f"单位{code}", kind=UnitKind.COUNTY, display_order=1)


async def test_a_new_database_gets_its_schema_and_a_second_start_changes_nothing(
    db_settings: Settings,
) -> None:
    async with database(db_settings):
        await unit("1").save()
    async with database(db_settings):
        assert await Unit.all().count() == 1
        await ping()


async def test_closing_leaves_no_thread_and_no_context(sqlite_settings: Settings) -> None:
    before = set(threading.enumerate())
    async with database(sqlite_settings):
        await unit("1").save()
    assert threads_left(before) == set()
    assert get_current_context() is None


async def test_tasks_started_elsewhere_find_the_first_database(sqlite_settings: Settings) -> None:
    counted: list[int] = []
    release = asyncio.Event()

    async def count() -> None:
        await release.wait()
        counted.append(await Unit.all().count())

    stranger = asyncio.create_task(count())  # begun before there was a database: its context knows none
    async with database(sqlite_settings):
        await unit("1").save()
        release.set()
        await stranger
    assert counted == [1]


async def test_another_thread_with_its_own_loop_can_connect(db_settings: Settings) -> None:
    async def count() -> int:
        async with connected(db_settings):
            return await Unit.all().count()

    async with database(db_settings):
        await unit("1").save()
        assert await asyncio.to_thread(lambda: asyncio.run(count())) == 1
        assert await Unit.all().count() == 1


async def test_a_transaction_is_all_or_nothing(db: TortoiseContext) -> None:
    async def stop_half_way() -> None:
        async with transaction():
            await unit("1").save()
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half"):
        await stop_half_way()
    assert await Unit.all().count() == 0
    async with transaction():
        await unit("2").save()
    assert await Unit.all().count() == 1


async def test_an_inner_transaction_can_fail_alone(db: TortoiseContext) -> None:
    async def save_a_new_and_a_taken_code() -> None:
        async with transaction():
            await unit("2").save()
            await Unit.create(code="1", name="同号", kind=UnitKind.COUNTY, display_order=2)

    async with transaction():
        await unit("1").save()
        with pytest.raises(IntegrityError):
            await save_a_new_and_a_taken_code()
        await unit("3").save()
    assert sorted([each.code for each in await Unit.all()]) == ["1", "3"]


async def test_foreign_keys_hold(db: TortoiseContext) -> None:
    from accounts.models import Role, User

    with pytest.raises(IntegrityError):
        await User.create(
            username="a",
            display_name="a",
            role=Role.LIAISON,
            unit_id="missing",
            password_hash="x",
            created_at="2026-11-24T00:00:00+00:00",
        )


async def test_a_moment_is_the_same_whatever_zone_it_is_told_in(db: TortoiseContext) -> None:
    await seed_sample_units()
    now = datetime(2026, 11, 24, 8, tzinfo=UTC)
    start = datetime(2026, 12, 3, 15, tzinfo=CHINA)
    new = NewBroadcast(title="欠薪怎么办", unit_code="520013", starts_at=start + timedelta(days=1))
    lecture = await create_broadcast(new, now=now)
    await Broadcast.filter(id=lecture.id).update(starts_at=start)
    for told in (start, start.astimezone(UTC)):
        assert await Broadcast.filter(starts_at=told).count() == 1
        assert await Broadcast.filter(starts_at__gt=told - timedelta(minutes=1)).count() == 1
        assert await Broadcast.filter(starts_at__gt=told + timedelta(minutes=1)).count() == 0
        assert await Broadcast.filter(starts_at__lt=told + timedelta(minutes=1)).count() == 1


async def test_sqlite_runs_in_wal_mode_with_normal_syncs(sqlite_db: TortoiseContext) -> None:
    async def pragma(name: str) -> Any:
        _, rows = await sqlite_db.db().execute_query(f"PRAGMA {name}")
        return rows[0][0]

    assert await pragma("journal_mode") == "wal"
    assert await pragma("synchronous") == 1
    assert await pragma("foreign_keys") == 1
    assert await pragma("busy_timeout") == 10_000


async def test_a_transaction_that_reads_first_does_not_fail_beside_another_writer(
    sqlite_db: TortoiseContext, sqlite_settings: Settings
) -> None:
    """The case in which SQLite refuses a deferred transaction at once: somebody wrote after it had read."""
    stop = threading.Event()
    written: list[int] = []

    def write_all_the_time() -> None:
        path = sqlite_path(sqlite_settings.database_url)
        connection = sqlite3.connect(path, timeout=10, isolation_level=None)
        try:
            while not stop.wait(0.001):
                connection.execute("UPDATE unit SET display_order = display_order + 1 WHERE code = 'other'")
                written.append(1)
        finally:
            connection.close()

    await unit("other").save()
    await unit("own").save()
    writer = threading.Thread(target=write_all_the_time)
    writer.start()
    try:
        for _ in range(50):
            async with transaction():
                own = await Unit.get(code="own")
                own.display_order += 1
                await own.save()
    finally:
        stop.set()
        await asyncio.to_thread(writer.join)
    assert (await Unit.get(code="own")).display_order == 51
    assert written


async def test_a_transaction_that_could_not_begin_does_not_block_the_next(
    sqlite_db: TortoiseContext, sqlite_settings: Settings
) -> None:
    await sqlite_db.db().execute_query("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(sqlite_path(sqlite_settings.database_url), isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError, match="locked"):
            async with transaction():
                raise AssertionError("begun beside another writer")
        other.execute("ROLLBACK")
    finally:
        other.close()
    async with asyncio.timeout(5), transaction():
        await unit("1").save()
    assert await Unit.all().count() == 1


async def test_a_cancelled_wait_for_a_transaction_does_not_block_the_next(
    sqlite_db: TortoiseContext, sqlite_settings: Settings
) -> None:
    other = sqlite3.connect(sqlite_path(sqlite_settings.database_url), isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")

        async def begin() -> None:
            async with transaction():
                raise AssertionError("begun beside another writer")

        waiting = asyncio.create_task(begin())
        await asyncio.sleep(0.1)
        waiting.cancel()
        await asyncio.sleep(0.1)
        other.execute("ROLLBACK")
        with pytest.raises(asyncio.CancelledError):
            await waiting
    finally:
        other.close()
    async with asyncio.timeout(5), transaction():
        await unit("1").save()
    async with asyncio.timeout(5):
        assert await Unit.all().count() == 1


async def test_processes_that_start_at_once_all_find_a_whole_schema(db_settings: Settings) -> None:
    program = """
        import asyncio, sys
        from accounts.models import Unit
        from core.database import database
        from core.settings import load_settings

        async def main() -> None:
            async with database(load_settings(data_dir=sys.argv[1], database_url=sys.argv[2])):
                assert await Unit.all().count() == 0

        asyncio.run(main())
    """
    command = [
        sys.executable,
        "-c",
        textwrap.dedent(program),
        str(db_settings.data_dir),
        db_settings.database_url,
    ]
    processes = [
        await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE) for _ in range(3)
    ]
    for process in processes:
        _, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()


async def test_migrations_and_models_agree(tmp_path: Path) -> None:
    """The schema that the migrations lead to is the one Tortoise would make from the models today."""
    config = orm_config(f"sqlite://{tmp_path}/migrated.sqlite3")
    async with TortoiseContext() as context:
        await context.init(config=config)
        await MigrationExecutor(context.db(), config["apps"]).migrate()
        migrated = await _schema(context)
    async with TortoiseContext() as context:
        await context.init(config=orm_config(f"sqlite://{tmp_path}/models.sqlite3"))
        await context.generate_schemas()
        modelled = await _schema(context)
    migrated.pop("tortoise_migrations")
    assert migrated == modelled


async def _schema(context: TortoiseContext) -> dict[str, Any]:
    connection = context.db()
    _, tables = await connection.execute_query(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    schema: dict[str, Any] = {}
    for (name,) in tables:
        _, columns = await connection.execute_query(f"PRAGMA table_info('{name}')")
        _, keys = await connection.execute_query(f"PRAGMA foreign_key_list('{name}')")
        _, indexes = await connection.execute_query(f"PRAGMA index_list('{name}')")
        covered = []
        for index in indexes:
            _, parts = await connection.execute_query(f"PRAGMA index_info('{index['name']}')")
            covered.append((bool(index["unique"]), tuple(part["name"] for part in parts)))
        schema[name] = {
            "columns": sorted(
                (column["name"], column["type"], column["notnull"], column["pk"]) for column in columns
            ),
            "keys": sorted((key["from"], key["table"], key["to"], key["on_delete"]) for key in keys),
            "indexes": sorted(covered),
        }
    return schema


async def test_an_old_database_that_does_not_answer_is_not_taken_for_a_new_one(
    db_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the migrations it lacks would be recorded as done."""
    async with database(db_settings) as context:
        connection = context.db()
        before = await connection.execute_query_dict("SELECT name FROM tortoise_migrations")
        await connection.execute_query("DELETE FROM tortoise_migrations WHERE name = '0002_plan'")
        ask = type(connection).execute_query

        async def silent(self: Any, query: str, values: Any = None) -> Any:
            if "FROM" in query and "tortoise_migrations" in query and "DELETE" not in query:
                raise OperationalError("database is locked")
            return await ask(self, query, values)

    monkeypatch.setattr(type(connection), "execute_query", silent)
    with pytest.raises(DatabaseUnavailable, match="locked"):
        async with database(db_settings):
            raise AssertionError("opened")
    monkeypatch.undo()
    async with TortoiseContext() as context:
        await context.init(config=orm_config(db_settings.database_url))
        left = await context.db().execute_query_dict("SELECT name FROM tortoise_migrations")
    assert 0 < len(left) < len(before)


async def test_a_fresh_sqlite_database_is_ready_well_within_a_second(sqlite_settings: Settings) -> None:
    began = time.process_time()
    async with database(sqlite_settings):
        spent = time.process_time() - began
    assert spent < 1, f"{spent:.2f} s of CPU"


@pytest.mark.parametrize("url", ["postgres://weiketang@127.0.0.1:1/none", "sqlite:///proc/none/x.sqlite3"])
async def test_a_database_that_cannot_be_opened_is_one_clear_error(tmp_path: Path, url: str) -> None:
    with pytest.raises(DatabaseUnavailable, match="数据库打不开"):
        async with database(load_settings(data_dir=tmp_path, database_url=url)):
            raise AssertionError("opened")


async def test_a_file_that_is_no_database_is_one_clear_error_and_is_left_as_it_is(
    sqlite_settings: Settings,
) -> None:
    file = Path(sqlite_path(sqlite_settings.database_url))
    content = b"These are not the bytes of a database. " * 200
    await asyncio.to_thread(_write, file, content)
    with pytest.raises(DatabaseUnavailable, match="数据库打不开"):
        async with database(sqlite_settings):
            raise AssertionError("opened")
    assert await asyncio.to_thread(file.read_bytes) == content


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True)
    file.write_bytes(content)


def test_the_database_needs_no_server_to_be_used_from_the_command_line(tmp_path: Path) -> None:
    program = (
        "import asyncio, sys; from core.database import database, ping\n"
        "from core.settings import load_settings\n"
        "async def main():\n"
        "    async with database(load_settings(data_dir=sys.argv[1])):\n"
        "        await ping()\n"
        "asyncio.run(main())\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", program, str(tmp_path)], check=True, timeout=60)
