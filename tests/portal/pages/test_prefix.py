"""The site below a path of somebody else's host, over https."""

import re
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import httpx2
import pytest
from portal.app import create_app
from portal.board import BoardFromRows

from core.clock import ManualClock
from core.database import database
from core.jobs import make_context
from core.settings import load_settings
from core.web.sessions import COOKIE
from tests.support.cast import PASSWORD, make_cast
from tests.support.website import SECRETS

PUBLIC = "https://fz.example.gov.cn/fzwkt"


@pytest.fixture
async def browser(tmp_path: Path, clock: ManualClock) -> AsyncIterator[httpx2.AsyncClient]:
    settings = load_settings(data_dir=tmp_path, public_url=PUBLIC)
    context = make_context(settings, clock)
    async with aclosing(context.queue), database(settings):
        await make_cast(settings, clock)
        app = create_app(settings, SECRETS, context, BoardFromRows(settings, context.clock))
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="https://fz.example.gov.cn") as client:
            yield client


async def test_the_page_is_found_with_the_prefix_and_after_a_proxy_took_it_off(
    browser: httpx2.AsyncClient,
) -> None:
    for path in ("/fzwkt/", "/fzwkt", "/"):
        assert (await browser.get(path)).status_code == 200, path


async def test_every_address_in_a_page_carries_the_prefix(browser: httpx2.AsyncClient) -> None:
    text = (await browser.get("/fzwkt/")).text
    addresses = re.findall(r'(?:href|src|action)="(/[^"]*)"', text)
    assert addresses
    assert all(address.startswith("/fzwkt/") for address in addresses)
    for address in addresses:
        if "/static/" in address:
            assert (await browser.get(address)).status_code == 200, address


async def test_redirects_and_cookies_stay_below_the_prefix(browser: httpx2.AsyncClient) -> None:
    response = await browser.get("/fzwkt/desk/broadcasts")
    assert response.headers["location"].startswith("/fzwkt/login?next=")
    fields = {"username": "administrator", "password": PASSWORD}
    response = await browser.post("/fzwkt/login", data=fields, headers={"sec-fetch-site": "same-origin"})
    assert response.headers["location"] == "/fzwkt/desk"
    cookie = response.headers["set-cookie"]
    assert cookie.startswith(COOKIE)
    assert "Path=/fzwkt" in cookie
    assert "Secure" in cookie
    assert response.headers["strict-transport-security"].startswith("max-age=")
