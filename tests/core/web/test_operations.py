import asyncio

import httpx2
import pytest
from starlette.applications import Starlette

from core.web import operations
from core.web.operations import health_route


async def well() -> None:
    await asyncio.sleep(0)


async def ill() -> None:
    raise ConnectionError


async def hanging() -> None:
    await asyncio.sleep(3600)


async def test_a_part_that_fails_or_hangs_makes_the_whole_unavailable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(operations, "CHECK_SECONDS", 0.05)
    app = Starlette(routes=[health_route({"well": well, "ill": ill, "hanging": hanging})])
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as browser:
        response = await browser.get("/healthz")
    assert response.status_code == 503
    assert response.json()["checks"] == {"well": True, "ill": False, "hanging": False}
