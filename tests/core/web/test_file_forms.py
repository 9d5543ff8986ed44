from collections.abc import AsyncIterator

import httpx2
import pytest
from pydantic import BaseModel, Field
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.web.body import BodyLimit
from core.web.file_forms import TEXTS_BYTES, file_form


class Paper(BaseModel):
    title: str = Field(title="标题")


async def take(request: Request) -> Response:
    async with file_form(request, Paper, most_files=2, most_bytes=1000, seconds=5) as (form, files):
        told = [
            [each.field, each.name, each.size, b"".join([piece async for piece in each.pieces()]).decode()]
            for each in files
        ]
        return JSONResponse({"title": form.value("title"), "errors": form.errors, "files": told})


@pytest.fixture
async def browser() -> AsyncIterator[httpx2.AsyncClient]:
    app = Starlette(
        routes=[Route("/", take, methods=["POST"])],
        middleware=[Middleware(BodyLimit, most_bytes=100, seconds=0.2)],
    )
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://a") as client:
        yield client


async def test_texts_and_files_arrive_beside_each_other(browser: httpx2.AsyncClient) -> None:
    files = [("slides", ("课件.pdf", b"a" * 300)), ("script", ("讲稿.docx", b"b"))]
    answer = (await browser.post("/", data={"title": "欠薪"}, files=files)).json()
    assert answer["title"] == "欠薪"
    assert answer["errors"] == {}
    assert answer["files"] == [["slides", "课件.pdf", 300, "a" * 300], ["script", "讲稿.docx", 1, "b"]]


async def test_a_field_where_no_file_was_chosen_gives_none(browser: httpx2.AsyncClient) -> None:
    boundary = "x"
    body = (
        f"--{boundary}\r\n"
        'Content-Disposition: form-data; name="slides"; filename=""\r\n'
        "Content-Type: application/octet-stream\r\n\r\n\r\n"
        f"--{boundary}--\r\n"
    )
    headers = {"content-type": f"multipart/form-data; boundary={boundary}"}
    answer = (await browser.post("/", content=body.encode(), headers=headers)).json()
    assert answer["files"] == []
    assert answer["errors"] == {"title": "请填写标题。"}


async def test_too_much_and_too_many_are_refused(browser: httpx2.AsyncClient) -> None:
    large = [("slides", ("a.pdf", b"a" * (1001 + TEXTS_BYTES)))]
    assert (await browser.post("/", data={"title": "t"}, files=large)).status_code == 413
    many = [("slides", (f"{index}.pdf", b"a")) for index in range(3)]
    assert (await browser.post("/", data={"title": "t"}, files=many)).status_code == 400
