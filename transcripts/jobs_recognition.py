"""Recognition after each lecture: asked for at its end, found by a sweep where that was missed, done in a child."""

from core.jobs import JobContext, job, on_start, sweep
from core.logs import bind, get_logger
from schedules.queries import find_by_number
from schedules.states import AirState
from streaming.events import BroadcastEnded
from transcripts.live.keeping import words_to_draft
from transcripts.recognition.asking import ask_for, missed
from transcripts.recognition.running import recognise_all

log = get_logger(__name__)


@on_start
def ask_for_recognition(context: JobContext) -> None:
    async def ask(event: BroadcastEnded) -> None:
        await context.queue.enqueue(ask_for_transcript, number=event.number)

    context.events.subscribe(BroadcastEnded, ask)


@job(retries=3, retry_delay_seconds=5)
async def ask_for_transcript(context: JobContext, number: str) -> None:
    broadcast = await find_by_number(number)
    if broadcast is None or broadcast.air_state is not AirState.ENDED or broadcast.first_live_at is None:
        return
    with bind(broadcast=number):
        if await ask_for(broadcast, now=context.clock.now()):
            log.info("recognition.asked_for")
        if await words_to_draft(broadcast, now=context.clock.now()):
            log.info("live_captions.became_the_draft")


@sweep(every_seconds=60)
async def ask_for_what_was_missed(context: JobContext) -> None:
    now = context.clock.now()
    for broadcast in await missed(now, context.settings):
        with bind(broadcast=broadcast.number):
            await ask_for(broadcast, now=now)
            log.info("recognition.asked_for")
            await words_to_draft(broadcast, now=now)


@sweep(every_seconds=5, is_long=True)
async def recognise_what_waits(context: JobContext) -> None:
    """In a process of its own beside the jobs: a lecture of a quarter of an hour takes minutes."""
    await recognise_all(context)
