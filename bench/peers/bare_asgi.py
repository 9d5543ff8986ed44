"""`python -m bench.peers.bare_asgi PORT FILE`: uvicorn answering one file's bytes from memory, and nothing else.

What is left between our origin and this is ours; what is left between this and nginx is Python's and the kernel's
copying.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, Scope

from bench.process import free_port, listening, running


class OneFile:
    """Bare ASGI: every request is answered with the file as it is at this moment, read when it has changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed_at = 0
        self._body = b""

    def load(self) -> bytes:
        changed_at = self._path.stat().st_mtime_ns
        if changed_at != self._changed_at:
            self._changed_at, self._body = changed_at, self._path.read_bytes()
        return self._body

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        body = self.load()
        headers = [(b"content-length", str(len(body)).encode()), (b"content-type", b"video/mp4")]
        await send({"type": "http.response.start", "status": 200, "headers": headers, "trailers": False})
        await send({"type": "http.response.body", "body": body, "more_body": False})


@asynccontextmanager
async def bare_asgi(folder: Path, file: Path) -> AsyncIterator[str]:
    """Run it for the length of the block; the address of the file."""
    port = free_port()
    arguments = [sys.executable, "-m", "bench.peers.bare_asgi", str(port), str(file)]
    async with running(arguments, log=folder / "bare-asgi.log") as child:
        await listening(port, child)
        yield f"http://127.0.0.1:{port}/file"


def main() -> None:
    port, path = int(sys.argv[1]), Path(sys.argv[2])
    uvicorn.run(
        OneFile(path), port=port, access_log=False, log_level="error", lifespan="off", server_header=False
    )


if __name__ == "__main__":
    main()
