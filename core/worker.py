"""The process that does the background work: huey's consumer in threads, the sweeps on the event loop."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress

from huey.consumer import Consumer

from core.audit.masking import use_secret
from core.database import database
from core.jobs import JobContext, Sweep, make_context, registry
from core.logs import get_logger
from core.secrets import load_app_secrets
from core.settings import Settings

log = get_logger(__name__)

HEALTH_SECONDS = 10
SHUTDOWN_SECONDS = 20
"""How long a job in progress may go on when the worker is told to stop; it is safe to run it again."""


class QuietConsumer(Consumer):  # type: ignore[misc]
    """huey's consumer without its signal handlers: who runs the worker decides when it stops."""

    def _set_signal_handlers(self) -> None:
        log.info("worker.started", threads=self.workers)


async def run_worker(settings: Settings, stop: asyncio.Event) -> None:
    """Work until stop is set; then finish what is in progress."""
    use_secret((await asyncio.to_thread(load_app_secrets, settings)).current)
    async with database(settings):
        context = make_context(settings)
        consumer = QuietConsumer(
            await context.queue.huey(),
            workers=settings.job_threads,
            periodic=False,
            max_delay=1.0,
            shutdown_timeout=SHUTDOWN_SECONDS,
        )
        consumer.start()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(_keep_alive(consumer, stop))
                for sweep in registry.sweeps.values():
                    tasks.create_task(repeat(sweep, context, stop))
        finally:
            await asyncio.to_thread(consumer.stop, graceful=True)
            await context.queue.aclose()
            log.info("worker.stopped")


async def repeat(sweep: Sweep, context: JobContext, stop: asyncio.Event) -> None:
    """Sweep until stop is set. A sweep that fails is logged and comes again at its time."""
    while not stop.is_set():
        try:
            if sweep.is_long:
                await _run_until(stop, sweep.run(context))
            else:
                await sweep.run(context)
        except Exception:
            log.exception("sweep.failed", sweep=sweep.name)
        await _wait(stop, sweep.every_seconds)


async def _run_until(stop: asyncio.Event, work: Awaitable[None]) -> None:
    """Cancel it when stop is set, and wait until it has left everything in order."""
    working = asyncio.ensure_future(work)
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        working.cancel()  # changes nothing when it is done
        await asyncio.wait({working})
    if not working.cancelled():
        working.result()


async def _keep_alive(consumer: Consumer, stop: asyncio.Event) -> None:
    while not stop.is_set():
        consumer.check_worker_health()
        await _wait(stop, HEALTH_SECONDS)


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
