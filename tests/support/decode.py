"""What a real decoder (PyAV) makes of fragmented MP4."""

import io

import av
from av.audio.frame import AudioFrame
from av.container import InputContainer
from av.video.frame import VideoFrame


def decode(data: bytes) -> dict[str, list[float]]:
    """Presentation times (s) of every decoded frame by kind of track; any decoding error raises."""
    times: dict[str, list[float]] = {}
    with av.open(io.BytesIO(data)) as container:
        assert isinstance(container, InputContainer)
        for packet in container.demux():
            for frame in packet.decode():
                assert isinstance(frame, (VideoFrame, AudioFrame))
                assert frame.pts is not None
                assert frame.time_base is not None
                times.setdefault(packet.stream.type, []).append(float(frame.pts * frame.time_base))
    return times
