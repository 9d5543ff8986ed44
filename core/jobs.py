"""Background work: jobs that somebody asks for, and sweeps that find what was not done and should have been.

Rows are the truth and jobs are nudges: each job and each sweep is safe to run twice. A job is a coroutine in
an area's `jobs.py`:

    @job(retries=3, retry_delay_seconds=30)
    async def write_receipt(context: JobContext, number: str) -> None: ...

and `await queue.enqueue(write_receipt, number="2026-11-2")` after the commit that made it necessary.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Concatenate, Generic, ParamSpec

from huey import Huey, PostgresHuey, SqliteHuey
from huey.api import TaskWrapper

from core.areas import areas_with
from core.clock import Clock, SystemClock
from core.database import connected, schema_lock
from core.events import EventBus
from core.logs import get_logger
from core.settings import Settings

log = get_logger(__name__)

P = ParamSpec("P")
QUEUE = "weiketang"


@dataclass(frozen=True, slots=True)
class JobContext:
    """What a job or a sweep works with; the database is open around it."""

    settings: Settings
    clock: Clock
    events: EventBus
    queue: "JobQueue"


JobFunction = Callable[Concatenate[JobContext, P], Awaitable[None]]
SweepFunction = Callable[[JobContext], Awaitable[None]]
Subscriber = Callable[[JobContext], None]


@dataclass(frozen=True)
class Job(Generic[P]):
    name: str
    run: Callable[..., Awaitable[None]]
    retries: int
    retry_delay_seconds: int


@dataclass(frozen=True, slots=True)
class Sweep:
    """is_long: it may run for many minutes, and is cancelled when the worker is told to stop."""

    name: str
    every_seconds: float
    run: SweepFunction
    is_long: bool = False


@dataclass
class Registry:
    """What the areas' `jobs.py` have to offer, filled by importing them."""

    jobs: dict[str, Job[Any]] = field(default_factory=dict)
    sweeps: dict[str, Sweep] = field(default_factory=dict)
    subscribers: list[Subscriber] = field(default_factory=list)


registry = Registry()


def job(*, retries: int = 3, retry_delay_seconds: int = 30) -> Callable[[JobFunction[P]], Job[P]]:
    """Make a coroutine function a job. Its arguments beside the context are plain values, passed by name."""

    def register(function: JobFunction[P]) -> Job[P]:
        name = f"{function.__module__}.{function.__qualname__}"
        made: Job[P] = Job(name, function, retries, retry_delay_seconds)
        registry.jobs[name] = made
        return made

    return register


def sweep(*, every_seconds: float, is_long: bool = False) -> Callable[[SweepFunction], SweepFunction]:
    """Let the worker call a coroutine function again and again, so many seconds after it last returned.

    Each has a task of its own: a long one holds up neither the others nor the jobs. It is cancelled at the end.
    """

    def register(function: SweepFunction) -> SweepFunction:
        name = f"{function.__module__}.{function.__qualname__}"
        registry.sweeps[name] = Sweep(name, every_seconds, function, is_long)
        return function

    return register


def on_start(subscribe: Subscriber) -> Subscriber:
    """Let an area subscribe to events, in every process that publishes some: `subscribe(context)`."""
    registry.subscribers.append(subscribe)
    return subscribe


def load_areas() -> None:
    """Import every area's jobs."""
    for area in areas_with("jobs"):
        import_module(f"{area}.jobs")


def make_context(settings: Settings, clock: Clock | None = None) -> JobContext:
    """The context of this process, its event bus wired to what the areas subscribe to."""
    load_areas()
    context = JobContext(settings, clock or SystemClock(), EventBus(), JobQueue(settings))
    for subscribe in registry.subscribers:
        subscribe(context)
    return context


class JobQueue:
    """The queue: a SQLite file in the data folder, or tables in the PostgreSQL of database_url.

    It is opened at the first use. aclose() closes this process's connection to it.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._huey: Huey | None = None
        self._tasks: dict[str, TaskWrapper] = {}
        self._opening = asyncio.Lock()

    async def enqueue(self, job: Job[P], *args: P.args, **kwargs: P.kwargs) -> None:
        """Leave a job for a worker. Arguments by name only."""
        if args:
            raise TypeError("a job's arguments are passed by name")
        await self.huey()
        await asyncio.to_thread(self._tasks[job.name], **kwargs)
        log.debug("job.enqueued", job=job.name, arguments=kwargs)

    async def huey(self) -> Huey:
        async with self._opening:
            if self._huey is None:
                # Creating tables "if not exists" at the same moment fails in PostgreSQL.
                async with schema_lock(self._settings.database_url):
                    self._huey = await asyncio.to_thread(self._open)
            return self._huey

    async def aclose(self) -> None:
        if self._huey is not None:
            await asyncio.to_thread(self._huey.storage.close)
            self._huey = None

    def _open(self) -> Huey:
        url = self._settings.database_url
        if url.startswith("sqlite"):
            self._settings.data_dir.mkdir(parents=True, exist_ok=True)
            path = self._settings.data_dir / "jobs.sqlite3"
            huey: Huey = SqliteHuey(QUEUE, filename=str(path), results=False, timeout=10)
        else:
            dsn = "postgresql:" + url.partition(":")[2]
            huey = PostgresHuey(QUEUE, dsn=dsn, results=False, table_prefix=QUEUE)
        # Each worker thread listens on a connection of its own, which only that thread can close.
        huey.on_shutdown(name="close")(huey.storage.close)
        for each in registry.jobs.values():
            make_task = huey.task(name=each.name, retries=each.retries, retry_delay=each.retry_delay_seconds)
            self._tasks[each.name] = make_task(_synchronous(each, self._settings))
        return huey


def _synchronous(job: Job[Any], settings: Settings) -> Callable[..., None]:
    """huey calls plain functions in its threads: this one runs the job in an event loop of its own."""

    async def run(arguments: dict[str, Any]) -> None:
        context = make_context(settings)
        try:
            async with connected(settings):
                await job.run(context, **arguments)
        finally:
            await context.queue.aclose()

    def call(**arguments: Any) -> None:
        log.info("job.started", job=job.name, arguments=arguments)
        asyncio.run(run(arguments))
        log.info("job.done", job=job.name)

    return call
