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
FIRST_QUERY = 3
"""Of a statement's values: kinds and the limit come before."""
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
CREATE INDEX IF NOT EXISTS search_index_tokens ON search_index USING gin (tokens, title, heading)
    WITH (fastupdate = off)
"""
PLANNED = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit")
PLANNING = "SELECT " + ", ".join(f"set_config('{name}', 'off', true)" for name in PLANNED)
"""The planner does not know what looking into a vector costs: for a word in most documents it would look into all."""


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

    async def remove(self, entry: Entry) -> None:
        """Its rows go with the document's."""

    async def clear(self) -> None:
        await self._connection.execute_query(f"TRUNCATE {', '.join(TABLES)}")

    async def find(self, question: Question, kinds: Collection[str], *, most: int) -> list[int]:
        found: dict[int, None] = {}
        async with transaction() as connection:
            await connection.execute_query(PLANNING)
            for statement, values in (_in_heads(question), _anywhere(question)):
                _, rows = await connection.execute_query(statement, [list(kinds), most, *values])
                found.update((int(row["id"]), None) for row in rows)
                if len(found) >= most:
                    break
        return list(found)[:most]

    async def size(self) -> int:
        sums = " + ".join(f"pg_total_relation_size('{table}')" for table in TABLES)
        rows = await self._connection.execute_query_dict(f"SELECT {sums} AS bytes")
        return int(rows[0]["bytes"])


def _parts(tokens: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, max(len(tokens) - OVERLAP_TOKENS, 1), PART_TOKENS - OVERLAP_TOKENS):
        yield tokens[start : start + PART_TOKENS]


def _in_heads(question: Question) -> tuple[str, list[str]]:
    """Documents with a word in title or headings and the others anywhere, and what their statement is given."""
    words, tokens = _words(question), _tokens_of(question)
    given = _Given([*words, _all(words), _any(words), _any(tokens)])
    *each, every, some, some_tokens = given.names
    in_heads = " AND ".join(f"({_heads_have(word)})" for word in each)
    rank = f"CASE WHEN i.title @@ {every} THEN 3 WHEN {in_heads} THEN 2 WHEN {_heads_have(some)} THEN 1 ELSE 0 END"
    condition = f"({_heads_have(some_tokens)})"
    if len(words) > 1:  # the planner begins with this; a single word is found sooner without it
        condition += f" AND i.tokens @@ {given.add(_all(tokens))}"
    follow = f"c.rank > 1 OR (c.rank = 1 AND {_follow(question, given)})"
    return _statement(rank, condition, follow), given.values


def _anywhere(question: Question) -> tuple[str, list[str]]:
    """Documents with all the words, and what their statement is given."""
    given = _Given([_all(_tokens_of(question))])
    condition = f"i.tokens @@ {given.names[0]}"
    return _statement("", condition, _follow(question, given)), given.values


def _statement(rank: str, condition: str, follow: str) -> str:
    """OFFSET 0 keeps the two apart: all are put in order first, then the phrases looked at until there are enough.

    rank: an expression for what comes before the place, or "".
    """
    ranked, order = (f", {rank} AS rank", ("rank", "place")) if rank else ("", ("place",))
    inner, outer = (
        ", ".join(f"{name} DESC" for name in names) for names in (order, [f"c.{each}" for each in order])
    )
    return (
        f"SELECT c.id FROM (SELECT i.document_id AS id, i.place{ranked} FROM search_index AS i "
        f"WHERE {condition} AND i.kind = ANY($1) ORDER BY {inner} OFFSET 0) AS c "
        f"WHERE {follow} ORDER BY {outer} LIMIT $2"
    )


class _Given:
    """Queries for a statement, and what each is called in it: nothing a person typed stands in the statement."""

    def __init__(self, queries: Sequence[str]) -> None:
        self.values: list[str] = []
        self.names = [self.add(query) for query in queries]

    def add(self, query: str) -> str:
        self.values.append(query)
        return f"${FIRST_QUERY + len(self.values) - 1}::text::tsquery"


def _follow(question: Question, given: _Given) -> str:
    """Whether the tokens of each word follow each other; a word of one token has been found with it."""
    phrases = [
        word
        for word, ways in zip(_words(question), question.words, strict=True)
        if any(len(way.phrase.tokens) > 1 for way in ways)
    ]
    in_part = "EXISTS (SELECT 1 FROM search_part AS p WHERE p.document_id = c.id AND p.whole @@ {})"
    return " AND ".join(in_part.format(given.add(phrase)) for phrase in phrases) or "TRUE"


def _heads_have(query: str) -> str:
    return f"i.title @@ {query} OR i.heading @@ {query}"


def _words(question: Question) -> list[str]:
    return [_any([_phrase(way) for way in ways]) for ways in question.words]


def _tokens_of(question: Question) -> list[str]:
    return [_any([" & ".join(_each(way)) for way in ways]) for ways in question.words]


def _all(queries: Sequence[str]) -> str:
    return " & ".join(f"({query})" for query in queries)


def _any(queries: Sequence[str]) -> str:
    return " | ".join(f"({query})" for query in queries)


def _phrase(way: Way) -> str:
    return " <-> ".join(_each(way))


def _each(way: Way) -> Iterator[str]:
    last = len(way.phrase.tokens) - 1
    for at, token in enumerate(way.phrase.tokens):
        yield _quoted(token) + (":*" if way.phrase.open_end and at == last else "")


def _vector(tokens: Sequence[str]) -> str:
    return " ".join(f"{_quoted(token)}:{place}" for place, token in enumerate(tokens, 1))


def _quoted(token: str) -> str:
    """A token has nothing but letters and digits in it."""
    return f"'{token}'"
