"""Following a live playlist by blocking reload (draft-pantos-hls-rfc8216bis §6.2.5.2), part after part."""

from collections.abc import AsyncGenerator

from bench.hls import ListedPart, MediaPlaylist, parse_media
from bench.http1 import Client

# A server may hold a request for as long as it likes short of a stream that stands still; ours for 4 s.
HOLD_SECONDS = 10.0


class FollowError(Exception):
    """The playlist cannot be followed: not there, no parts, or ended."""


class Playlists:
    """Parses each distinct playlist once: 500 viewers are told the same thing."""

    def __init__(self) -> None:
        self._parsed: dict[bytes, MediaPlaylist] = {}

    def parse(self, body: bytes) -> MediaPlaylist:
        known = self._parsed.get(body)
        if known is None:
            if len(self._parsed) > 16:
                self._parsed.clear()
            known = self._parsed[body] = parse_media(body.decode())
        return known


async def listed(client: Client, url: str, playlists: Playlists) -> MediaPlaylist:
    """The playlist at this URL, held until it has what is asked for. Raises FollowError otherwise."""
    answer = await client.get(url, patience=HOLD_SECONDS)
    if answer.status != 200:
        raise FollowError(f"{url} answered {answer.status}")
    return playlists.parse(answer.body)


async def follow(
    client: Client, url: str, playlists: Playlists, *, behind: int = 1
) -> AsyncGenerator[ListedPart, None]:
    """Newly listed parts in order, from the `behind`-th newest on; asks on when the last one was taken."""
    playlist = await listed(client, url, playlists)
    if not playlist.parts or not playlist.can_block:
        raise FollowError(f"{url} lists no parts to follow")
    fresh = playlist.parts[-behind:]
    while True:
        for part in fresh:
            yield part
        if playlist.ended:
            return
        last = (fresh or playlist.parts)[-1]
        msn, index = playlist.next_part
        playlist = await listed(client, f"{url}?_HLS_msn={msn}&_HLS_part={index}&_HLS_skip=YES", playlists)
        fresh = [part for part in playlist.parts if (part.msn, part.index) > (last.msn, last.index)]
