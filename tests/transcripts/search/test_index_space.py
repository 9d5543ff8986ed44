"""SQLite's index forgets what is published anew, withdrawn or left over, and uses the space again."""

import random
from collections.abc import Sequence
from datetime import timedelta

import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.clock import ManualClock
from core.database import transaction
from schedules.models import Broadcast
from schedules.replay_states import ReplayState
from tests.support.published_subtitles import cues, given_lecture, published
from transcripts.models import SearchDocument
from transcripts.search.indexing import index_lecture, index_size, keep_up
from transcripts.search.lectures import LECTURE
from transcripts.search.sqlite_index import TABLES
from transcripts.search.tokens import tokens

LINES = 120
TIMES = 60
ONCE_MORE = 20
"""What is gone is carried along until FTS5 merges: some documents' worth, however often one is published."""


@pytest.fixture(autouse=True)
async def units(sqlite_db: TortoiseContext) -> None:
    await seed_sample_units()


def lines(seed: int) -> list[str]:
    """Other words for each seed, and of the same length."""
    chosen = random.Random(seed)
    return ["".join(chr(chosen.randrange(0x4E00, 0x5600)) for _ in range(10)) for _ in range(LINES)]


async def put_out(lecture: Broadcast, words: Sequence[str], clock: ManualClock) -> None:
    async with transaction():
        await published(lecture, cues(*words), now=clock.now())
        await index_lecture(lecture.id)


async def rows_with(db: TortoiseContext, word: str) -> int:
    """What the index itself finds, whether there is a document to it or not."""
    tokens = " ".join(word[at : at + 2] for at in range(len(word) - 1))
    found = await db.db().execute_query_dict(
        "SELECT count(*) AS n FROM search_index WHERE search_index MATCH ?", [f'"{tokens}"']
    )
    return int(found[0]["n"])


async def check_integrity(db: TortoiseContext) -> None:
    """Raises where FTS5 finds its tables at odds with themselves."""
    for table in TABLES:
        await db.db().execute_query(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")


async def test_a_lecture_published_again_and_again_takes_the_room_of_a_few(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    lecture = await given_lecture("新法解读", now=clock.now())
    await put_out(lecture, lines(0), clock)
    once = await index_size()
    sizes = []
    for time in range(1, TIMES):
        await put_out(lecture, lines(time), clock)
        sizes.append(await index_size())
    assert max(sizes) < ONCE_MORE * once
    assert await rows_with(sqlite_db, lines(0)[5]) == await rows_with(sqlite_db, lines(TIMES - 2)[5]) == 0
    assert await rows_with(sqlite_db, lines(TIMES - 1)[5]) == 1
    await check_integrity(sqlite_db)


async def test_what_is_withdrawn_leaves_the_index_with_its_words(
    sqlite_db: TortoiseContext, clock: ManualClock
) -> None:
    stays = await given_lecture("留下的", now=clock.now())
    goes = await given_lecture("撤下的", now=clock.now() - timedelta(days=1))
    await put_out(stays, ["行政复议的期限"], clock)
    await put_out(goes, ["行政复议的范围"], clock)
    assert await rows_with(sqlite_db, "行政复议") == 2
    await Broadcast.filter(id=goes.id).update(replay_state=ReplayState.WITHDRAWN)
    await keep_up()
    assert await rows_with(sqlite_db, "行政复议的范围") == 0
    assert await rows_with(sqlite_db, "行政复议") == 1
    await check_integrity(sqlite_db)


async def test_what_cannot_be_told_word_for_word_is_left_and_spoils_nothing(
    sqlite_db: TortoiseContext, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    lecture = await given_lecture("新法解读", now=clock.now())
    await put_out(lecture, ["行政复议的期限"], clock)
    # Another release cuts the same words otherwise.
    monkeypatch.setattr("transcripts.search.entry.tokens", lambda text: [f"{each}x" for each in tokens(text)])
    await put_out(lecture, ["行政复议的范围"], clock)
    assert await SearchDocument.filter(kind=LECTURE).count() == 1
    assert await rows_with(sqlite_db, "行政复议") == 1  # the old row: it meets no document
    await check_integrity(sqlite_db)
