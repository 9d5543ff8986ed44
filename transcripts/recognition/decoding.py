"""Sound out of fragmented MP4, as the packager writes it: AAC frames with lecture time, decoded to 16 kHz mono."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.error import FFmpegError

from transcripts.speech.engine import SAMPLE_RATE, Pcm

SAME_RUN = Fraction(1, 100)
"""Seconds by which a frame may miss the end of the one before it and still go on with it."""


@dataclass(frozen=True, slots=True)
class Packet:
    """An AAC frame. at and seconds of lecture time, exactly."""

    at: Fraction
    seconds: Fraction
    data: bytes
    configuration: bytes


def packets_of(init: bytes, media: bytes) -> list[Packet]:
    """Of one or more fragments. Raises FFmpegError, IndexError where they are no media with sound."""
    with av.open(io.BytesIO(init + media), "r", format="mp4") as container:
        stream = container.streams.audio[0]
        configuration = bytes(stream.codec_context.extradata or b"")
        return [
            Packet(
                Fraction(packet.pts) * packet.time_base,
                Fraction(packet.duration or 0) * packet.time_base,
                bytes(packet),
                configuration,
            )
            for packet in container.demux(stream)
            if packet.pts is not None and packet.size
        ]


@dataclass(slots=True)
class SoundRun:
    """Sound without a break from one decoder; another configuration or a jump in time begins it anew."""

    _decoder: AudioCodecContext | None = None
    _resampler: AudioResampler | None = None
    _configuration: bytes = b""
    _due: Fraction = field(default_factory=Fraction)
    _position: int = 0

    def take(self, packet: Packet) -> Iterator[tuple[int, Pcm]]:
        """The sound that is ready, with its sample number since the lecture's beginning."""
        jumps = abs(packet.at - self._due) > SAME_RUN
        if self._decoder is None or jumps or packet.configuration != self._configuration:
            yield from self.end()
            self._begin(packet)
        assert self._decoder is not None
        self._due = packet.at + packet.seconds
        try:
            frames = self._decoder.decode(av.Packet(packet.data))
        except FFmpegError:  # a broken frame: silence in its place, and the next one begins anew
            yield from self.end()
            return
        for frame in frames:
            yield from self._resampled(frame)

    def end(self) -> Iterator[tuple[int, Pcm]]:
        """What the resampler still holds."""
        if self._resampler is not None:
            yield from self._resampled(None)
        self._decoder = self._resampler = None

    def _begin(self, packet: Packet) -> None:
        decoder = av.CodecContext.create("aac", "r")
        assert isinstance(decoder, AudioCodecContext)
        decoder.extradata = packet.configuration
        self._decoder = decoder
        # 16-bit: between floats the mixing to mono would not be kept within full scale.
        self._resampler = AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
        self._configuration = packet.configuration
        self._position = round(packet.at * SAMPLE_RATE)

    def _resampled(self, frame: AudioFrame | None) -> Iterator[tuple[int, Pcm]]:
        assert self._resampler is not None
        if frame is not None:
            frame.pts = None  # positions are counted here
        for made in self._resampler.resample(frame):
            sound = made.to_ndarray()[0].astype(np.float32) / 32768
            yield self._position, sound
            self._position += len(sound)
