"""Background work around the editor: the outline of a lecture's sound, once there is something to correct."""

from core.jobs import JobContext, sweep
from core.logs import bind, get_logger
from transcripts.editing.waveforms import make_waveform, missing

log = get_logger(__name__)


@sweep(every_seconds=10)
async def draw_waveforms(context: JobContext) -> None:
    for transcript in await missing():
        with bind(broadcast=transcript.broadcast.number):
            try:
                made = await make_waveform(transcript, now=context.clock.now(), settings=context.settings)
            except OSError as error:  # one bad disk block must not keep the others waiting
                log.error("waveform.failed", error=str(error))
                continue
            if made:
                log.info("waveform.made")
