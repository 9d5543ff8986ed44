"""Samples on their way through a packager, in lecture time."""

from dataclasses import dataclass

from streaming import fmp4
from streaming.cuts import Cut


@dataclass(slots=True)
class Picture:
    """A sample of the leading track. time: decode time moved onto the presentation axis (ticks), rising."""

    time: int
    decode_time: int
    composition_offset: int
    sync: bool
    data: bytes
    cut: Cut | None
    duration: int | None = None


@dataclass(frozen=True, slots=True)
class Sound:
    time: int
    decode_time: int
    data: bytes


def sound_run(sounds: list[Sound], samples_per_frame: int) -> fmp4.TrackRun:
    """Frames one after the other; one before a pause lasts until the next one begins."""
    ends = [sound.decode_time for sound in sounds[1:]] + [sounds[-1].decode_time + samples_per_frame]
    samples = [
        fmp4.FragmentSample(end - sound.decode_time, sound.data)
        for sound, end in zip(sounds, ends, strict=True)
    ]
    return fmp4.TrackRun(fmp4.AUDIO_TRACK_ID, sounds[0].decode_time, samples)
