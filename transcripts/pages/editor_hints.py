"""What the editor offers beside a cue: terms of the glossary by their sound, the approved script's wording."""

import asyncio
from collections.abc import Sequence
from typing import Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.errors import Invalid
from core.web.json_body import read_json
from core.web.kit import kit_of
from schedules.pages.safe import store_of
from transcripts.cues.draft import DraftCue
from transcripts.editing.scripts import read_script, scripts_of
from transcripts.editing.versions import cues_of
from transcripts.glossary.services import terms_by_frequency
from transcripts.glossary.suggestions import suggest
from transcripts.pages.editor_access import corrector_of, reader_of
from transcripts.pages.editor_json import Strict, answers_json, told
from transcripts.script.alignment import ALIKE_ENOUGH, align


class HintsIn(Strict):
    lines: list[str] = Field(max_length=6)


@answers_json
async def hints(request: Request) -> Response:
    """Each: what would be wrong, what right, and the cue's whole text with it put right."""
    await corrector_of(request)
    sent = await read_json(request, HintsIn)
    lines = [line[:200] for line in sent.lines]
    terms = [term.text for term in await terms_by_frequency()]
    return told({"suggestions": await asyncio.to_thread(_suggestions, lines, terms)})


@answers_json
async def script(request: Request) -> Response:
    """The script's passage for each cue of the draft, by the cue's id; none where the two have little in common."""
    seat = await reader_of(request)
    if seat.transcript is None:
        return told({"passages": {}})
    text = ""
    for material in await scripts_of(seat.broadcast):
        try:
            text = await read_script(material, store_of(request), kit_of(request).settings)
        except Invalid:
            continue  # a scan, or a file whose text cannot be had: the next one, or none
        break
    if not text.strip():
        return told({"passages": {}})
    cues = await cues_of(seat.transcript, seat.transcript.draft_version)
    return told({"passages": await asyncio.to_thread(_passages, text, cues)})


def _suggestions(lines: Sequence[str], terms: Sequence[str]) -> list[dict[str, str]]:
    found = []
    for index, line in enumerate(lines):
        for each in suggest(line, terms):
            better = line[: each.start] + each.term + line[each.end :]
            found.append(
                {
                    "text": "\n".join([*lines[:index], better, *lines[index + 1 :]]),
                    "wrong": line[each.start : each.end],
                    "right": each.term,
                    "why": f"{line[each.start : each.end]} → {each.term}（{each.reason}）",
                }
            )
    return found


def _passages(text: str, cues: Sequence[DraftCue]) -> dict[str, Any]:
    passages = align(text, [each.cue.text for each in cues])
    return {
        cue.id: {"text": passage.text, "alike": round(passage.alike, 2)}
        for cue, passage in zip(cues, passages, strict=True)
        if passage.text and passage.alike >= ALIKE_ENOUGH
    }


routes = [
    Route("/desk/subtitles/{number}/hints", hints, methods=["POST"]),
    Route("/desk/subtitles/{number}/script", script, methods=["GET"]),
]
