"""HTTP answers of the origin: what caches may do with them, and how they are sent (RFC 9110, RFC 9111).

While live, a playlist is good for a moment and a blocking answer, which has all that its URI asks for, for as
long as rfc8216bis appendix B says. Caches on the way keep nothing of a lecture, on the air or over, for more than a
minute, so that a withdrawal takes hold soon (s-maxage, RFC 9111 section 5.2.2.10); who has watched a replay may keep
its media for an hour. Errors and answers that came too late are kept by nobody.
"""

import re
from collections.abc import Iterable
from enum import Enum

from starlette.types import Message, Scope, Send

Headers = list[tuple[bytes, bytes]]

PLAYLIST = b"application/vnd.apple.mpegurl"
VIDEO = b"video/mp4"
AUDIO = b"audio/mp4"
SUBTITLES = b"text/vtt; charset=utf-8"
TEXT = b"text/plain; charset=utf-8"

_RANGE = re.compile(rb"bytes=(\d{0,15})-(\d{0,15})")


class Keep(Enum):
    """Cache-Control."""

    LIVE_PLAYLIST = b"public, max-age=1"
    BLOCKED_PLAYLIST = b"public, max-age=24"
    REOPENABLE_REPLAY = b"public, max-age=5"
    REPLAY_PLAYLIST = b"public, max-age=60"
    LIVE_MEDIA = b"public, max-age=60"
    REPLAY_MEDIA = b"public, max-age=3600, s-maxage=60"
    NOTHING = b"no-store"


_ORIGIN = (b"access-control-allow-origin", b"*")
_EXPOSED = (b"access-control-expose-headers", b"Age, Content-Range, Date")
_VARY = (b"vary", b"Accept-Encoding")
_GZIPPED = (b"content-encoding", b"gzip")
_RANGES = (b"accept-ranges", b"bytes")


def _head(content_type: bytes, keep: Keep, *more: tuple[bytes, bytes]) -> Headers:
    return [(b"content-type", content_type), (b"cache-control", keep.value), _ORIGIN, _EXPOSED, *more]


# Headers are the same for thousands of answers a second: only the length differs.
_PLAYLIST_HEADS = {
    (keep, gzipped): _head(PLAYLIST, keep, _VARY, *((_GZIPPED,) if gzipped else ()))
    for keep in Keep
    for gzipped in (False, True)
}
_MEDIA_HEADS = {
    (type_, keep): _head(type_, keep, _RANGES) for keep in Keep for type_ in (VIDEO, AUDIO, SUBTITLES)
}
_PREFLIGHT: Headers = [
    _ORIGIN,
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (b"access-control-allow-headers", b"Range"),
    (b"access-control-max-age", b"86400"),
]
_ALLOW = (b"allow", b"GET, HEAD, OPTIONS")


class Reply:
    """Sends one answer. to_head: the request was HEAD, so that the body stays here."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send

    async def playlist(self, body: bytes, keep: Keep, *, gzipped: bool) -> None:
        await self._answer(200, _PLAYLIST_HEADS[keep, gzipped], body)

    async def media(self, body: bytes, content_type: bytes, keep: Keep) -> None:
        """All of it, or the single range asked for; several ranges are answered with all of it."""
        head = _MEDIA_HEADS[content_type, keep]
        asked = header(self._scope, b"range")
        wanted = byte_range(asked, len(body)) if asked is not None else None
        if wanted is None:
            await self._answer(200, head, body)
            return
        start, end = wanted
        if start >= end:
            await self.error(416, "range not satisfiable", (b"content-range", b"bytes */%d" % len(body)))
            return
        place = (b"content-range", b"bytes %d-%d/%d" % (start, end - 1, len(body)))
        await self._answer(206, [*head, place], body[start:end])

    async def error(self, status: int, reason: str, *more: tuple[bytes, bytes]) -> None:
        await self._answer(status, _head(TEXT, Keep.NOTHING, *more), reason.encode() + b"\n")

    async def method_not_allowed(self) -> None:
        await self.error(405, "method not allowed", _ALLOW)

    async def preflight(self) -> None:
        """OPTIONS, from a browser about to fetch from another site."""
        await self._send(_start(204, _PREFLIGHT))
        await self._send({"type": "http.response.body", "body": b""})

    async def _answer(self, status: int, head: Headers, body: bytes) -> None:
        await self._send(_start(status, [*head, (b"content-length", b"%d" % len(body))]))
        if self._scope["method"] == "HEAD":
            body = b""
        await self._send({"type": "http.response.body", "body": body})


def _start(status: int, headers: Headers) -> Message:
    return {"type": "http.response.start", "status": status, "headers": headers}


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first header of that (lower-case) name."""
    headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
    for key, value in headers:
        if key == name:
            return value
    return None


def accepts_gzip(scope: Scope) -> bool:
    """Accept-Encoding as browsers, players and proxies send it."""
    value = header(scope, b"accept-encoding")
    if value is None or b"gzip" not in value:
        return False
    return not any(
        part.replace(b" ", b"") in (b"gzip;q=0", b"gzip;q=0.0", b"gzip;q=0.00", b"gzip;q=0.000")
        for part in value.split(b",")
    )


def byte_range(value: bytes, size: int) -> tuple[int, int] | None:
    """[start, end) of a Range header in `size` bytes; empty when it cannot be satisfied, None to ignore it."""
    match = _RANGE.fullmatch(value.strip())
    if match is None:
        return None
    first, last = match.groups()
    if first:
        start = int(first)
        end = min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
        return (start, end) if start < size else (0, 0)
    if not last:
        return None
    return max(size - int(last), 0), size
