"""`/api/v1/search`: what anybody may find."""

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.web.json_body import read_query
from core.web.kit import kit_of
from transcripts.search.searching import search

NO_STORE = {"cache-control": "no-store"}


class SearchQuery(BaseModel):
    q: str = Field("", title="搜索词 q")
    page: int = Field(1, title="页码 page", ge=1, le=1000)
    kind: str | None = Field(None, title="种类 kind", pattern=r"^[a-z]{1,16}$")


async def search_everything(request: Request) -> Response:
    """One page, the best first; one entry a lecture or article, with its first place."""
    asked = read_query(request, SearchQuery)
    settings = kit_of(request).settings
    results = await search(asked.q, settings, page=asked.page, kind=asked.kind, suggest=False)
    body = [
        {
            "kind": each.kind,
            "number": each.number,
            "title": each.title,
            "seconds": each.seconds,
            "snippet": each.snippet,
        }
        for each in results.found
    ]
    return JSONResponse(body, headers=NO_STORE)


routes = [Route("/api/v1/search", search_everything)]
