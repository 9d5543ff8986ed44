"""The rows of this area; one file a concept."""

from transcripts.models.glossary import GlossaryTerm, TermKind
from transcripts.models.piece import Piece
from transcripts.models.statute import LawRevision, StatuteMention
from transcripts.models.transcript import Recognition, SubtitleState, Transcript
from transcripts.models.version import CueVersion, VersionKind

__all__ = [
    "CueVersion",
    "GlossaryTerm",
    "LawRevision",
    "Piece",
    "Recognition",
    "StatuteMention",
    "SubtitleState",
    "TermKind",
    "Transcript",
    "VersionKind",
]
