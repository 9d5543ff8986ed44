"""A lecture's replay as the origin gives it out: every playlist read strictly, every segment decoded for itself."""

import io
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import av
import m3u8
from av.audio.frame import AudioFrame
from av.container import InputContainer
from av.video.frame import VideoFrame
from starlette.types import ASGIApp

from streaming.segments import TICKS_PER_SECOND
from tests.support.asgi import fetch
from tests.support.hls_checker import ReadPlaylist, ReadSegment, read_playlist

RENDITIONS = ("source", "1080p", "720p", "480p", "audio")


@dataclass
class Tracks:
    """Presentation times in ticks of what is packed, in the order in which it is packed, and of the pictures that
    a decoder makes of it.
    """

    video: list[int] = field(default_factory=list)
    keyframes: list[int] = field(default_factory=list)
    audio: list[int] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    sounds: int = 0

    @property
    def begins_with_keyframe(self) -> bool:
        return self.video[:1] == self.keyframes[:1]


@dataclass
class RecordedSegment:
    """tracks: of init section and segment alone; empty for a gap. What begins without a keyframe is not decoded."""

    listed: ReadSegment
    init: bytes
    data: bytes
    tracks: Tracks


@dataclass
class Recording:
    """By rendition: all that the origin has a replay of, whether the multivariant playlist lists it or not."""

    listed: list[str]
    playlists: dict[str, ReadPlaylist]
    segments: dict[str, list[RecordedSegment]]

    def times(self, rendition: str) -> list[int]:
        """Presentation times of all pictures of a rendition, in ticks and in order."""
        return sorted(time for one in self.segments[rendition] for time in one.tracks.video)

    def decoded(self, rendition: str) -> list[int]:
        """Presentation times of all pictures of a rendition that has one init section, decoded as one stream."""
        segments = self.segments[rendition]
        assert len({one.init for one in segments}) == 1
        tracks = Tracks()
        decode_into(tracks, segments[0].init + b"".join(one.data for one in segments))
        return tracks.pictures

    def cuts(self, rendition: str) -> list[tuple[int, float, bool]]:
        """Number, duration and discontinuity of every segment."""
        return [(one.msn, one.duration, one.discontinuity) for one in self.playlists[rendition].segments]

    def gaps(self, rendition: str) -> list[int]:
        return [one.msn for one in self.playlists[rendition].segments if one.gap]


def demux(data: bytes) -> Tracks:
    """What is packed in an init section and the fragments behind it."""
    tracks = Tracks()
    with av.open(io.BytesIO(data)) as container:
        assert isinstance(container, InputContainer)
        for packet in container.demux():
            if packet.pts is None:
                continue  # the end
            time = round(packet.pts * packet.time_base * TICKS_PER_SECOND)
            if packet.stream.type == "audio":
                tracks.audio.append(time)
            else:
                tracks.video.append(time)
                tracks.keyframes += [time] if packet.is_keyframe else []
    return tracks


def decode_into(tracks: Tracks, data: bytes) -> None:
    """Note what a real decoder makes of it. Any complaint raises."""
    with av.open(io.BytesIO(data)) as container:
        assert isinstance(container, InputContainer)
        for stream in container.streams:
            stream.codec_context.options = {"err_detect": "explode"}
        for packet in container.demux():
            for frame in packet.decode():
                if isinstance(frame, AudioFrame):
                    tracks.sounds += 1
                elif isinstance(frame, VideoFrame):
                    assert frame.pts is not None
                    assert frame.time_base is not None
                    tracks.pictures.append(round(frame.pts * frame.time_base * TICKS_PER_SECOND))


async def read_recording(origin: ASGIApp, number: str) -> Recording:
    """Everything a viewer of the replay could load."""
    index = f"/replay/{number}/index.m3u8"
    text = await _text(origin, index)
    multivariant: Any = m3u8.loads(text)  # type: ignore[no-untyped-call]
    listed = [variant.uri.removesuffix(".m3u8") for variant in multivariant.playlists]
    recording = Recording(listed, {}, {})
    for name in RENDITIONS:
        place = urljoin(index, f"{name}.m3u8")
        answer = await fetch(origin, place)
        if answer.status == 404 and name not in listed:
            continue
        playlist = read_playlist(answer.text)
        assert playlist.ended
        _agrees_with_m3u8(playlist)
        recording.playlists[name] = playlist
        recording.segments[name] = await _read_segments(origin, place, playlist)
    return recording


async def _read_segments(origin: ASGIApp, place: str, playlist: ReadPlaylist) -> list[RecordedSegment]:
    inits: dict[str, bytes] = {}
    read = []
    for segment in playlist.segments:
        assert segment.map_uri is not None
        if segment.map_uri not in inits:
            inits[segment.map_uri] = await _bytes(origin, urljoin(place, segment.map_uri))
        init = inits[segment.map_uri]
        if segment.gap:
            assert (await fetch(origin, urljoin(place, segment.uri))).status == 404
            read.append(RecordedSegment(segment, init, b"", Tracks()))
            continue
        data = await _bytes(origin, urljoin(place, segment.uri))
        tracks = demux(init + data)
        if tracks.begins_with_keyframe:
            decode_into(tracks, init + data)
        read.append(RecordedSegment(segment, init, data, tracks))
    return read


def _agrees_with_m3u8(playlist: ReadPlaylist) -> None:
    """An independent reader sees the same."""
    other: Any = m3u8.loads(playlist.text)  # type: ignore[no-untyped-call]
    assert other.is_endlist == playlist.ended
    assert [(one.uri, one.duration, bool(one.gap_tag), one.discontinuity) for one in other.segments] == [
        (one.uri, one.duration, one.gap, one.discontinuity) for one in playlist.segments
    ]


async def _text(origin: ASGIApp, target: str) -> str:
    return (await _bytes(origin, target)).decode()


async def _bytes(origin: ASGIApp, target: str) -> bytes:
    answer = await fetch(origin, target)
    assert answer.status == 200, f"{target}: {answer.status} {answer.text}"
    return answer.body
