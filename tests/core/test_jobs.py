import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from accounts.models import Unit, UnitKind
from core.clock import ManualClock
from core.database import database
from core.events import EventBus
from core.jobs import JobContext, JobQueue, Registry, Sweep, job, make_context, on_start, registry, sweep
from core.settings import Settings
from core.worker import repeat, run_worker
from tests.support.threads import threads_left


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only the jobs of the test itself."""
    before = replace(registry)
    for name, value in vars(Registry()).items():
        monkeypatch.setattr(registry, name, value)
    monkeypatch.setattr("core.jobs.load_areas", lambda: None)
    yield
    vars(registry).update(vars(before))


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[None]:
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(run_worker(settings, stop))
        try:
            yield
        finally:
            stop.set()


async def within(happened: threading.Event, seconds: float = 20) -> bool:
    return await asyncio.to_thread(happened.wait, seconds)


async def test_a_job_runs_in_a_thread_of_the_worker_with_the_database_open(db_settings: Settings) -> None:
    counted: list[int] = []
    done = threading.Event()

    @job()
    async def count_units(context: JobContext, kind: str) -> None:
        assert threading.current_thread() is not threading.main_thread()
        counted.append(await Unit.filter(kind=UnitKind(kind)).count())
        done.set()

    async with database(db_settings):
        await Unit.create(code="1", name="甲", kind=UnitKind.COUNTY, display_order=1)
        queue = JobQueue(db_settings)
        await queue.enqueue(count_units, kind="county")
        await queue.aclose()
    async with working(db_settings):
        assert await within(done)
    assert counted == [1]


async def test_a_job_that_fails_is_tried_again(sqlite_settings: Settings) -> None:
    tries: list[int] = []
    done = threading.Event()

    @job(retries=2, retry_delay_seconds=0)
    async def fail_once(context: JobContext) -> None:
        tries.append(len(tries))
        if len(tries) == 1:
            raise RuntimeError("not yet")
        done.set()

    async with database(sqlite_settings):
        queue = JobQueue(sqlite_settings)
        await queue.enqueue(fail_once)
        await queue.aclose()
    async with working(sqlite_settings):
        assert await within(done)
    assert tries == [0, 1]


async def test_a_worker_leaves_no_thread_behind(sqlite_settings: Settings) -> None:
    before = set(threading.enumerate())
    begun = asyncio.Event()

    @sweep(every_seconds=60)
    async def begin(context: JobContext) -> None:
        begun.set()

    async with working(sqlite_settings), asyncio.timeout(30):
        await begun.wait()
        assert any("Worker" in thread.name for thread in threading.enumerate())
    assert threads_left(before) == set()


async def test_arguments_by_position_are_refused(sqlite_settings: Settings) -> None:
    @job()
    async def greet(context: JobContext, name: str) -> None:
        raise AssertionError(name)

    with pytest.raises(TypeError, match="by name"):
        await JobQueue(sqlite_settings).enqueue(greet, "x")


async def test_several_processes_may_open_the_queue_at_once(db_settings: Settings) -> None:
    queues = [JobQueue(db_settings) for _ in range(4)]
    async with database(db_settings):
        await asyncio.gather(*(queue.huey() for queue in queues))
    for queue in queues:
        await queue.aclose()


async def test_a_sweep_that_fails_comes_again(sqlite_settings: Settings) -> None:
    stop = asyncio.Event()
    rounds: list[int] = []

    async def fail_first(context: JobContext) -> None:
        rounds.append(len(rounds))
        if len(rounds) == 1:
            raise RuntimeError("the first time")
        stop.set()

    context = JobContext(sqlite_settings, ManualClock(), EventBus(), JobQueue(sqlite_settings))
    async with asyncio.timeout(10):
        await repeat(Sweep("fail_first", 0.01, fail_first), context, stop)
    assert rounds == [0, 1]


async def test_a_long_sweep_is_cancelled_when_the_worker_stops_and_leaves_things_in_order(
    sqlite_settings: Settings,
) -> None:
    begun, left = asyncio.Event(), asyncio.Event()

    @sweep(every_seconds=60, is_long=True)
    async def recognise(context: JobContext) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await Unit.all().count()
            left.set()

    async with asyncio.timeout(20):
        async with working(sqlite_settings):
            await begun.wait()
        assert left.is_set()


async def test_a_long_sweep_that_fails_comes_again(sqlite_settings: Settings) -> None:
    stop = asyncio.Event()
    rounds: list[int] = []

    async def fail_first(context: JobContext) -> None:
        rounds.append(len(rounds))
        if len(rounds) == 1:
            raise RuntimeError("the first time")
        stop.set()

    context = JobContext(sqlite_settings, ManualClock(), EventBus(), JobQueue(sqlite_settings))
    async with asyncio.timeout(10):
        await repeat(Sweep("fail_first", 0.01, fail_first, is_long=True), context, stop)
    assert rounds == [0, 1]


async def test_the_worker_calls_every_sweep(sqlite_settings: Settings) -> None:
    swept = asyncio.Event()

    @sweep(every_seconds=60)
    async def look(context: JobContext) -> None:
        assert await Unit.all().count() == 0
        swept.set()

    async with working(sqlite_settings), asyncio.timeout(10):
        await swept.wait()


async def test_areas_subscribe_when_a_context_is_made(sqlite_settings: Settings) -> None:
    heard: list[str] = []

    async def hear(event: str) -> None:
        heard.append(event)

    @on_start
    def subscribe(context: JobContext) -> None:
        context.events.subscribe(str, hear)

    context = make_context(sqlite_settings, ManualClock())
    await context.events.publish("ended")
    assert heard == ["ended"]
