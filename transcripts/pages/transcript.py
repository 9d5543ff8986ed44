"""Published subtitles as files: for the player, and for whoever keeps or prints them."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.errors import NotFound
from core.web.downloads import download
from core.web.kit import kit_of
from core.web.text import zh_date
from transcripts.cues.cue import Cue
from transcripts.cues.docx_export import MEDIA_TYPE as DOCX
from transcripts.cues.docx_export import write_docx
from transcripts.cues.formats import write_srt, write_txt
from transcripts.cues.marks import mark_of
from transcripts.cues.vtt import write_vtt
from transcripts.laws.links import VALIDITY
from transcripts.published import Published, published_by_number


@dataclass(frozen=True, slots=True)
class Form:
    media_type: str
    write: Callable[[Published], bytes]


def _cues(published: Published) -> Sequence[Cue]:
    return [each.cue for each in published.cues]


def _mark(published: Published) -> str:
    return mark_of(published.cues, is_checked=True)


def _docx(published: Published) -> bytes:
    broadcast = published.broadcast
    about = [broadcast.unit_name or broadcast.unit.name, broadcast.lecturer_name, broadcast.lecturer_post]
    if broadcast.first_live_at:
        about.append(zh_date(broadcast.first_live_at))
    note = "\n".join((" ".join(filter(None, about)), f"{_mark(published)}；所引法律{VALIDITY}"))
    return write_docx(_cues(published), title=broadcast.title, note=note, now=published.published_at)


FORMS = {
    "vtt": Form("text/vtt; charset=utf-8", lambda of: write_vtt(_cues(of), note=_mark(of)).encode()),
    "srt": Form(
        "application/x-subrip; charset=utf-8", lambda of: write_srt(_cues(of), note=_mark(of)).encode()
    ),
    "txt": Form(
        "text/plain; charset=utf-8", lambda of: write_txt(_cues(of), note=_mark(of)).encode("utf-8-sig")
    ),
    "docx": Form(DOCX, _docx),
}


async def subtitles(request: Request) -> Response:
    """Short-lived in caches: a correction, or the withdrawal of a replay, is seen within a minute."""
    form = FORMS.get(request.path_params["form"])
    if form is None:
        raise NotFound
    published = await published_by_number(request.path_params["number"])
    broadcast = published.broadcast
    mark = f"{broadcast.id}:{published.version}:{request.path_params['form']}:{broadcast.title}"
    etag = f'"{hashlib.sha256(mark.encode()).hexdigest()[:24]}"'
    headers = {
        "etag": etag,
        "cache-control": f"public, max-age={kit_of(request).settings.transcript_cache_seconds}",
    }
    if etag in [
        each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")
    ]:
        return Response(status_code=304, headers=headers)
    body = await asyncio.to_thread(form.write, published)
    if request.path_params["form"] == "vtt":  # the player reads it
        return Response(body, media_type=form.media_type, headers=headers)
    name = f"{broadcast.number} {broadcast.title} 文字稿.{request.path_params['form']}"
    response = download(body, name, form.media_type)
    response.headers.update(headers)
    return response


routes = [Route("/l/{number}/subtitles.{form}", subtitles)]
