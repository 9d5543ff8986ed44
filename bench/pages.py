"""The measuring page on a loopback port: a handful of files, kept in memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.process import StartError

HERE = Path(__file__).parent
VENDOR = HERE.parent / "site" / "portal" / "static" / "vendor"
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".mjs": "text/javascript"}


def page_files() -> dict[str, bytes]:
    """The files by request path. Raises StartError if hls.js was not fetched."""
    files = {name: HERE / name for name in ("page.html", "page.js", "barcode.js")}
    files |= {name: VENDOR / name for name in ("hls.mjs", "hls.worker.js")}
    try:
        return {f"/{name}": path.read_bytes() for name, path in files.items()}
    except FileNotFoundError as error:
        raise StartError(f"{error.filename} is missing: run scripts/frontend") from error


@asynccontextmanager
async def serving(files: dict[str, bytes]) -> AsyncIterator[str]:
    """Serve the files, one answer a connection; gives the address without a slash."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        path = request.split(b" ", 2)[1].decode().partition("?")[0]
        body = files.get(path)
        status = "200 OK" if body is not None else "404 Not Found"
        kind = TYPES.get(Path(path).suffix, "text/plain")
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body or b'')}\r\n"
        writer.write(f"{head}Connection: close\r\n\r\n".encode() + (body or b""))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
