"""Reading a form with one file in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.requests import Request

from core.web.forms import MAX_FIELDS


@dataclass(frozen=True, slots=True)
class Upload:
    """name: as the browser says, not to be trusted. data: empty when no file was chosen."""

    name: str
    data: bytes


async def read_upload(request: Request, field: str, *, most_bytes: int) -> tuple[Upload, Mapping[str, str]]:
    """The file and the other fields as typed. One byte more than most_bytes is read, so that it shows."""
    async with request.form(max_fields=MAX_FIELDS, max_files=1) as submitted:
        values = {name: value for name, value in submitted.items() if isinstance(value, str)}
        file = submitted.get(field)
        if not isinstance(file, UploadFile):
            return Upload("", b""), values
        return Upload(file.filename or "", await file.read(most_bytes + 1)), values
