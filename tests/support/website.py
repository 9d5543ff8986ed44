"""The whole site over ASGI with the cast logged in, for page tests.

`website.page(person, path)` asks as that person; nobody's browser follows a redirect by itself.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from portal.app import create_app
from portal.board import AirDetails, BoardFromRows
from starlette.types import ASGIApp
from tortoise.context import TortoiseContext

from core.clock import ManualClock
from core.jobs import JobContext, make_context
from core.secrets import AppSecrets
from core.settings import Settings
from core.web.sessions import COOKIE
from schedules.models import Broadcast
from schedules.services import NewBroadcast, create_broadcast, move_air_state
from schedules.states import AirState
from tests.support.api_contract import check_api_answer
from tests.support.cast import UNIT_A, Cast, Person, make_cast

SECRETS = AppSecrets(b"a secret of the tests, long enough")


class TestBoard(BoardFromRows):
    """The rows, and what a test says of the signal."""

    __test__ = False

    def __init__(self, settings: Settings, clock: ManualClock) -> None:
        super().__init__(settings, clock)
        self.known: dict[str, AirDetails] = {}

    async def details(self, number: str) -> AirDetails | None:
        return self.known.get(number)


@dataclass
class Website:
    settings: Settings
    clock: ManualClock
    context: JobContext
    cast: Cast
    board: TestBoard
    app: ASGIApp
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _browsers: dict[str, httpx2.AsyncClient] = field(default_factory=dict)

    async def browser(self, person: Person) -> httpx2.AsyncClient:
        """The person's browser: one for the whole test, with its cookies."""
        if person.name not in self._browsers:
            cookies = {COOKIE: person.token} if person.token else {}
            transport = httpx2.ASGITransport(app=self.app, raise_app_exceptions=False)
            client = httpx2.AsyncClient(
                transport=transport,
                base_url=self.settings.public_url,
                cookies=cookies,
                event_hooks={"response": [check_api_answer]},
            )
            self._browsers[person.name] = await self._stack.enter_async_context(client)
        return self._browsers[person.name]

    async def page(self, person: Person, path: str, **options: Any) -> httpx2.Response:
        return await (await self.browser(person)).get(path, **options)

    async def submit(
        self, person: Person, path: str, fields: dict[str, str] | None = None, **options: Any
    ) -> httpx2.Response:
        """A form sent from one of our own pages."""
        headers = {"sec-fetch-site": "same-origin", **options.pop("headers", {})}
        return await (await self.browser(person)).post(path, data=fields or {}, headers=headers, **options)

    async def lecture(self, title: str = "欠薪怎么办", **plan: Any) -> Broadcast:
        new = NewBroadcast(title=title, unit_code=plan.pop("unit_code", UNIT_A), **plan)
        return await create_broadcast(new, now=self.clock.now())

    async def move(self, broadcast: Broadcast, *states: AirState) -> None:
        for state in states:
            await move_air_state(broadcast.id, state, now=self.clock.now(), events=self.context.events)


@pytest.fixture
async def website(
    sqlite_settings: Settings, sqlite_db: TortoiseContext, clock: ManualClock
) -> AsyncIterator[Website]:
    async with AsyncExitStack() as stack:
        context = make_context(sqlite_settings, clock)
        stack.push_async_callback(context.queue.aclose)
        board = TestBoard(sqlite_settings, clock)
        app = create_app(sqlite_settings, SECRETS, context, board)
        cast = await make_cast(sqlite_settings, clock)
        yield Website(sqlite_settings, clock, context, cast, board, app, stack)
