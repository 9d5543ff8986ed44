"""Background work around what was said: each concept has a module of its own, the worker finds them all here."""

from transcripts.editing.fulfilment import are_published
from transcripts.editing.jobs import draw_waveforms
from transcripts.jobs_recognition import (
    ask_for_recognition,
    ask_for_transcript,
    ask_for_what_was_missed,
    recognise_what_waits,
)

__all__ = [
    "are_published",
    "ask_for_recognition",
    "ask_for_transcript",
    "ask_for_what_was_missed",
    "draw_waveforms",
    "recognise_what_waits",
]
