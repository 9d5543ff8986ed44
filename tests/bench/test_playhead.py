import pytest

from bench.playhead import Playhead


def test_parts_that_come_in_time_never_stall() -> None:
    playhead = Playhead(parts_behind=3)
    for number in range(100):
        playhead.received(now=0.4 * number, duration=0.4)
    playhead.finish(now=0.4 * 100)
    assert (playhead.stalls, playhead.stalled_seconds) == (0, 0.0)


def test_a_part_may_be_late_by_what_is_held_but_no_more() -> None:
    held = Playhead(parts_behind=3)
    for now in (0.0, 0.0, 0.0, 1.2):
        held.received(now, duration=0.4)
    assert held.stalls == 0

    late = Playhead(parts_behind=3)
    for now in (0.0, 0.0, 0.0, 1.5):
        late.received(now, duration=0.4)
    assert late.stalls == 1
    assert late.stalled_seconds == pytest.approx(0.3)


def test_the_delay_of_one_stall_stays_as_a_reserve() -> None:
    playhead = Playhead(parts_behind=1)
    for now in (0.0, 1.0, 1.0, 1.0, 2.15):
        playhead.received(now, duration=0.4)
    assert playhead.stalls == 1


def test_it_waits_for_its_parts_before_it_plays() -> None:
    playhead = Playhead(parts_behind=3)
    playhead.received(0.0, 0.4)
    playhead.received(50.0, 0.4)
    playhead.finish(100.0)
    assert playhead.stalls == 0


def test_a_picture_that_stands_still_at_the_end_is_a_stall() -> None:
    playhead = Playhead(parts_behind=1)
    playhead.received(0.0, 0.4)
    playhead.finish(2.4)
    assert playhead.stalls == 1
    assert playhead.stalled_seconds == pytest.approx(2.0)
