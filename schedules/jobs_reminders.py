"""The sweep that reminds. Once a minute is often enough for people and for the robots' own limits."""

from core.jobs import JobContext, on_start, sweep
from core.messengers import messengers_of
from schedules.reminders.sending import remind


@on_start
def check_messengers(context: JobContext) -> None:
    """A way that is set up by half is an error at the start of every process, not a failure at night."""
    messengers_of(context.settings)


@sweep(every_seconds=60)
async def send_reminders(context: JobContext) -> None:
    await remind(context.clock.now(), context.settings, messengers_of(context.settings))
