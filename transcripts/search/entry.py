"""What is indexed of a document: its tokens, and its place among the others. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice

from transcripts.search.documents import Document, Passage
from transcripts.search.normal import normalise
from transcripts.search.tokens import is_han, tokens

MOST_TOKENS = 1_000_000
MOST_BYTES = 900_000
"""Of the tokens that differ: PostgreSQL keeps less than 1 MiB of them for a document."""
HEADING_TOKENS = 4_000
ID_BITS = 31


@dataclass(frozen=True, slots=True)
class Entry:
    """place: greater for what was said later, and unique. whole: title and headings too, then what was said."""

    place: int
    title: Sequence[str]
    headings: Sequence[str]
    whole: Sequence[str]

    @property
    def digest(self) -> str:
        """32 letters; another entry has another one."""
        parts = (str(self.place), " ".join(self.title), " ".join(self.headings), " ".join(self.whole))
        return sha256("\n".join(parts).encode()).hexdigest()[:32]


def entry_of(document: Document, document_id: int) -> Entry:
    """Whatever stands behind the bounds is not found by search."""
    title = tokens(normalise(document.title))
    headings = [token for each in document.headings for token in tokens(normalise(each.text))]
    headings = headings[:HEADING_TOKENS]
    said = tokens(running_text(document.passages))
    whole = list(islice(_within_bytes((*title, *headings, *said)), MOST_TOKENS))
    return Entry(place_of(document.said_at, document_id), title, headings, whole)


def place_of(said_at: datetime, document_id: int) -> int:
    """By the minute, then by the id: 31 bits, as a database's integer has them."""
    return (int(said_at.timestamp()) // 60 << ID_BITS) | document_id


def id_at(place: int) -> int:
    return place & ((1 << ID_BITS) - 1)


def _within_bytes(found: Iterable[str]) -> Iterator[str]:
    known: set[str] = set()
    room = MOST_BYTES
    for token in found:
        if token not in known:
            known.add(token)
            room -= len(token.encode())
            if room < 0:
                return
        yield token


def running_text(passages: Iterable[Passage]) -> str:
    """In normal writing. What was said runs on from cue to cue; paragraphs of an article stand alone."""
    text = ""
    pieces: list[str] = []
    for passage in passages:
        piece = normalise(passage.text)
        runs_on = passage.seconds is not None and text and piece and is_han(text[-1]) and is_han(piece[0])
        pieces.append(piece if runs_on or not pieces else " " + piece)
        text = piece
    return "".join(pieces)
