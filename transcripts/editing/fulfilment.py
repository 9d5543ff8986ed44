"""Whether a lecture's subtitles are out, for the deadline T+3: reminders and lists of what is late ask here."""

from schedules.deadlines import Deadline
from schedules.fulfilment import answers_for
from schedules.models import Broadcast
from transcripts.models import Recognition, Transcript


@answers_for(Deadline.SUBTITLES, path="/desk/subtitles/{number}")
async def are_published(lecture: Broadcast) -> bool:
    """Where nothing was said there is nothing to publish."""
    transcript = await Transcript.get_or_none(broadcast_id=lecture.id)
    if transcript is None:
        return False
    return transcript.published_version > 0 or _is_silent(transcript)


def _is_silent(transcript: Transcript) -> bool:
    has_no_words = transcript.recognition in (Recognition.NO_SPEECH, Recognition.NO_AUDIO)
    return has_no_words and not transcript.draft_version
