"""A paper of figures as a file: made in a thread, and that it was taken away is an entry of the audit log."""

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from audience.exports import comma_separated, pdf, xlsx
from audience.exports.sheets import Paper
from core.audit import record
from core.database import transaction
from core.errors import NotFound
from core.fonts import find_typeface
from core.settings import Settings
from core.web.actors import actor_of
from core.web.downloads import download
from core.web.identity import Visitor
from core.web.kit import kit_of

FOR_MACHINES = "期次和收看单位"
"""The sheet that becomes the CSV, and that nobody prints."""


def _xlsx(paper: Paper, settings: Settings) -> bytes:
    return xlsx.paper_xlsx(paper)


def _csv(paper: Paper, settings: Settings) -> bytes:
    return comma_separated.sheet_csv(next(sheet for sheet in paper.sheets if sheet.name == FOR_MACHINES))


def _pdf(paper: Paper, settings: Settings) -> bytes:
    printed = [sheet.name for sheet in paper.sheets if sheet.name != FOR_MACHINES]
    return pdf.paper_pdf(paper, find_typeface(settings), printed)


WRITERS: dict[str, tuple[Callable[[Paper, Settings], bytes], str]] = {
    "xlsx": (_xlsx, xlsx.MEDIA_TYPE),
    "csv": (_csv, comma_separated.MEDIA_TYPE),
    "pdf": (_pdf, pdf.MEDIA_TYPE),
}


async def paper_file(request: Request, visitor: Visitor, paper: Paper, kind: str) -> Response:
    """kind: xlsx, csv or pdf. Raises NotFound for any other, FontMissing."""
    if kind not in WRITERS:
        raise NotFound("只能下载 xlsx、csv 和 pdf。")
    write, media_type = WRITERS[kind]
    kit = kit_of(request)
    body = await asyncio.to_thread(write, paper, kit.settings)
    async with transaction():
        await record(
            "audience.exported",
            by=actor_of(visitor),
            subject="audience",
            now=kit.clock.now(),
            after={"file": f"{paper.title}.{kind}", "definition": paper.definition_version},
        )
    return download(body, f"{paper.title}.{kind}", media_type)
