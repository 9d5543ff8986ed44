"""A draft as a file for those who correct it: each says whether people have read it yet.

What is held stays out: nobody has said yet whether it was spoken at all.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.errors import NotFound
from core.web.downloads import download
from core.web.kit import kit_of
from transcripts.cues.cue import Cue
from transcripts.cues.docx_export import MEDIA_TYPE as DOCX
from transcripts.cues.docx_export import write_docx
from transcripts.cues.formats import write_srt, write_txt
from transcripts.cues.marks import mark_of
from transcripts.cues.vtt import write_vtt
from transcripts.editing.queries import Stage, stage_of
from transcripts.editing.versions import cues_of
from transcripts.models import Transcript
from transcripts.pages.editor_access import reader_of


@dataclass(frozen=True, slots=True)
class Export:
    title: str
    mark: str
    cues: Sequence[Cue]
    now: datetime


@dataclass(frozen=True, slots=True)
class Form:
    media_type: str
    write: Callable[[Export], bytes]


FORMS: Mapping[str, Form] = {
    "srt": Form("application/x-subrip; charset=utf-8", lambda of: write_srt(of.cues, note=of.mark).encode()),
    "vtt": Form("text/vtt; charset=utf-8", lambda of: write_vtt(of.cues, note=of.mark).encode()),
    "txt": Form(
        "text/plain; charset=utf-8",
        lambda of: write_txt(of.cues, note=of.mark, with_times=True).encode("utf-8-sig"),
    ),
    "docx": Form(DOCX, lambda of: write_docx(of.cues, title=of.title, note=of.mark, now=of.now)),
}
LABELS: Mapping[str, str] = {"srt": "SRT 字幕", "vtt": "VTT 字幕", "txt": "带时间的文字", "docx": "Word 文档"}


def is_checked(transcript: Transcript) -> bool:
    """校对完成 says that people have read the draft; what is changed afterwards is unread again."""
    is_published = transcript.draft_version == transcript.published_version
    return is_published or stage_of(transcript) is Stage.HANDED_OVER


async def export(request: Request) -> Response:
    seat = await reader_of(request)
    form = FORMS.get(request.path_params["form"])
    if form is None:
        raise NotFound("字幕可以下载成 SRT、VTT、TXT 或 Word 文件。")
    if seat.transcript is None or not seat.transcript.draft_version:
        raise NotFound(f"{seat.number} 还没有字幕。")
    cues = await cues_of(seat.transcript, seat.transcript.draft_version)
    title, mark = seat.broadcast.title, mark_of(cues, is_checked=is_checked(seat.transcript))
    made = Export(title, mark, [each.cue for each in cues if not each.held], kit_of(request).clock.now())
    name = f"{seat.number} {title} 字幕（{mark.rpartition('，')[2]}）.{request.path_params['form']}"
    return download(await asyncio.to_thread(form.write, made), name, form.media_type)


routes = [Route("/desk/subtitles/{number}/export.{form}", export, methods=["GET"])]
