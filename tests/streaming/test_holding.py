import asyncio

from starlette.types import Message

from streaming.holding import Held, hold
from streaming.waking import Changes, Waker
from tests.support.until import until


class Client:
    """Stays until `leave`."""

    def __init__(self) -> None:
        self._left = asyncio.Event()
        self._asked = 0

    def leave(self) -> None:
        self._left.set()

    async def receive(self) -> Message:
        self._asked += 1
        if self._asked == 1:
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}


async def test_what_is_there_already_is_not_waited_for() -> None:
    assert await hold(Changes(Waker()), lambda: True, Client().receive, 60) is Held.DUE


async def test_it_ends_with_the_change_that_brings_what_is_waited_for() -> None:
    changes, level = Changes(Waker()), [0]
    holding = asyncio.create_task(hold(changes, lambda: level[0] >= 2, Client().receive, 60))
    for _ in range(2):
        await until(lambda: len(changes) == 1)
        assert not holding.done()
        level[0] += 1
        changes.announce()
    assert await holding is Held.DUE
    assert len(changes) == 0


async def test_it_ends_when_its_time_is_up() -> None:
    changes = Changes(Waker())
    assert await hold(changes, lambda: False, Client().receive, 0.01) is Held.TIME_IS_UP
    assert len(changes) == 0


async def test_it_ends_when_the_client_leaves() -> None:
    changes, client = Changes(Waker()), Client()
    holding = asyncio.create_task(hold(changes, lambda: False, client.receive, 60))
    await until(lambda: len(changes) == 1)
    client.leave()
    assert await holding is Held.CLIENT_LEFT
    assert len(changes) == 0


async def test_nothing_stays_behind_when_it_is_cancelled() -> None:
    changes = Changes(Waker())
    holding = asyncio.create_task(hold(changes, lambda: False, Client().receive, 60))
    await until(lambda: len(changes) == 1)
    holding.cancel()
    await asyncio.wait([holding])
    await asyncio.sleep(0)
    assert holding.cancelled()
    assert len(changes) == 0
    assert len(asyncio.all_tasks()) == 1
