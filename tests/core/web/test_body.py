import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from core.web.body import BodyLimit, widen_body


async def length(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


@pytest.fixture
async def browser() -> AsyncIterator[httpx2.AsyncClient]:
    app = Starlette(
        routes=[Route("/", length, methods=["POST"])],
        middleware=[Middleware(BodyLimit, most_bytes=100, seconds=0.2)],
    )
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://a") as client:
        yield client


async def pieces(count: int, seconds: float = 0) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * 30
        await asyncio.sleep(seconds)


async def test_what_is_within_the_limit_arrives_whole(browser: httpx2.AsyncClient) -> None:
    assert (await browser.post("/", content=b"x" * 100)).text == "100"
    assert (await browser.post("/", content=pieces(3))).text == "90"


async def test_too_much_is_refused_whether_it_is_announced_or_not(browser: httpx2.AsyncClient) -> None:
    assert (await browser.post("/", content=b"x" * 101)).status_code == 413
    assert (await browser.post("/", content=pieces(4))).status_code == 413


async def test_what_does_not_come_in_time_is_not_waited_for(browser: httpx2.AsyncClient) -> None:
    assert (await browser.post("/", content=pieces(3, 0.15))).status_code == 408


async def test_a_page_may_let_its_own_request_carry_more_and_last_longer() -> None:
    async def wide(request: Request) -> Response:
        widen_body(request, most_bytes=150, seconds=5)
        return await length(request)

    app = Starlette(
        routes=[Route("/", length, methods=["POST"]), Route("/wide", wide, methods=["POST"])],
        middleware=[Middleware(BodyLimit, most_bytes=100, seconds=0.2)],
    )
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://a") as client:
        assert (await client.post("/wide", content=b"x" * 150)).text == "150"
        assert (await client.post("/wide", content=pieces(3, 0.15))).text == "90"
        assert (await client.post("/wide", content=b"x" * 151)).status_code == 413
        assert (await client.post("/", content=b"x" * 150)).status_code == 413
