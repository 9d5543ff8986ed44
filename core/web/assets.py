"""Static files, answered from memory under an address that changes with their contents.

A few hundred viewers open a page within seconds when a lecture begins; file responses would take threads and
the event loop from the live. Everything (some 1 MB) is read, hashed and compressed once at start.
"""

import functools
import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

COMPRESSED = {"text/css", "text/javascript", "image/svg+xml", "application/json"}
WORTH_COMPRESSING = 1024  # bytes
FOREVER = b"public, max-age=31536000, immutable"
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".svg": "image/svg+xml", ".css": "text/css"}


@dataclass(frozen=True, slots=True)
class Asset:
    content_type: str
    body: bytes
    compressed: bytes | None


class Assets:
    """The files below a folder. version names all their contents, so relative imports stay consistent."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        """files: path below the folder, with forward slashes → contents."""
        digest = hashlib.sha256()
        for path in sorted(files):
            digest.update(path.encode() + b"\0" + hashlib.sha256(files[path]).digest())
        self.version = digest.hexdigest()[:12]
        self._assets = {path: _asset(path, body) for path, body in files.items()}

    @classmethod
    def read(cls, folder: Path) -> "Assets":
        """File I/O: at start, not on the event loop of a running server."""
        files = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
        return cls({path.relative_to(folder).as_posix(): path.read_bytes() for path in files})

    def path(self, name: str) -> str:
        """The address of a file below the mount point. Raises KeyError for one that is not there."""
        if name not in self._assets:
            raise KeyError(f"there is no static file {name}; run scripts/setup if it should come from npm")
        return f"{self.version}/{name}"

    def text(self, name: str) -> str:
        return self._assets[name].body.decode()

    def names(self, prefix: str) -> list[str]:
        return sorted(name for name in self._assets if name.startswith(prefix))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """GET and HEAD of `<version>/<name>`; an outdated version gets the file as it is now, uncached."""
        path: str = scope["path"].removeprefix(scope.get("root_path", "")).lstrip("/")
        version, _, name = path.partition("/")
        asset = self._assets.get(name)
        if asset is None or scope["method"] not in ("GET", "HEAD"):
            await _answer(send, 404 if asset is None else 405, [], b"")
            return
        headers = [
            (b"content-type", _with_charset(asset.content_type)),
            (b"cache-control", FOREVER if version == self.version else b"no-cache"),
            (b"x-content-type-options", b"nosniff"),
        ]
        body = asset.body
        if asset.compressed is not None:
            headers.append((b"vary", b"accept-encoding"))
            if "gzip" in Headers(scope=scope).get("accept-encoding", ""):
                body = asset.compressed
                headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", str(len(body)).encode()))
        await _answer(send, 200, headers, b"" if scope["method"] == "HEAD" else body)


def _asset(path: str, body: bytes) -> Asset:
    suffix = Path(path).suffix
    content_type = TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    worth_it = content_type in COMPRESSED and len(body) >= WORTH_COMPRESSING
    return Asset(content_type, body, _compressed(body) if worth_it else None)


@functools.cache
def _compressed(body: bytes) -> bytes:
    """Once in a process, however many sites it makes."""
    return gzip.compress(body, 6, mtime=0)


def _with_charset(content_type: str) -> bytes:
    return f"{content_type}; charset=utf-8".encode() if content_type in COMPRESSED else content_type.encode()


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    if not headers:
        headers = [(b"content-length", b"0")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
