"""Searching: from what a person typed to a page of results. Every bound is given by the settings."""

import re
from dataclasses import dataclass

from core.settings import Settings
from transcripts.models import GlossaryTerm, SearchDocument
from transcripts.search.asking import Question, read_question
from transcripts.search.documents import Passage, sources
from transcripts.search.index import index_of
from transcripts.search.normal import normalise_query
from transcripts.search.snippets import Piece, Snippet, beginning, mark, pattern_of, snippets
from transcripts.search.suggestions import near_terms
from transcripts.search.synonyms import synonyms


@dataclass(frozen=True, slots=True)
class Result:
    """A document with the places that were found in it. more: places that are not shown."""

    kind: str
    label: str
    number: str
    title: str
    path: str
    marked_title: tuple[Piece, ...]
    places: tuple[Snippet, ...]
    more: int
    opening: str
    """What it begins with, where only its title was found."""

    @property
    def seconds(self) -> int | None:
        """The first place that has a time."""
        return next((each.seconds for each in self.places if each.seconds is not None), None)

    @property
    def snippet(self) -> str:
        timed = [each for each in self.places if each.seconds is not None]
        return (timed or list(self.places))[0].text if self.places else self.opening


@dataclass(frozen=True, slots=True)
class Results:
    """question is empty when nothing was typed that can be looked for. suggestions: only when nothing is found.

    is_more: there are more than total, which is as far as one can leaf.
    """

    question: Question
    found: tuple[Result, ...]
    total: int
    page: int
    pages: int
    is_more: bool = False
    suggestions: tuple[str, ...] = ()


def question_of(typed: str, settings: Settings) -> Question:
    return read_question(
        typed,
        synonyms(settings.search_synonyms_path),
        most_characters=settings.search_query_characters,
        most_words=settings.search_query_words,
    )


async def search(
    typed: str, settings: Settings, *, page: int = 1, kind: str | None = None, suggest: bool = True
) -> Results:
    """page counts from 1; behind the last there is nothing. kind: of this one only, of none if it is not known."""
    question = question_of(typed, settings)
    size = settings.search_page_rows
    kinds = [each for each in sources() if kind in (None, each)]
    if not question.words or not kinds or page > settings.search_most_pages:
        return Results(question, (), 0, 1, 1)
    most = size * settings.search_most_pages
    ids = await index_of(SearchDocument._meta.db).find(question, kinds, most=most + 1)
    total = min(len(ids), most)
    found = await _results(ids[:total][(page - 1) * size : page * size], question, settings)
    suggestions: tuple[str, ...] = ()
    if suggest and page == 1 and not found:
        suggestions = await _suggestions(typed, settings)
    pages = max(1, -(-total // size))
    return Results(question, found, total, page, pages, len(ids) > total, suggestions)


async def _results(ids: list[int], question: Question, settings: Settings) -> tuple[Result, ...]:
    if not ids:
        return ()
    rows = {row.id: row for row in await SearchDocument.filter(id__in=ids)}
    shown = {
        kind: await source.shown([row.number for row in rows.values() if row.kind == kind])
        for kind, source in sources().items()
        if any(row.kind == kind for row in rows.values())
    }
    pattern = pattern_of(question)
    results = []
    for each in ids:
        row = rows.get(each)
        if row is None or row.number not in shown[row.kind]:
            continue
        with_text = shown[row.kind][row.number]
        result = _result(row, pattern, settings, with_text=with_text)
        if with_text or _is_found(result):
            results.append(result)
    return tuple(results)


def _result(row: SearchDocument, pattern: re.Pattern[str], settings: Settings, *, with_text: bool) -> Result:
    headings = [Passage(text, seconds) for seconds, text in row.headings if with_text or seconds is None]
    passages = [Passage(text, seconds) for seconds, text in row.passages] if with_text else []
    characters = settings.search_snippet_characters
    most = settings.search_snippets
    in_headings, heading_hits = snippets(headings, pattern, most=most, characters=characters)
    in_text, hits = snippets(passages, pattern, most=most, characters=characters)
    places = (in_headings + in_text)[:most]
    return Result(
        kind=row.kind,
        label=sources()[row.kind].label,
        number=row.number,
        title=row.title,
        path=row.path,
        marked_title=mark(row.title, pattern),
        places=tuple(places),
        more=max(0, heading_hits + hits - len(places)),
        opening=beginning(passages, characters),
    )


def _is_found(result: Result) -> bool:
    return bool(result.places) or any(piece.is_hit for piece in result.marked_title)


async def _suggestions(typed: str, settings: Settings) -> tuple[str, ...]:
    """Only what something is found for."""
    normal = normalise_query(typed[: settings.search_query_characters])
    terms = await GlossaryTerm.all().values_list("text", flat=True)
    titles = (
        await SearchDocument.all()
        .order_by("-said_at")
        .limit(settings.search_suggestion_titles)
        .values_list("title", flat=True)
    )
    most = settings.search_suggestions
    near = near_terms(normal, [*map(str, terms), *map(str, titles)], most=2 * most)
    index = index_of(SearchDocument._meta.db)
    fruitful = []
    for term in near:
        question = question_of(term, settings)
        if question.words and await index.find(question, list(sources()), most=1):
            fruitful.append(term)
        if len(fruitful) == most:
            break
    return tuple(fruitful)
