"""The index on SQLite: two contentless FTS5 tables, of titles and headings, and of everything.

A row's id is the document's place, so that FTS5 itself gives the latest first and stops when it has enough. Such a
table cannot look up what it holds (before SQLite 3.43): it forgets a row when it is told the row's very words. What
it cannot be told stays until `clear`, and meets no document when it is found.
"""

from collections.abc import Collection, Iterator, Sequence

from tortoise.backends.base.client import BaseDBAsyncClient

from transcripts.search.asking import Question, Way
from transcripts.search.entry import ID_BITS, Entry

OPTIONS = "content='', columnsize=0, tokenize='unicode61 remove_diacritics 0'"
TABLES = {"search_heads": "title, heading", "search_index": "whole"}


class SqliteIndex:
    def __init__(self, connection: BaseDBAsyncClient) -> None:
        self._connection = connection

    async def ensure(self) -> None:
        await self._connection.execute_script(
            "".join(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS {table} USING fts5({columns}, {OPTIONS});"
                for table, columns in TABLES.items()
            )
        )

    async def put(self, document_id: int, entry: Entry) -> None:
        await self._connection.execute_insert(
            "INSERT INTO search_heads (rowid, title, heading) VALUES (?, ?, ?)",
            [entry.place, " ".join(entry.title), " ".join(entry.headings)],
        )
        await self._connection.execute_insert(
            "INSERT INTO search_index (rowid, whole) VALUES (?, ?)", [entry.place, " ".join(entry.whole)]
        )

    async def remove(self, entry: Entry) -> None:
        await self._connection.execute_insert(
            "INSERT INTO search_heads (search_heads, rowid, title, heading) VALUES ('delete', ?, ?, ?)",
            [entry.place, " ".join(entry.title), " ".join(entry.headings)],
        )
        await self._connection.execute_insert(
            "INSERT INTO search_index (search_index, rowid, whole) VALUES ('delete', ?, ?)",
            [entry.place, " ".join(entry.whole)],
        )

    async def clear(self) -> None:
        for table in TABLES:
            await self._connection.execute_query(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")

    async def find(self, question: Question, kinds: Collection[str], *, most: int) -> list[int]:
        found: dict[int, None] = {}
        marks = ", ".join("?" for _ in kinds)
        for table, condition, values in _steps(question):
            # CROSS JOIN: the index leads, in its own order, and is read no further than LIMIT asks.
            statement = (
                f"SELECT d.id FROM {table} AS f CROSS JOIN search_document AS d ON d.id = f.rowid & ? "
                f"WHERE f.{table} MATCH ? {condition} AND d.kind IN ({marks}) ORDER BY f.rowid DESC LIMIT ?"
            )
            parameters = [(1 << ID_BITS) - 1, *values, *kinds, most]
            _, rows = await self._connection.execute_query(statement, parameters)
            found.update((int(row["id"]), None) for row in rows)
            if len(found) >= most:
                break
        return list(found)[:most]

    async def size(self) -> int:
        sums = " + ".join(f"(SELECT coalesce(sum(length(block)), 0) FROM {table}_data)" for table in TABLES)
        rows = await self._connection.execute_query_dict(f"SELECT {sums} AS bytes")
        return int(rows[0]["bytes"])


def _steps(question: Question) -> Iterator[tuple[str, str, list[object]]]:
    """(table, further condition, values): each finds what the ones before it found, and what ranks below."""
    words = [f"({' OR '.join(map(_phrase, ways))})" for ways in question.words]
    every = " AND ".join(words)
    yield "search_heads", "", [f"{{title}} : ({every})"]
    yield "search_heads", "", [every]
    if len(words) > 1:
        # The plus keeps SQLite from asking the index anew for each of these.
        heads = "AND +f.rowid IN (SELECT rowid FROM search_heads WHERE search_heads MATCH ?)"
        yield "search_index", heads, [every, " OR ".join(words)]
    yield "search_index", "", [every]


def _phrase(way: Way) -> str:
    tokens: Sequence[str] = way.phrase.tokens
    return f'"{" ".join(tokens)}"' + (" *" if way.phrase.open_end else "")
