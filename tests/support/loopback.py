"""A loopback server for one test whose connections are all gone when the test is."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

TURNS = 5
"""Of the loop, until what the system had accepted is a connection with a handler."""


@asynccontextmanager
async def loopback(handle: Handler) -> AsyncIterator[str]:
    """Serve by `handle` on a free port; gives http://127.0.0.1:PORT. Handlers are cancelled at its end."""
    handlers: set[asyncio.Task[None]] = set()
    connections: set[asyncio.StreamWriter] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handle(reader, writer)
        finally:
            writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.add(writer)
        handlers.add(asyncio.create_task(serve(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        for listener in server.sockets:  # nobody new; a server that is closed drops whom it has just accepted
            asyncio.get_running_loop().remove_reader(listener.fileno())
        for _ in range(TURNS):
            await asyncio.sleep(0)
        server.close()
        for task in handlers:
            task.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)
        for writer in connections:  # a handler that was cancelled before it began has closed nothing
            writer.transport.abort()
        await asyncio.sleep(0)
