"""The index on PostgreSQL: which documents have the tokens, by GIN, and then in which of them they follow each other.

GIN knows no order of tokens, so a phrase is looked at in the documents themselves, one after the other in the order
of their rank and no further than asked for. Vectors are written as such: no parser or locale has a say.
"""

from collections.abc import Collection, Iterator, Sequence

from tortoise.backends.base.client import BaseDBAsyncClient

from core.database import transaction
from transcripts.search.asking import Question, Way
from transcripts.search.entry import Entry

PART_TOKENS = 16_000
"""A vector counts no further than 16,383."""
OVERLAP_TOKENS = 100
"""The end of a part is the beginning of the next, so that a phrase across the seam is found."""
TABLES = ("search_index", "search_part")
# STORAGE EXTERNAL: to unpack a vector takes longer than to look into it. fastupdate: a list of what is not yet
# in the index would be read through with every search.
SCRIPT = """
CREATE TABLE IF NOT EXISTS search_index (
    document_id integer PRIMARY KEY REFERENCES search_document (id) ON DELETE CASCADE,
    place bigint NOT NULL, kind varchar(16) NOT NULL,
    title tsvector NOT NULL, heading tsvector NOT NULL, tokens tsvector NOT NULL);
CREATE TABLE IF NOT EXISTS search_part (
    document_id integer NOT NULL REFERENCES search_document (id) ON DELETE CASCADE, part smallint NOT NULL,
    whole tsvector NOT NULL, PRIMARY KEY (document_id, part));
ALTER TABLE search_part ALTER COLUMN whole SET STORAGE EXTERNAL;
CREATE INDEX IF NOT EXISTS search_index_tokens ON search_index USING gin (tokens) WITH (fastupdate = off)
"""
PLANNING = "SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)"
"""For a word in most documents the planner would read all vectors through, not knowing what that costs."""


class PostgresIndex:
    def __init__(self, connection: BaseDBAsyncClient) -> None:
        self._connection = connection

    async def ensure(self) -> None:
        await self._connection.execute_script(SCRIPT)

    async def put(self, document_id: int, entry: Entry) -> None:
        vectors = [_vector(entry.title), _vector(entry.headings), " ".join(map(_quoted, set(entry.whole)))]
        await self._connection.execute_query(
            "INSERT INTO search_index (document_id, place, kind, title, heading, tokens) "
            "SELECT id, $2::bigint, kind, $3::text::tsvector, $4::text::tsvector, $5::text::tsvector "
            "FROM search_document WHERE id = $1",
            [document_id, entry.place, *vectors],
        )
        await self._connection.execute_many(
            "INSERT INTO search_part (document_id, part, whole) VALUES ($1, $2, $3::text::tsvector)",
            [[document_id, at, _vector(part)] for at, part in enumerate(_parts(entry.whole))],
        )

    async def clear(self) -> None:
        await self._connection.execute_query(f"TRUNCATE {', '.join(TABLES)}")

    async def find(self, question: Question, kinds: Collection[str], *, most: int) -> list[int]:
        words = [" | ".join(f"({_phrase(way)})" for way in ways) for ways in question.words]
        tokens = [" | ".join(f"({_tokens(way)})" for way in ways) for ways in question.words]
        phrases = [
            word
            for word, ways in zip(words, question.words, strict=True)
            if any(len(way.phrase.tokens) > 1 for way in ways)
        ]
        values = [_every(words), " | ".join(f"({each})" for each in words), _every(tokens), list(kinds)]
        heads = " AND ".join(f"({_in_heads(f'${at}')})" for at in range(6, 6 + len(words)))
        first_phrase = 6 + len(words)
        follow = " AND ".join(
            f"EXISTS (SELECT 1 FROM search_part AS p WHERE p.document_id = c.id AND {_matches('p.whole', f'${at}')})"
            for at in range(first_phrase, first_phrase + len(phrases))
        )
        # OFFSET 0 keeps the two apart: all are ranked by what is at hand, then the phrases looked at until enough.
        statement = (
            "SELECT c.id FROM (SELECT i.document_id AS id, "
            f"CASE WHEN {_matches('i.title', '$1')} THEN 3 WHEN {heads} THEN 2 WHEN {_in_heads('$2')} THEN 1 "
            f"ELSE 0 END AS rank FROM search_index AS i WHERE {_matches('i.tokens', '$3')} "
            "AND i.kind = ANY($4) ORDER BY rank DESC, i.place DESC OFFSET 0) AS c "
            f"WHERE {f'c.rank > 1 OR ({follow})' if follow else 'TRUE'} LIMIT $5"
        )
        async with transaction() as connection:
            await connection.execute_query(PLANNING)
            _, rows = await connection.execute_query(statement, [*values, most, *words, *phrases])
        return [int(row["id"]) for row in rows]

    async def size(self) -> int:
        sums = " + ".join(f"pg_total_relation_size('{table}')" for table in TABLES)
        rows = await self._connection.execute_query_dict(f"SELECT {sums} AS bytes")
        return int(rows[0]["bytes"])


def _parts(tokens: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, max(len(tokens) - OVERLAP_TOKENS, 1), PART_TOKENS - OVERLAP_TOKENS):
        yield tokens[start : start + PART_TOKENS]


def _matches(vector: str, query: str) -> str:
    return f"{vector} @@ {query}::text::tsquery"


def _in_heads(query: str) -> str:
    return f"{_matches('i.title', query)} OR {_matches('i.heading', query)}"


def _every(words: Sequence[str]) -> str:
    return " & ".join(f"({word})" for word in words)


def _phrase(way: Way) -> str:
    return " <-> ".join(_each(way))


def _tokens(way: Way) -> str:
    return " & ".join(_each(way))


def _each(way: Way) -> Iterator[str]:
    last = len(way.phrase.tokens) - 1
    for at, token in enumerate(way.phrase.tokens):
        yield _quoted(token) + (":*" if way.phrase.open_end and at == last else "")


def _vector(tokens: Sequence[str]) -> str:
    return " ".join(f"{_quoted(token)}:{place}" for place, token in enumerate(tokens, 1))


def _quoted(token: str) -> str:
    """A token has nothing but letters and digits in it."""
    return f"'{token}'"
