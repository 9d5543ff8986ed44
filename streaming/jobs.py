"""Background work around lectures on the air."""

from core.jobs import JobContext, sweep
from streaming.unheld import settle_unheld


@sweep(every_seconds=5)
async def settle_lectures_without_a_holder(context: JobContext) -> None:
    await settle_unheld(now=context.clock.now(), settings=context.settings, events=context.events)
