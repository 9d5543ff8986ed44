"""A lecture's renditions as a player fetches them: strictly read playlists, and everything decoded."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urljoin

from tests.support.decode import decode
from tests.support.hls_checker import ReadPlaylist, ReadSegment, read_playlist
from tests.support.house import House


@dataclass(frozen=True, slots=True)
class Piece:
    """What lies between two discontinuities. times: of every decoded frame (s), by kind of track."""

    seconds: float
    times: dict[str, list[float]]

    def longest_step(self, kind: str) -> float:
        """The longest time from one frame to the next."""
        shown = sorted(self.times[kind])
        return max(after - before for before, after in pairwise(shown))


async def fetch(house: House, address: str) -> bytes:
    answer = await house.get(address)
    assert answer.status_code == 200, f"{answer.status_code} for {address}"
    return answer.content


async def read(house: House, address: str) -> ReadPlaylist:
    """A media playlist; one that breaks a rule fails."""
    return read_playlist((await fetch(house, address)).decode())


async def decode_pieces(house: House, address: str, playlist: ReadPlaylist) -> list[Piece]:
    """Every segment of a playlist through a real decoder, piece by piece; any decoding error raises."""
    pieces = []
    for segments in split(playlist):
        assert segments[0].map_uri is not None
        data = await fetch(house, urljoin(address, segments[0].map_uri))
        for segment in segments:
            assert not segment.gap
            data += await fetch(house, urljoin(address, segment.uri))
        pieces.append(Piece(sum(segment.duration for segment in segments), decode(data)))
    return pieces


def split(playlist: ReadPlaylist) -> Iterator[list[ReadSegment]]:
    """The segments between two discontinuities."""
    piece: list[ReadSegment] = []
    for segment in playlist.segments:
        if segment.discontinuity and piece:
            yield piece
            piece = []
        piece.append(segment)
    yield piece


def breaks(playlist: ReadPlaylist) -> list[int]:
    """Numbers of the segments behind a discontinuity."""
    return [segment.msn for segment in playlist.segments if segment.discontinuity]
