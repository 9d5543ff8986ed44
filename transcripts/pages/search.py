"""站内搜索: for everybody, without a login."""

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.errors import NotFound
from core.web.kit import kit_of
from core.web.pages import render
from transcripts.search.documents import sources
from transcripts.search.searching import Results, search


@dataclass(frozen=True, slots=True)
class Filter:
    label: str
    path: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SearchPage:
    """results: None before anything was asked. phone: where a person answers, empty if none is set."""

    q: str
    results: Results | None
    filters: list[Filter]
    before: str
    after: str
    last_page: int
    most_characters: int
    phone: str


async def search_page(request: Request) -> Response:
    settings = kit_of(request).settings
    q = request.query_params.get("q", "").strip()
    asked = request.query_params.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    if not 1 <= page <= settings.search_most_pages:
        raise NotFound
    kind = request.query_params.get("kind") or None
    if kind is not None and kind not in sources():
        kind = None
    results = await search(q, settings, page=page, kind=kind) if q else None
    last_page = min(results.pages, settings.search_most_pages) if results else 1
    if page > last_page:
        raise NotFound
    kept = q[: settings.search_query_characters]
    view = SearchPage(
        q=kept,
        results=results,
        filters=_filters(kept, kind),
        before=_path(kept, kind, page - 1) if page > 1 else "",
        after=_path(kept, kind, page + 1) if page < last_page else "",
        last_page=last_page,
        most_characters=settings.search_query_characters,
        phone=settings.site_phone,
    )
    return await render(request, "transcripts/search.html", view)


def _filters(q: str, kind: str | None) -> list[Filter]:
    """None while there is only one kind."""
    known = sources()
    if len(known) < 2:
        return []
    kinds = [(None, "全部"), *((each.kind, each.label) for each in known.values())]
    return [Filter(label, _path(q, value, 1), value == kind) for value, label in kinds]


def _path(q: str, kind: str | None, page: int) -> str:
    given = {"q": q, "kind": kind or "", "page": str(page) if page > 1 else ""}
    return "/search?" + urlencode({name: value for name, value in given.items() if value})


routes = [Route("/search", search_page)]
