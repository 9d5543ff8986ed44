"""The inverted index beside the rows of `SearchDocument`: FTS5 on SQLite, tsvector with GIN on PostgreSQL.

Both are given ready tokens (see `tokens`) and asked for phrases of them, so they find the same; neither needs an
extension. What is indexed of a document lies in parts, since a tsvector counts no further than 16,383.
"""

from collections.abc import Collection, Sequence
from typing import Protocol

from tortoise.backends.base.client import BaseDBAsyncClient

from transcripts.search.asking import Question
from transcripts.search.tokens import Phrase

PART_TOKENS = 4000
OVERLAP_TOKENS = 100
"""The end of a part is the beginning of the next, so that a phrase across the seam is found."""
MOST_PARTS = 256
TITLE, HEADING, PASSAGE = 3, 2, 1
"""What a hit is worth by where it is; words add up, equals are ordered by time."""

Part = tuple[list[str], list[str], list[str]]
"""Tokens of the title, of the headings and of the passages."""


def parts_of(title: list[str], headings: list[str], passages: list[str]) -> list[Part]:
    """The first one carries the title and the headings."""
    step = PART_TOKENS - OVERLAP_TOKENS
    starts = range(0, max(len(passages) - OVERLAP_TOKENS, 1), step)[:MOST_PARTS]
    texts = [passages[start : start + PART_TOKENS] for start in starts]
    return [
        (title if not at else [], headings[:PART_TOKENS] if not at else [], text)
        for at, text in enumerate(texts)
    ]


class Index(Protocol):
    async def ensure(self) -> None:
        """Make what is not there yet."""
        ...

    async def put(self, document_id: int, parts: Sequence[Part]) -> None: ...

    async def clear(self) -> None:
        """Throw all of it away, also what belongs to documents that are gone."""
        ...

    async def find(
        self, question: Question, kinds: Collection[str], *, limit: int, offset: int
    ) -> tuple[list[int], int]:
        """Ids of documents with all the words, the best first, and how many there are in all."""
        ...

    async def size(self) -> int:
        """In bytes, on disk."""
        ...


def index_of(connection: BaseDBAsyncClient) -> Index:
    """connection: the one of the transaction, if there is one."""
    if connection.capabilities.dialect == "sqlite":
        return SqliteIndex(connection)
    return PostgresIndex(connection)


class SqliteIndex:
    """A contentless FTS5 table; rowid = document id × 256 + part. Such a table forgets nothing by itself (before
    SQLite 3.43), so the rows of documents that are gone stay until `clear`, and meet no document when they are found.
    """

    def __init__(self, connection: BaseDBAsyncClient) -> None:
        self._connection = connection

    async def ensure(self) -> None:
        await self._connection.execute_script(
            "CREATE VIRTUAL TABLE IF NOT EXISTS search_index USING fts5("
            "title, heading, passage, content='', tokenize='unicode61 remove_diacritics 0')"
        )

    async def put(self, document_id: int, parts: Sequence[Part]) -> None:
        rows = [
            [document_id * MOST_PARTS + at, *(" ".join(each) for each in part)]
            for at, part in enumerate(parts)
        ]
        await self._connection.execute_many(
            "INSERT INTO search_index (rowid, title, heading, passage) VALUES (?, ?, ?, ?)", rows
        )

    async def clear(self) -> None:
        await self._connection.execute_query("INSERT INTO search_index (search_index) VALUES ('delete-all')")

    async def find(
        self, question: Question, kinds: Collection[str], *, limit: int, offset: int
    ) -> tuple[list[int], int]:
        texts: list[object] = []
        words: list[str] = []
        for ways in question.words:
            match = " OR ".join(_fts_phrase(way.phrase) for way in ways)
            texts += [f"{{title}} : ({match})", f"{{heading}} : ({match})", f"{{passage}} : ({match})"]
            each = "SELECT rowid / 256 AS id, {} AS worth FROM search_index WHERE search_index MATCH ?"
            union = " UNION ALL ".join(each.format(worth) for worth in (TITLE, HEADING, PASSAGE))
            words.append(f"(SELECT id, max(worth) AS worth FROM ({union}) GROUP BY id)")
        marks = ", ".join("?" for _ in kinds)
        statement = _statement(words, f"d.kind IN ({marks})", "LIMIT ? OFFSET ?")
        rows = await self._connection.execute_query_dict(statement, [*texts, *kinds, limit, offset])
        return [int(row["id"]) for row in rows], int(rows[0]["total"]) if rows else 0

    async def size(self) -> int:
        rows = await self._connection.execute_query_dict(
            "SELECT sum(length(block)) AS bytes FROM search_index_data"
        )
        return int(rows[0]["bytes"] or 0)


class PostgresIndex:
    """A table beside the documents, gone with them. Vectors are written as such: no parser or locale has a say."""

    def __init__(self, connection: BaseDBAsyncClient) -> None:
        self._connection = connection

    async def ensure(self) -> None:
        columns = ("title", "heading", "passage")
        table = (
            "CREATE TABLE IF NOT EXISTS search_index ("
            "document_id integer NOT NULL REFERENCES search_document (id) ON DELETE CASCADE, part smallint NOT NULL, "
            "title tsvector NOT NULL, heading tsvector NOT NULL, passage tsvector NOT NULL, "
            "PRIMARY KEY (document_id, part))"
        )
        indexes = (
            f"CREATE INDEX IF NOT EXISTS search_index_{column} ON search_index USING gin ({column})"
            for column in columns
        )
        await self._connection.execute_script("; ".join((table, *indexes)))

    async def put(self, document_id: int, parts: Sequence[Part]) -> None:
        rows = [[document_id, at, *(_vector(each) for each in part)] for at, part in enumerate(parts)]
        await self._connection.execute_many(
            "INSERT INTO search_index (document_id, part, title, heading, passage) "
            "VALUES ($1, $2, $3::text::tsvector, $4::text::tsvector, $5::text::tsvector)",
            rows,
        )

    async def clear(self) -> None:
        await self._connection.execute_query("TRUNCATE search_index")

    async def find(
        self, question: Question, kinds: Collection[str], *, limit: int, offset: int
    ) -> tuple[list[int], int]:
        values: list[object] = []
        words: list[str] = []
        for ways in question.words:
            values.append(" | ".join(f"({_ts_phrase(way.phrase)})" for way in ways))
            each = "SELECT document_id AS id, {} AS worth FROM search_index WHERE {} @@ ${}::text::tsquery"
            union = " UNION ALL ".join(
                each.format(worth, column, len(values))
                for worth, column in ((TITLE, "title"), (HEADING, "heading"), (PASSAGE, "passage"))
            )
            words.append(f"(SELECT id, max(worth) AS worth FROM ({union}) AS hits GROUP BY id)")
        values += [list(kinds), limit, offset]
        at = len(values)
        statement = _statement(words, f"d.kind = ANY(${at - 2})", f"LIMIT ${at - 1} OFFSET ${at}")
        rows = await self._connection.execute_query_dict(statement, values)
        return [int(row["id"]) for row in rows], int(rows[0]["total"]) if rows else 0

    async def size(self) -> int:
        rows = await self._connection.execute_query_dict(
            "SELECT pg_total_relation_size('search_index') AS bytes"
        )
        return int(rows[0]["bytes"])


def _statement(words: Sequence[str], condition: str, page: str) -> str:
    """words: for each a query of id and worth. Nothing a person typed stands in it."""
    joined = " ".join(f"JOIN {word} AS w{at} ON w{at}.id = d.id" for at, word in enumerate(words))
    worth = " + ".join(f"w{at}.worth" for at in range(len(words)))
    return (
        f"SELECT d.id, count(*) OVER () AS total FROM search_document AS d {joined} WHERE {condition} "
        f"ORDER BY {worth} DESC, d.said_at DESC, d.id DESC {page}"
    )


def _fts_phrase(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.tokens)}"' + (" *" if phrase.open_end else "")


def _ts_phrase(phrase: Phrase) -> str:
    last = len(phrase.tokens) - 1
    return " <-> ".join(
        f"'{token}'" + (":*" if phrase.open_end and at == last else "")
        for at, token in enumerate(phrase.tokens)
    )


def _vector(tokens: Sequence[str]) -> str:
    return " ".join(f"'{token}':{place}" for place, token in enumerate(tokens, 1))
