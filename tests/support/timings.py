"""What capture devices and encoders do to the times of a steady stream."""

import random
from collections.abc import Callable, Iterable
from dataclasses import replace

from streaming.samples import AudioSample, MediaUnit, VideoSample

Rewrite = Callable[[list[VideoSample]], list[VideoSample]]


def at(first_ms: int) -> Rewrite:
    return lambda samples: [
        replace(sample, dts_ms=sample.dts_ms + first_ms, pts_ms=sample.pts_ms + first_ms)
        for sample in samples
    ]


def jittered(by_ms: int) -> Rewrite:
    dice = random.Random(by_ms)

    def rewrite(samples: list[VideoSample]) -> list[VideoSample]:
        moved = []
        for sample in samples:
            step = dice.randint(-by_ms, by_ms)
            moved.append(
                replace(sample, dts_ms=sample.dts_ms + step + by_ms, pts_ms=sample.pts_ms + step + by_ms)
            )
        return moved

    return rewrite


def variable(least_ms: int, most_ms: int) -> Rewrite:
    """For sources without B-frames: every step of another length."""
    dice = random.Random(most_ms)

    def rewrite(samples: list[VideoSample]) -> list[VideoSample]:
        time, moved = 0, []
        for sample in samples:
            moved.append(replace(sample, dts_ms=time, pts_ms=time))
            time += dice.randint(least_ms, most_ms)
        return moved

    return rewrite


def paused(at_frame: int, pause_ms: int) -> Rewrite:
    def rewrite(samples: list[VideoSample]) -> list[VideoSample]:
        late = at(pause_ms)(samples[at_frame:])
        return samples[:at_frame] + late

    return rewrite


def shifted(units: Iterable[MediaUnit], by_ms: int) -> list[MediaUnit]:
    """Pictures and sound alike."""
    moved: list[MediaUnit] = []
    for unit in units:
        if isinstance(unit, VideoSample):
            unit = replace(unit, dts_ms=unit.dts_ms + by_ms, pts_ms=unit.pts_ms + by_ms)
        elif isinstance(unit, AudioSample):
            unit = replace(unit, pts_ms=unit.pts_ms + by_ms)
        moved.append(unit)
    return moved


def retimed(units: Iterable[MediaUnit], rewrite: Rewrite) -> list[MediaUnit]:
    """The pictures rewritten, the sound as it was but ending with them; configurations first, then by time."""
    units = list(units)
    pictures = rewrite([unit for unit in units if isinstance(unit, VideoSample)])
    end = max(picture.pts_ms for picture in pictures)
    samples: list[VideoSample | AudioSample] = [
        *pictures,
        *(unit for unit in units if isinstance(unit, AudioSample) and unit.pts_ms <= end),
    ]
    configurations = [unit for unit in units if not isinstance(unit, VideoSample | AudioSample)]
    return [*configurations, *sorted(samples, key=sent_at)]


def sent_at(sample: VideoSample | AudioSample) -> int:
    """The time (ms) of a sample's message."""
    return sample.dts_ms if isinstance(sample, VideoSample) else sample.pts_ms
