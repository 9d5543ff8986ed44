"""kill -9 of the worker at random moments: every word is there once, as if nothing had happened."""

from random import Random
from secrets import randbelow

import pytest

from accounts.services import seed_sample_units
from core.clock import SystemClock
from core.events import EventBus
from core.jobs import JobContext, JobQueue
from core.settings import Settings
from tests.support.ended_lectures import sample_units
from tests.support.killed_workers import (
    cues_of,
    kill_while_it_recognises,
    let_it_finish,
    pieces_done,
    twin,
    waiting,
    words_of,
)
from transcripts.models import Piece

pytestmark = pytest.mark.ffmpeg

LECTURE_SECONDS = 50
AFTER_PIECES = (0, 1, 2)
"""Of each round: while nothing is done yet, and amid the work."""


async def test_no_word_is_lost_or_doubled_when_workers_are_killed_at_random_moments(
    sqlite_db: object, sqlite_settings: Settings
) -> None:
    seed = randbelow(10**6)
    random = Random(seed)
    await seed_sample_units()
    context = JobContext(sqlite_settings, SystemClock(), EventBus(), JobQueue(sqlite_settings))
    killed = await waiting(context, sample_units(LECTURE_SECONDS))
    kills = [
        await kill_while_it_recognises(killed, sqlite_settings, random, after_pieces)
        for after_pieces in random.sample(AFTER_PIECES, len(AFTER_PIECES))
    ]
    story = f"seed {seed}: {kills}"
    unkilled = await twin(context, killed)
    await let_it_finish(sqlite_settings, killed, unkilled)
    words = await words_of(unkilled)
    assert len(words) > LECTURE_SECONDS, story
    assert await words_of(killed) == words, story
    assert await cues_of(killed) == await cues_of(unkilled), story
    spans = [(piece.start_ms, piece.end_ms) for piece in await Piece.filter(transcript_id=killed.id)]
    assert [start for start, _ in spans[1:]] == [end for _, end in spans[:-1]], story
    assert len(spans) == await pieces_done(killed) > sum(AFTER_PIECES), story
