import pytest

from bench.hls import ListedPart
from bench.playhead import Playhead
from bench.tally import Tally


def tally_of(arrivals: dict[tuple[int, int], list[float]]) -> Tally:
    """A tally in which viewers had these parts of 0.4 s at these times."""
    tally, playheads = Tally(measuring=True), [Playhead(1), Playhead(1)]
    for (msn, index), times in arrivals.items():
        for playhead, at in zip(playheads, times, strict=True):
            tally.had(ListedPart(msn, index, "x", 0.4), at - 0.01, at, 1000, playhead)
    return tally


def test_a_part_that_is_late_for_everybody_is_a_late_source() -> None:
    tally = tally_of({(5, 0): [10.0, 10.1], (5, 1): [10.4, 10.5], (6, 0): [11.8, 11.9]})
    assert tally.source_lateness_ms() == pytest.approx([0.0, 0.0, 1000.0])
    assert tally.waves_ms() == pytest.approx([100.0, 100.0, 100.0])


def test_a_part_that_is_late_for_some_is_a_long_wave() -> None:
    tally = tally_of({(5, 0): [10.0, 10.1], (5, 1): [10.4, 11.4]})
    assert tally.source_lateness_ms() == pytest.approx([0.0, 0.0])
    assert tally.waves_ms() == pytest.approx([100.0, 1000.0])


def test_the_moment_of_a_stall_is_kept() -> None:
    tally = tally_of({(5, 0): [10.0, 10.0], (5, 1): [10.4, 10.9]})
    assert tally.stalled_at == [10.9]


def test_what_comes_before_measuring_counts_for_the_playhead_only() -> None:
    tally = Tally()
    tally.had(ListedPart(0, 0, "x", 0.4), 1.0, 1.1, 500, Playhead(1))
    assert tally.part_ms == []
    assert tally.bytes == 500
