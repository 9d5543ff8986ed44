"""From what was heard in a lecture to the machine's draft of its subtitles. Pure, but for the ids it gives."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from uuid import uuid4

from transcripts.cues.cutting import cut
from transcripts.cues.draft import DraftCue
from transcripts.recognition.rows import HeldText
from transcripts.speech.engine import EngineIdentity
from transcripts.speech.words import Segment, Word

SHORTEST_HELD_MS = 500
"""What is held and has less room than this beside the cues that stand is in the list of the piece alone."""


@dataclass(frozen=True, slots=True)
class HeardPiece:
    """A piece as it was recognised: what counts, what waits for a person, and which machine said so."""

    segments: Sequence[Segment]
    held: Sequence[HeldText]
    identity: EngineIdentity


def new_id() -> str:
    return uuid4().hex


def draft_cues(
    pieces: Iterable[HeardPiece], *, terms: Collection[str] = (), make_id: Callable[[], str] = new_id
) -> list[DraftCue]:
    """All cues of a lecture in order, none over another; those that are held say why.

    terms: what is not to be broken. Takes seconds for an hour of speech.
    """
    cues: list[DraftCue] = []
    waiting: list[DraftCue] = []
    # Pieces are cut where the sound allows it, cues where the words do: a sentence may go on in the next piece.
    for identity, heard in groupby(pieces, key=lambda piece: piece.identity):
        words: list[Word] = []
        for piece in heard:
            words += [word for segment in piece.segments for word in segment.words]
            for held in piece.held:
                waiting += [
                    replace(cue, held=held.reason, prob=None)
                    for cue in _of_words(_spread(held), identity, (), make_id)
                ]
        cues += _of_words(words, identity, terms, make_id)
    return _with_room(_apart(cues), waiting)


def characters_of(cues: Iterable[DraftCue]) -> int:
    """How much the machine has written that counts: letters and digits, without what is held."""
    return sum(character.isalnum() for each in cues if not each.held for character in each.cue.text)


def _of_words(
    words: Sequence[Word], identity: EngineIdentity, terms: Collection[str], make_id: Callable[[], str]
) -> list[DraftCue]:
    return [
        DraftCue(
            id=make_id(),
            cue=made.cue,
            prob=min((round(word.prob, 3) for word in made.words), default=None),
            engine=identity.engine,
            model=identity.model,
            sha256=identity.sha256,
        )
        for made in cut(words, terms=terms)
    ]


def _apart(cues: Iterable[DraftCue]) -> list[DraftCue]:
    """Where another engine goes on, the last cue of the one before does not linger over its first."""
    placed: list[DraftCue] = []
    for each in sorted(cues, key=_start):
        if placed and placed[-1].cue.end_ms > each.cue.start_ms:
            before = placed[-1].cue
            edge = max(each.cue.start_ms, before.start_ms + 1)
            placed[-1] = replace(placed[-1], cue=replace(before, end_ms=edge))
            end = max(each.cue.end_ms, edge + 1)
            each = replace(each, cue=replace(each.cue, start_ms=edge, end_ms=end))
        placed.append(each)
    return placed


def _spread(held: HeldText) -> list[Word]:
    """Without times of its words: as if each character took as long as any other."""
    characters = [character for character in held.text if not character.isspace()]
    step = (held.end - held.start) / max(1, len(characters))
    return [
        Word(character, held.start + place * step, held.start + (place + 1) * step)
        for place, character in enumerate(characters)
    ]


def _with_room(cues: list[DraftCue], waiting: list[DraftCue]) -> list[DraftCue]:
    """The cues that stand keep their times; what is held is fitted in between, or left to the list of its piece."""
    placed = list(cues)
    for each in sorted(waiting, key=_start):
        fitted = next(_fitted(each, placed), None)
        if fitted is not None:
            placed.append(fitted)
            placed.sort(key=_start)
    return placed


def _fitted(held: DraftCue, placed: Sequence[DraftCue]) -> Iterator[DraftCue]:
    """The held cue in the free stretches that it lies in, each long enough to be seen."""
    start, end = held.cue.start_ms, held.cue.end_ms
    for other in placed:
        if other.cue.end_ms <= start:
            continue
        until = min(end, other.cue.start_ms)
        if until - start >= SHORTEST_HELD_MS:
            yield replace(held, cue=replace(held.cue, start_ms=start, end_ms=until))
        start = max(start, other.cue.end_ms)
    if end - start >= SHORTEST_HELD_MS:
        yield replace(held, cue=replace(held.cue, start_ms=start, end_ms=end))


def _start(each: DraftCue) -> int:
    return each.cue.start_ms
