"""What is in the media: stamps of decoded pictures, counts, and whether it decodes at all (PyAV)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO

import av
from av.video.frame import VideoFrame

from bench.barcode import read_luma


@dataclass(slots=True)
class Decoded:
    """One decode of a byte string: the stamp of each picture (None: not readable), and what went wrong."""

    stamps: list[int | None] = field(default_factory=list)
    pictures: int = 0
    corrupt: int = 0
    audio_frames: int = 0
    errors: list[str] = field(default_factory=list)


def stamp_of(frame: VideoFrame) -> int | None:
    plane = frame.planes[0]
    return read_luma(memoryview(plane), plane.line_size, frame.width, frame.height)


def decode(data: bytes, *, stamps: bool = True) -> Decoded:
    """Decode every track of an MP4 or MPEG-TS byte string; bad media is counted, not raised."""
    result = Decoded()
    try:
        with av.open(BytesIO(data), "r") as container:
            for packet in container.demux():
                try:
                    frames = packet.decode()
                except av.FFmpegError as error:
                    result.errors.append(str(error))
                    continue
                for frame in frames:
                    if isinstance(frame, VideoFrame):
                        result.pictures += 1
                        result.corrupt += frame.is_corrupt
                        result.stamps.append(stamp_of(frame) if stamps else None)
                    else:
                        result.audio_frames += 1
    except av.FFmpegError as error:
        result.errors.append(str(error))
    return result


def pictures_per_piece(init: bytes, pieces: Iterable[bytes]) -> list[int]:
    """How many video samples each piece (a part) of one segment holds."""
    counts = []
    for piece in pieces:
        with av.open(BytesIO(init + piece), "r") as container:
            video = container.streams.video[0]
            counts.append(sum(packet.size > 0 for packet in container.demux(video)))
    return counts
