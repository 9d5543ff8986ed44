"""Background work around what was said: each concept has a module of its own, the worker finds them all here."""

from transcripts.editing.fulfilment import are_published
from transcripts.editing.jobs import draw_waveforms
from transcripts.glossary.jobs import count_what_is_said, fill_glossary
from transcripts.jobs_recognition import (
    ask_for_recognition,
    ask_for_transcript,
    ask_for_what_was_missed,
    recognise_what_waits,
)
from transcripts.search.jobs import keep_the_index

__all__ = [
    "are_published",
    "ask_for_recognition",
    "ask_for_transcript",
    "ask_for_what_was_missed",
    "count_what_is_said",
    "draw_waveforms",
    "fill_glossary",
    "keep_the_index",
    "recognise_what_waits",
]
