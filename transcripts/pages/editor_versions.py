"""The versions of a lecture's subtitles: who, when, how; what is different between two; going back to one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.errors import Invalid, NotFound
from core.web.forms import read_form
from core.web.json_body import read_query
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from schedules.pages.turns import Turn, turn_of
from transcripts.editing.history import Comparison, VersionLine, compare, restore, versions_of
from transcripts.models import Transcript, VersionKind
from transcripts.models.version import VERSION_LABELS
from transcripts.pages.editor_access import corrector_of, reader_of

MOST_SHOWN = 400
"""Differences on one page; with more the versions have hardly anything in common."""


class PairQuery(BaseModel):
    before: int = Field(0, title="较早的版本", ge=0, le=10**9)
    after: int = Field(0, title="较晚的版本", ge=0, le=10**9)


class RestoreForm(BaseModel):
    version: int = Field(title="版本", ge=1, le=10**9)
    revision: int = Field(title="修订号", ge=0)


@dataclass(frozen=True, slots=True)
class VersionsPage:
    """pair: the two versions that are compared, found: what is different; None without. left_out: passages."""

    turn: Turn
    transcript: Transcript
    versions: list[VersionLine]
    labels: Mapping[VersionKind, str]
    pair: tuple[int, int] | None
    found: Comparison | None
    left_out: int
    may_correct: bool


async def show(request: Request) -> Response:
    seat = await reader_of(request)
    if seat.transcript is None:
        raise NotFound(f"{seat.number} 还没有字幕。")
    query = read_query(request, PairQuery)
    versions = await versions_of(seat.transcript)
    pair = (query.before, query.after) if query.before and query.after else None
    found = await compare(seat.transcript, *pair) if pair else None
    page = VersionsPage(
        turn=turn_of(seat.broadcast, kit_of(request).clock.now()),
        transcript=seat.transcript,
        versions=versions,
        labels=VERSION_LABELS,
        pair=pair,
        found=found and replace(found, passages=found.passages[:MOST_SHOWN]),
        left_out=max(0, len(found.passages) - MOST_SHOWN) if found else 0,
        may_correct=seat.may_correct,
    )
    return await render(request, "transcripts/editor_versions.html", page)


async def go_back(request: Request) -> Response:
    seat = await corrector_of(request)
    form = await read_form(request, RestoreForm)
    if form.data is None:
        raise Invalid(form.errors)
    made = await restore(
        seat.number,
        form.data.version,
        revision=form.data.revision,
        by=seat.by,
        now=kit_of(request).clock.now(),
        settings=kit_of(request).settings,
    )
    response = redirect(request, f"/desk/subtitles/{seat.number}/versions")
    words = f"版本 {form.data.version} 已恢复为新的草稿（版本 {made.number}），原来的都还在。"
    say(request, response, "done", words)
    return response


routes = [
    Route("/desk/subtitles/{number}/versions", show, methods=["GET"]),
    Route("/desk/subtitles/{number}/versions/restore", go_back, methods=["POST"]),
]
