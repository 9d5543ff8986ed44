"""The desk, by its pages: log in as somebody made for this, and end a lecture, as the button does."""

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2

from bench.process import StartError
from bench.server import Lecture, Weiketang


class Desk:
    """A logged-in browser session."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    async def post(self, path: str, form: dict[str, str]) -> None:
        """Send a form. Raises StartError unless the answer is a redirect, which is how a page says it was done."""
        answer = await self._client.post(path, data=form)
        if answer.status_code not in (302, 303):
            raise StartError(f"POST {path} answered {answer.status_code}")

    @property
    def cookie(self) -> str:
        """What the browser sends to stay logged in."""
        return "; ".join(f"{name}={value}" for name, value in self._client.cookies.items())

    async def end(self, lecture: Lecture) -> None:
        await self.post(f"/desk/broadcasts/{lecture.number}/end", {})


@asynccontextmanager
async def desk(server: Weiketang, role: str = "duty", *, unit: str | None = None) -> AsyncIterator[Desk]:
    """Log in as a new person with that role. unit: of a liaison."""
    username = f"bench.{role}"
    of_unit = ["--unit", unit] if unit else []
    made = json.loads(await server.command("user", "create", username, "--role", role, *of_unit, "--json"))
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{server.http_port}", timeout=30.0) as client:
        session = Desk(client)
        await session.post("/login", {"username": username, "password": made["password"]})
        # A password that was handed over opens nothing but the page that replaces it.
        own = f"Bench-{secrets.token_urlsafe(12)}-7"
        form = {"current": made["password"], "new": own, "again": own}
        await session.post("/account/password", form)
        yield session
