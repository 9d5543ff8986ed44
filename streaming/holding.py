"""Holding a request until something it waits for is there, its time is over, or its client has left."""

import asyncio
from collections.abc import Callable
from enum import Enum

from starlette.types import Receive

from streaming.waking import Changes


class Held(Enum):
    DUE = "due"
    TIME_IS_UP = "time is up"
    CLIENT_LEFT = "client left"


async def hold(changes: Changes, is_due: Callable[[], bool], receive: Receive, seconds: float) -> Held:
    """Look at `is_due` after every change, for so many seconds at most."""
    if is_due():
        return Held.DUE
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    client = loop.create_task(_until_the_client_leaves(receive))
    try:
        while True:
            change = changes.next()
            timer = loop.call_at(deadline, _resolve, change)

            def client_left(_: "asyncio.Task[None]", change: "asyncio.Future[None]" = change) -> None:
                _resolve(change)

            client.add_done_callback(client_left)
            try:
                await change
            finally:
                timer.cancel()
                client.remove_done_callback(client_left)
                changes.forget(change)
            if client.done():
                return Held.CLIENT_LEFT
            if is_due():
                return Held.DUE
            if loop.time() >= deadline:
                return Held.TIME_IS_UP
    finally:
        client.cancel()


def _resolve(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)


async def _until_the_client_leaves(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
