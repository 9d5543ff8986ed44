import gzip
from collections.abc import AsyncIterator

import httpx2
import pytest

from core.web.assets import Assets

STYLE = b"body { color: #1c2430 } " * 100
FILES = {"css/a.css": STYLE, "img/mark.svg": b"<svg/>", "player/x.js": b"export {};"}


@pytest.fixture
async def browser() -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=Assets(FILES))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


def test_the_address_changes_with_any_file() -> None:
    before, after = Assets(FILES), Assets(FILES | {"player/x.js": b"export { };"})
    assert before.path("css/a.css") != after.path("css/a.css")
    assert Assets(dict(FILES)).path("css/a.css") == before.path("css/a.css")


def test_a_file_that_is_not_there_is_an_error_with_the_remedy() -> None:
    with pytest.raises(KeyError, match="run scripts/setup"):
        Assets(FILES).path("vendor/missing.js")


async def test_a_versioned_file_is_kept_for_ever(browser: httpx2.AsyncClient) -> None:
    response = await browser.get("/" + Assets(FILES).path("css/a.css"))
    assert response.content == STYLE
    assert response.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in response.headers["cache-control"]


async def test_an_outdated_address_gets_the_present_file_uncached(browser: httpx2.AsyncClient) -> None:
    response = await browser.get("/000000000000/css/a.css")
    assert response.content == STYLE
    assert response.headers["cache-control"] == "no-cache"


async def test_text_is_compressed_for_those_who_take_it(browser: httpx2.AsyncClient) -> None:
    address = "/" + Assets(FILES).path("css/a.css")
    async with browser.stream("GET", address, headers={"accept-encoding": "gzip"}) as response:
        raw = b"".join([piece async for piece in response.aiter_raw()])
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["vary"] == "accept-encoding"
    assert gzip.decompress(raw) == STYLE
    plain = await browser.get(address, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers


async def test_head_has_the_length_and_no_body(browser: httpx2.AsyncClient) -> None:
    address = "/" + Assets(FILES).path("css/a.css")
    response = await browser.head(address, headers={"accept-encoding": "identity"})
    assert response.headers["content-length"] == str(len(STYLE))
    assert response.content == b""


async def test_other_methods_and_unknown_files_are_refused(browser: httpx2.AsyncClient) -> None:
    version = Assets(FILES).version
    assert (await browser.post(f"/{version}/css/a.css")).status_code == 405
    for name in ("css/b.css", "../secret", "%2e%2e/secret", ""):
        assert (await browser.get(f"/{version}/{name}")).status_code == 404, name
