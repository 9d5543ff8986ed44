"""Last frame of a part → fetchable, as a client with blocking reload over loopback sees it.

A frame's duration is known when the next frame is here, so the delay is counted from the next frame's push
(its stamp): what the encoder, RTMP, the packager and one fetch add. Peers list segments; for them it is the
last frame of a segment, found by polling every 20 ms.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urljoin

from bench.barcode import elapsed_ms
from bench.decode import decode, pictures_per_piece
from bench.figure import Bench, Detail, Row, log
from bench.follow import Playlists, follow
from bench.hls import parse_media
from bench.http1 import Client
from bench.peers.nginx_rtmp import nginx_rtmp
from bench.process import StartError
from bench.publisher import live_encoder
from bench.server import weiketang
from bench.stats import median, percentile
from bench.waiting import POLL_SECONDS, first_listed

TARGET_MS = 120.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A part or segment and the Unix time (ms) at which its last byte was here."""

    msn: int
    data: bytes
    fetched_at_ms: float


async def fetched(client: Client, url: str, msn: int) -> Piece:
    answer = await client.get(url)
    if answer.status != 200:
        raise StartError(f"{url} answered {answer.status}")
    behind = time.monotonic() - answer.completed_at
    return Piece(msn, answer.body, (time.time() - behind) * 1000)


async def parts(client: Client, url: str) -> AsyncGenerator[Piece, None]:
    """Parts of a low-latency playlist, each fetched as soon as it is listed."""
    async with aclosing(follow(client, url, Playlists())) as newly_listed:
        async for part in newly_listed:
            yield await fetched(client, urljoin(url, part.uri), part.msn)


async def segments(client: Client, url: str) -> AsyncGenerator[Piece, None]:
    """Segments of a plain playlist that is polled."""
    last = max((segment.msn for segment in parse_media((await client.get(url)).text).segments), default=-1)
    while True:
        for segment in parse_media((await client.get(url)).text).segments:
            if segment.msn > last:
                last = segment.msn
                yield await fetched(client, urljoin(url, segment.uri), segment.msn)
        await asyncio.sleep(POLL_SECONDS)


async def collected(pieces: AsyncIterator[Piece], seconds: float) -> list[Piece]:
    """What comes in this time."""
    found: list[Piece] = []

    async def collect() -> None:
        async for piece in pieces:
            found.append(piece)

    collecting = asyncio.create_task(collect())
    done, _ = await asyncio.wait({collecting}, timeout=seconds)
    if done:
        collecting.result()
    collecting.cancel()
    await asyncio.gather(collecting, return_exceptions=True)
    return found


def stamps_by_piece(init: bytes, pieces: list[Piece]) -> list[list[int | None]]:
    """The stamps in each piece. Parts are decoded with the others of their segment, which they need."""
    result: list[list[int | None]] = []
    for _, group in groupby(pieces, key=lambda piece: piece.msn):
        data = [piece.data for piece in group]
        decoded = decode(init + b"".join(data)).stamps
        sizes = pictures_per_piece(init, data) if len(data) > 1 else [len(decoded)]
        for size in sizes:
            result.append(decoded[:size])
            decoded = decoded[size:]
    return result


def rows(subject: str, what: str, target: float | None, init: bytes, pieces: list[Piece]) -> list[Row]:
    """Delays from the push of the next picture, and from the push of a piece's own last one."""
    stamps = stamps_by_piece(init, pieces)
    from_next: list[float] = []
    from_last: list[float] = []
    for piece, own, following in zip(pieces, stamps, stamps[1:], strict=False):
        last, after = (own or [None])[-1], (following or [None])[0]
        if last is not None and after is not None:
            from_last.append(elapsed_ms(piece.fetched_at_ms, last))
            from_next.append(elapsed_ms(piece.fetched_at_ms, after))
    if not from_next:
        raise StartError(f"{subject}: no stamps readable in {len(pieces)} pieces")
    log.info("part: %s %.0f ms from the next frame", subject, median(from_next))
    details: dict[str, Detail] = {
        "pieces": len(from_next),
        "p95": percentile(from_next, 0.95),
        "max": max(from_next),
    }
    return [
        Row(subject, f"{what}, from the next frame's push", median(from_next), "ms", target, details=details),
        Row(subject, f"{what}, from its own push", median(from_last), "ms"),
    ]


async def run(bench: Bench) -> AsyncIterator[Row]:
    seconds = bench.choose(30.0, 10.0)
    if bench.ours:
        async with bench.folder() as folder, weiketang(folder) as server:
            lecture = await server.create("Bench part")
            async with live_encoder(lecture.publish_url, gop_seconds=2, folder=folder):
                listed = await first_listed(lecture.playlist_url, segments=2)
                async with Client(listed.url) as client:
                    init_url = urljoin(listed.url, listed.playlist.init_uri or "")
                    init = (await client.get(init_url)).body
                    pieces = await collected(parts(client, listed.url), seconds)
            what = "last frame of a part"
            for row in await asyncio.to_thread(rows, "weiketang", what, TARGET_MS, init, pieces):
                yield row
    if bench.peers:
        async with bench.folder() as folder, nginx_rtmp(folder) as peer:
            async with live_encoder(peer.publish_url, gop_seconds=2, folder=folder):
                listed = await first_listed(peer.playlist_url, segments=2)
                async with Client(listed.url) as client:
                    pieces = await collected(segments(client, listed.url), seconds)
            what = "last frame of a segment"
            for row in await asyncio.to_thread(rows, "nginx-rtmp", what, None, b"", pieces):
                yield row
