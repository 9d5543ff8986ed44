"""The chapters that the statutes of a draft make, beside its cues: each can be declined, and wanted again."""

import asyncio
from typing import Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.web.json_body import read_json
from core.web.kit import kit_of
from transcripts.cues.draft import from_rows
from transcripts.cues.statutes import LONGEST_NAME
from transcripts.editing.declining import decline, want_again
from transcripts.editing.versions import draft_of
from transcripts.laws.links import law_link, short_name
from transcripts.laws.mentions import LONGEST_ARTICLE, declined_in, suggested_chapters
from transcripts.models import CueVersion
from transcripts.pages.editor_access import corrector_of, reader_of
from transcripts.pages.editor_json import Strict, answers_json, told


class ChapterIn(Strict):
    """wanted: false to decline it."""

    revision: int = Field(title="版本")
    law: str = Field(title="法律", min_length=1, max_length=LONGEST_NAME)
    article: str = Field(title="条", max_length=LONGEST_ARTICLE)
    wanted: bool = Field(title="要不要这处章节")


@answers_json
async def show(request: Request) -> Response:
    """Those that the draft suggests, as it is saved: what the public will get, and what was declined, marked so."""
    seat = await reader_of(request)
    draft = await draft_of(seat.transcript) if seat.transcript else None
    return told({"chapters": await _lines(request, draft)})


@answers_json
async def decide(request: Request) -> Response:
    seat = await corrector_of(request)
    kit = kit_of(request)
    sent = await read_json(request, ChapterIn)
    act = want_again if sent.wanted else decline
    decided = await act(
        seat.number,
        (sent.law, sent.article),
        revision=sent.revision,
        by=seat.by,
        now=kit.clock.now(),
        settings=kit.settings,
    )
    return told(
        {
            "revision": decided.revision,
            "version": decided.draft.number,
            "chapters": await _lines(request, decided.draft),
        }
    )


async def _lines(request: Request, draft: CueVersion | None) -> list[dict[str, Any]]:
    """Each with the cue it begins at. declined_by: "" for what the public will get."""
    if draft is None:
        return []
    cues = from_rows(draft.cues)
    found = await asyncio.to_thread(suggested_chapters, cues)
    declined = declined_in(draft)
    at = {each.cue.start_ms: each.id for each in cues}
    database = kit_of(request).settings.law_database_url
    return [
        {
            "cue": at[each.at_ms],
            "at_ms": each.at_ms,
            "title": each.title,
            "law": each.law,
            "article": each.article,
            "name": short_name(each.law),
            "url": law_link(each.law, database).url,
            "declined_by": declined[each.key]["by"] if each.key in declined else "",
        }
        for each in found
    ]


routes = [
    Route("/desk/subtitles/{number}/chapters", show, methods=["GET"]),
    Route("/desk/subtitles/{number}/chapters", decide, methods=["POST"]),
]
