from streaming.bitrate import BitRate
from streaming.segments import TICKS_PER_SECOND


def test_average_and_peak_of_segments_of_two_seconds() -> None:
    rate = BitRate()
    for size in (250_000, 500_000, 250_000):
        rate.add(size, 2 * TICKS_PER_SECOND)
    assert rate.peak == 2_000_000
    assert rate.average == 1_333_334


def test_a_short_segment_alone_is_no_peak() -> None:
    rate = BitRate()
    rate.add(250_000, 2 * TICKS_PER_SECOND)
    rate.add(100_000, TICKS_PER_SECOND // 10)
    rate.add(250_000, 2 * TICKS_PER_SECOND)
    assert 1_000_000 < rate.peak < 1_400_000


def test_the_first_segment_counts_however_short_it_is() -> None:
    rate = BitRate()
    rate.add(125_000, TICKS_PER_SECOND)
    assert rate.peak == 1_000_000


def test_segments_on_the_two_sides_of_a_gap_are_not_neighbours() -> None:
    rate = BitRate()
    rate.add(125_000, TICKS_PER_SECOND)
    rate.interrupt()
    rate.add(1_250_000, TICKS_PER_SECOND // 2)
    assert rate.peak == 1_000_000
