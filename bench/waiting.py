"""Waiting for a playlist to list media: polls as a player would, and says when."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from bench.hls import MediaPlaylist, parse_media, parse_multivariant
from bench.http1 import Client, HttpError
from bench.process import StartError

POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Listed:
    """A media playlist as found: URL, content, and the monotonic time at which that was known."""

    url: str
    playlist: MediaPlaylist
    at: float


async def media_playlist_url(client: Client, url: str) -> str | None:
    """The first variant of a multivariant playlist, a media playlist's own URL, None if neither is there."""
    answer = await client.get(url)
    if answer.status != 200:
        return None
    if "#EXT-X-STREAM-INF" not in answer.text:
        return url
    variants = parse_multivariant(answer.text, url)
    return variants[0].uri if variants else None


async def until(
    condition: Callable[[], Awaitable[Listed | None]], what: str, *, patience: float = 30.0
) -> Listed:
    """Ask again every 20 ms until there is something. Raises StartError when time is up."""
    deadline = monotonic() + patience
    while monotonic() < deadline:
        with suppress(OSError, HttpError, TimeoutError):
            if (found := await condition()) is not None:
                return found
        await asyncio.sleep(POLL_SECONDS)
    raise StartError(f"{what}: nothing after {patience:.0f} s")


async def first_listed(url: str, *, segments: int = 0, patience: float = 30.0) -> Listed:
    """Wait until a (multivariant or media) playlist lists media: any, or `segments` whole segments."""
    async with Client(url) as client:

        async def look() -> Listed | None:
            media_url = await media_playlist_url(client, url)
            if media_url is None:
                return None
            answer = await client.get(media_url)
            if answer.status != 200:
                return None
            playlist = parse_media(answer.text)
            enough = playlist.has_media and len(playlist.segments) >= segments
            return Listed(media_url, playlist, answer.completed_at) if enough else None

        return await until(look, f"media in {url}", patience=patience)
