"""A low-latency player of one rendition, as strict as they come: everything it is told and given is checked.

It loads the full playlist once, then asks for the part to come with `_HLS_msn`, `_HLS_part` and `_HLS_skip`, fetches
the part that it was hinted at meanwhile, merges delta updates by itself, and compares segments with their parts.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import m3u8
from starlette.types import ASGIApp

from tests.support.asgi import fetch
from tests.support.hls_checker import (
    PlaylistWatch,
    ReadPart,
    ReadPlaylist,
    ReadSegment,
    attributes,
    read_playlist,
)
from tests.support.recording import demux

AT_ONCE_SECONDS = 2.0
"""Less than what a blocking request is held for."""
WAIT_SECONDS = 0.02
COMPARE_EVERY = 5
"""Loads between two comparisons with the full playlist and with the siblings reported."""


@dataclass
class Follower:
    """merged, hints_kept, reports_kept and whole_segments count what was checked."""

    origin: ASGIApp
    number: str
    rendition: str
    watch: PlaylistWatch = field(default_factory=PlaylistWatch)
    merged: int = 0
    hints_kept: int = 0
    reports_kept: int = 0
    whole_segments: set[int] = field(default_factory=set)
    _text: str = ""
    _data: dict[str, bytes] = field(default_factory=dict)
    _checked: set[str] = field(default_factory=set)

    async def follow(self) -> "Follower":
        """Play until the playlist has its end."""
        playlist = await self._join()
        while not playlist.ended:
            hint = playlist.hint
            assert hint is not None
            hinted = asyncio.create_task(fetch(self.origin, urljoin(self._path, hint)))
            wanted = f"_HLS_msn={playlist.open.msn}&_HLS_part={len(playlist.open.parts)}"
            playlist = self._load((await self._get(f"{self._path}?{wanted}&_HLS_skip=YES")).decode())
            answer = await hinted
            if any(part.uri == hint for one in _all_segments(playlist) for part in one.parts):
                assert answer.status == 200, f"{hint} was hinted at and then listed"
                self._data[hint] = answer.body
                self.hints_kept += 1
            await self._fetch_parts(playlist)
            if self.watch.updates % COMPARE_EVERY == 0:
                await self._compare_with_full(playlist)
                await self._check_reports(playlist)
        return self

    @property
    def _path(self) -> str:
        return f"/live/{self.number}/{self.rendition}.m3u8"

    async def _join(self) -> ReadPlaylist:
        answer = await fetch(self.origin, self._path)
        while answer.status == 404:
            await asyncio.sleep(WAIT_SECONDS)
            answer = await fetch(self.origin, self._path)
        assert answer.status == 200
        return self._load(answer.text)

    async def _get(self, target: str) -> bytes:
        answer = await fetch(self.origin, urljoin(self._path, target))
        assert answer.status == 200, f"{target}: {answer.status} {answer.text}"
        return answer.body

    def _load(self, text: str) -> ReadPlaylist:
        skip = read_playlist(text).tags.get("EXT-X-SKIP")
        if skip is None:
            self._text = text
        else:
            self._text = merge(self._text, text)
            self.merged += 1
            other: Any = m3u8.loads(text)  # type: ignore[no-untyped-call]
            assert other.skip.skipped_segments == int(attributes(skip)["SKIPPED-SEGMENTS"])
        return self.watch.load(self._text)

    async def _fetch_parts(self, playlist: ReadPlaylist) -> None:
        """Every part listed, once; a closed segment is its parts."""
        for segment in _all_segments(playlist):
            for part in segment.parts:
                if part.uri not in self._data:
                    self._data[part.uri] = await self._get(part.uri)
                await self._check_independence(segment, part)
            if segment.uri and segment.parts and segment.msn not in self.whole_segments:
                parts = b"".join(self._data[part.uri] for part in segment.parts)
                assert await self._get(segment.uri) == parts
                self.whole_segments.add(segment.msn)

    async def _check_independence(self, segment: ReadSegment, part: ReadPart) -> None:
        """INDEPENDENT=YES where the part begins with a keyframe, and nowhere else."""
        assert segment.map_uri is not None
        if part.uri in self._checked:
            return
        self._checked.add(part.uri)
        if segment.map_uri not in self._data:
            self._data[segment.map_uri] = await self._get(segment.map_uri)
        tracks = demux(self._data[segment.map_uri] + self._data[part.uri])
        if tracks.video:
            assert part.independent == tracks.begins_with_keyframe, part.uri

    async def _compare_with_full(self, merged: ReadPlaylist) -> None:
        """What was merged is what is listed, by our reader and by an independent one."""
        text = (await self._get(self._path)).decode()
        full = read_playlist(text).segments[: len(merged.segments)]
        assert [_lasting(one) for one in full] == [_lasting(one) for one in merged.segments]
        other: Any = m3u8.loads(text)  # type: ignore[no-untyped-call]
        assert [one.uri for one in other.segments if one.uri][: len(full)] == [one.uri for one in full]

    async def _check_reports(self, playlist: ReadPlaylist) -> None:
        """A sibling has what is reported of it: asked for that, it answers without waiting."""
        for report in playlist.reports:
            directives = f"_HLS_msn={report['LAST-MSN']}&_HLS_part={report['LAST-PART']}"
            await asyncio.wait_for(self._get(f"{report['URI']}?{directives}"), AT_ONCE_SECONDS)
            self.reports_kept += 1


def merge(before: str, delta: str) -> str:
    """A full playlist from the one before and a delta update (rfc8216bis §6.2.5.1): lines put in for EXT-X-SKIP."""
    head, _, behind = delta.partition("#EXT-X-SKIP:")
    skip, _, tail = behind.partition("\n")
    count = int(attributes(skip)["SKIPPED-SEGMENTS"])
    lines = before.split("\n")
    at = next(place for place, line in enumerate(lines) if line.startswith(("#EXT-X-MAP", "#EXTINF")))
    if lines[at - 1] == "#EXT-X-DISCONTINUITY":
        at -= 1
    kept = []
    while count:
        line = lines[at]
        at += 1
        if not line.startswith("#EXT-X-PART:"):
            kept.append(line)
        count -= not line.startswith("#")
    return head + "\n".join([*kept, tail])


def _all_segments(playlist: ReadPlaylist) -> list[ReadSegment]:
    return [*playlist.segments, playlist.open]


def _lasting(segment: ReadSegment) -> tuple[object, ...]:
    """What never changes about a segment that is closed."""
    return segment.msn, segment.uri, segment.duration, segment.gap, segment.discontinuity, segment.map_uri
