"""The inverted index beside the rows of `SearchDocument`: FTS5 on SQLite, tsvector with GIN on PostgreSQL.

Both are given ready tokens (see `tokens`) and asked for phrases of them, so they find the same; neither needs an
extension. The best first: all words in the title, all in title and headings, some there and the rest in the speech,
all in the speech; equals from the latest on. Only so many are looked for as can be leafed through: counting all that
speak of 法律 would take longer than finding the first of them.
"""

from collections.abc import Collection
from typing import Protocol

from tortoise.backends.base.client import BaseDBAsyncClient

from transcripts.search.asking import Question
from transcripts.search.entry import Entry
from transcripts.search.postgres_index import PostgresIndex
from transcripts.search.sqlite_index import SqliteIndex


class Index(Protocol):
    async def ensure(self) -> None:
        """Make what is not there yet."""
        ...

    async def put(self, document_id: int, entry: Entry) -> None: ...

    async def remove(self, entry: Entry) -> None:
        """Forget what was put in, to the letter: told other tokens, the index would be wrong from then on."""
        ...

    async def clear(self) -> None:
        """Throw all of it away, also what belongs to documents that are gone."""
        ...

    async def find(self, question: Question, kinds: Collection[str], *, most: int) -> list[int]:
        """Ids of documents with all the words, the best first, at most so many. The question has words."""
        ...

    async def size(self) -> int:
        """In bytes, on disk."""
        ...


def index_of(connection: BaseDBAsyncClient) -> Index:
    """connection: the one of the transaction, if there is one."""
    if connection.capabilities.dialect == "sqlite":
        return SqliteIndex(connection)
    return PostgresIndex(connection)
