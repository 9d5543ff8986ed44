"""Forms that carry several files beside their texts, each kept aside until it is looked at."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.requests import Request

from core.web.body import widen_body
from core.web.forms import MAX_FIELDS, Form, FormModel, check_form

PIECE = 1024 * 1024
TEXTS_BYTES = 256 * 1024
"""Room for the fields that are no files, and for the boundaries between them."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file in a form, lying in a temporary file until the form is done with. name: as the browser says, not to be
    trusted. size: in bytes.
    """

    field: str
    name: str
    size: int
    _file: UploadFile

    async def pieces(self) -> AsyncIterator[bytes]:
        """Its bytes from the beginning, a mebibyte at a time."""
        await self._file.seek(0)
        while piece := await self._file.read(PIECE):
            yield piece


@asynccontextmanager
async def file_form(
    request: Request, model: type[FormModel], *, most_files: int, most_bytes: int, seconds: float
) -> AsyncIterator[tuple[Form[FormModel], list[SentFile]]]:
    """Read a form of enctype multipart/form-data. most_bytes: of all its files together.

    Call it after the guards: it lets this request carry more and last longer than others. A field where no file
    was chosen gives none. Beyond the bounds the answer is 413, 408 or, for too many files, 400.
    """
    widen_body(request, most_bytes=most_bytes + TEXTS_BYTES, seconds=seconds)
    async with request.form(max_fields=MAX_FIELDS, max_files=most_files) as submitted:
        texts = {name: value for name, value in submitted.items() if isinstance(value, str)}
        files = [
            SentFile(field, value.filename or "", value.size or 0, value)
            for field, value in submitted.multi_items()
            if isinstance(value, UploadFile) and value.filename
        ]
        yield check_form(texts, model), files
