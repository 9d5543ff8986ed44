import asyncio
import sys
import textwrap
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import uuid4

import pytest
from tortoise.context import TortoiseContext
from tortoise.exceptions import IntegrityError

from accounts.models import Unit, UnitKind
from core.audit import SYSTEM, Actor, ActorKind, command_line, masked, record
from core.audit.models import AuditEntry, AuditHead
from core.audit.verifying import verify_chain
from core.clock import ManualClock
from core.database import database, transaction
from core.settings import Settings

CLERK = Actor(ActorKind.USER, str(uuid4()), "示例管理员", "520013")
ROOT = Path(__file__).parents[3]


async def test_an_entry_says_who_did_what_to_what_and_what_changed(
    db: TortoiseContext, clock: ManualClock
) -> None:
    moved = datetime(2026, 11, 26, 15, tzinfo=timezone(timedelta(hours=8)))
    async with transaction():
        await record(
            "broadcast.moved",
            by=CLERK,
            subject="broadcast:2026-11-2",
            now=clock.now(),
            before={"start": None, "unit": "520013"},
            after={"start": moved, "unit": "520028"},
        )
    entry = await AuditEntry.get()
    assert (entry.number, entry.action, entry.subject) == (1, "broadcast.moved", "broadcast:2026-11-2")
    assert (entry.actor_kind, entry.actor_name, entry.unit_code) == (ActorKind.USER, "示例管理员", "520013")
    assert entry.at == clock.now()
    assert entry.before == '{"start":null,"unit":"520013"}'
    assert entry.after == '{"start":"2026-11-26T07:00:00.000000+00:00","unit":"520028"}'


async def test_an_entry_is_lost_together_with_what_it_records(
    db: TortoiseContext, clock: ManualClock
) -> None:
    async def create_twice() -> None:
        async with transaction():
            await record("unit.created", by=SYSTEM, subject="unit:1", now=clock.now())
            await Unit.create(code="1", name="甲", kind=UnitKind.COUNTY, display_order=1)
            await Unit.create(code="1", name="乙", kind=UnitKind.COUNTY, display_order=2)

    with pytest.raises(IntegrityError):
        await create_twice()
    assert not await AuditEntry.exists()
    async with transaction():
        await record("unit.created", by=SYSTEM, subject="unit:1", now=clock.now())
    assert (await verify_chain()).number == 1


async def test_outside_a_transaction_nothing_is_recorded(db: TortoiseContext, clock: ManualClock) -> None:
    with pytest.raises(RuntimeError, match="in the transaction"):
        await record("unit.created", by=SYSTEM, subject="unit:1", now=clock.now())
    assert not await AuditEntry.exists()


async def test_a_value_that_would_not_be_the_same_again_is_refused(
    db: TortoiseContext, clock: ManualClock
) -> None:
    with pytest.raises(TypeError, match="audit log"):
        async with transaction():
            await record("a.b", by=SYSTEM, subject="x", now=clock.now(), after={"what": object()})


async def test_a_transaction_within_a_transaction_goes_on_with_the_chain(
    db: TortoiseContext, clock: ManualClock
) -> None:
    async with transaction():
        await record("a.outer", by=SYSTEM, subject="x", now=clock.now())
        with suppress(ZeroDivisionError):
            async with transaction():
                await record("a.undone", by=SYSTEM, subject="x", now=clock.now())
                1 / 0  # noqa: B018
        async with transaction():
            await record("a.inner", by=SYSTEM, subject="x", now=clock.now())
    assert await AuditEntry.all().order_by("number").values_list("number", "action") == [
        (1, "a.outer"),
        (2, "a.inner"),
    ]
    assert (await verify_chain()).number == 2


async def test_parallel_writers_of_one_process_do_not_fork_the_chain(
    db: TortoiseContext, clock: ManualClock
) -> None:
    async def write(name: str) -> None:
        async with transaction():
            await asyncio.sleep(0)
            await record(
                "a.b", by=SYSTEM, subject=name, now=clock.now(), after={"phone": masked("13812345678")}
            )

    await asyncio.gather(*(write(f"writer:{number}") for number in range(30)))
    assert (await verify_chain()).number == 30
    assert len(set(await AuditEntry.all().values_list("subject", flat=True))) == 30


WRITER = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from core.audit import SYSTEM, record
from core.database import database, transaction
from core.settings import load_settings

async def main(data_dir: str, url: str, name: str) -> None:
    async with database(load_settings(data_dir=Path(data_dir), database_url=url)):
        for turn in range(25):
            async with transaction():
                await record("a.b", by=SYSTEM, subject=name, now=datetime.now(UTC), after={"turn": turn})

asyncio.run(main(*sys.argv[1:]))
"""


async def test_parallel_processes_do_not_fork_the_chain(db_settings: Settings) -> None:
    async with database(db_settings):
        arguments = [sys.executable, "-c", textwrap.dedent(WRITER)]
        arguments += [str(db_settings.data_dir), db_settings.database_url]
        writers = [
            await asyncio.create_subprocess_exec(*arguments, f"writer:{number}", cwd=ROOT)
            for number in range(4)
        ]
        async with asyncio.timeout(120):
            assert await asyncio.gather(*(writer.wait() for writer in writers)) == [0, 0, 0, 0]
        assert (await verify_chain()).number == 100
        subjects = Counter(await AuditEntry.all().values_list("subject", flat=True))
        assert set(subjects.values()) == {25}
        assert len(subjects) == 4


def test_the_command_line_acts_under_the_account_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "zhangsan")
    assert command_line() == Actor(ActorKind.COMMAND, "zhangsan", "命令行（zhangsan）")
    monkeypatch.delenv("SUDO_USER")
    monkeypatch.setenv("LOGNAME", "lisi")
    assert command_line().id == "lisi"


async def test_times_are_kept_to_the_microsecond_in_utc(db: TortoiseContext) -> None:
    at = datetime(2026, 11, 25, 8, 0, 0, 123456, tzinfo=UTC)
    async with transaction():
        await record("a.b", by=SYSTEM, subject="x", now=at)
    assert (await AuditEntry.get()).at == at
    assert (await AuditHead.get()).number == (await verify_chain()).number
