"""The rows of this area; one file a concept."""

from transcripts.models.glossary import GlossaryRemoval, GlossaryTerm, TermKind
from transcripts.models.live_captions import CaptionState, LiveCaptions, LiveWords
from transcripts.models.piece import Piece
from transcripts.models.search import SearchDocument
from transcripts.models.statute import LawRevision, StatuteMention
from transcripts.models.term_question import TermAnswer, TermQuestion
from transcripts.models.transcript import Recognition, SubtitleState, Transcript
from transcripts.models.version import CueVersion, VersionKind
from transcripts.models.waveform import Waveform

__all__ = [
    "CaptionState",
    "CueVersion",
    "GlossaryRemoval",
    "GlossaryTerm",
    "LawRevision",
    "LiveCaptions",
    "LiveWords",
    "Piece",
    "Recognition",
    "SearchDocument",
    "StatuteMention",
    "SubtitleState",
    "TermAnswer",
    "TermKind",
    "TermQuestion",
    "Transcript",
    "VersionKind",
    "Waveform",
]
