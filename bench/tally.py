"""What many viewers saw, and its summary: times of parts, stalls, errors, and whose fault a delay is."""

from collections import Counter
from dataclasses import dataclass, field

from bench.figure import Detail
from bench.hls import ListedPart
from bench.playhead import Playhead
from bench.stats import median, percentile


@dataclass(slots=True)
class Arrivals:
    """When viewers had one part, complete (monotonic seconds)."""

    duration: float
    times: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Tally:
    """Filled by all viewers of a load; `measuring` is False while they are still joining. Times in ms."""

    measuring: bool = False
    part_ms: list[float] = field(default_factory=list)
    lag_ms: list[float] = field(default_factory=list)
    arrivals: dict[tuple[int, int], Arrivals] = field(default_factory=dict)
    stalled_at: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    missed: int = 0
    bytes: int = 0

    def had(
        self, part: ListedPart, asked_at: float, completed_at: float, size: int, playhead: Playhead
    ) -> None:
        """A viewer has a part."""
        before = playhead.stalls
        playhead.received(completed_at, part.duration)
        if playhead.stalls > before:
            self.stalled_at.append(completed_at)
        self.bytes += size
        if self.measuring:
            self.part_ms.append((completed_at - asked_at) * 1000)
            place = self.arrivals.setdefault((part.msn, part.index), Arrivals(part.duration))
            place.times.append(completed_at)

    def source_lateness_ms(self) -> list[float]:
        """How late each part was at its first viewer, against the earliest pace all parts allow.

        What is late here was late for everybody: the publisher or the packager, not the serving of many.
        """
        media, offsets = 0.0, []
        for place in sorted(self.arrivals):
            arrivals = self.arrivals[place]
            media += arrivals.duration
            offsets.append(min(arrivals.times) - media)
        earliest = min(offsets)
        return [(offset - earliest) * 1000 for offset in offsets]

    def waves_ms(self) -> list[float]:
        """From the first viewer who had a part to the last one, for each part."""
        return [(max(part.times) - min(part.times)) * 1000 for part in self.arrivals.values()]


def summary(
    tally: Tally, playheads: list[Playhead], *, started: float, seconds: float, cpu: float
) -> dict[str, Detail]:
    """started: monotonic; seconds measured; cpu: seconds of CPU the load maker itself took in them.

    Raises SystemExit when there is nothing to sum up.
    """
    if not tally.part_ms:
        raise SystemExit(f"no viewer got a part: {tally.errors[:3]}")
    late, waves = tally.source_lateness_ms(), tally.waves_ms()
    stalls = Counter(int(at - started) for at in tally.stalled_at)
    return {
        "viewers": len(playheads),
        "seconds": round(seconds, 1),
        "parts": len(tally.part_ms),
        "part_p50_ms": round(median(tally.part_ms), 2),
        "part_p99_ms": round(percentile(tally.part_ms, 0.99), 2),
        "part_max_ms": round(max(tally.part_ms), 2),
        "wave_median_ms": round(median(waves), 2),
        "wave_max_ms": round(max(waves), 2),
        "source_late_p99_ms": round(percentile(late, 0.99), 2),
        "source_late_max_ms": round(max(late), 2),
        "lag_p50_ms": round(median(tally.lag_ms), 2),
        "lag_p99_ms": round(percentile(tally.lag_ms, 0.99), 2),
        "lag_max_ms": round(max(tally.lag_ms), 2),
        "stalls": sum(playhead.stalls for playhead in playheads),
        "stalled_viewers": sum(playhead.stalls > 0 for playhead in playheads),
        "stalled_seconds": round(sum(playhead.stalled_seconds for playhead in playheads), 3),
        "stalls_by_second": {str(second): count for second, count in sorted(stalls.items())},
        "errors": len(tally.errors),
        "first_errors": [*tally.errors[:3]],
        "missed_parts": tally.missed,
        "megabits_per_second": round(tally.bytes * 8 / 1e6 / seconds, 1),
        "load_maker_cpu": round(cpu / seconds, 3),
    }
