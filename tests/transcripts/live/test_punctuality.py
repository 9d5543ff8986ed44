"""When captions are given up: too late for too long, and not for a moment or for a silence."""

import pytest

from transcripts.live.punctuality import KEPT, Punctuality


def lost_at(behind: dict[int, float], shown: dict[int, float], seconds: int = 120) -> int | None:
    """The second at which they are given up. behind and shown: from that second on, and at that second."""
    punctuality = Punctuality(most=6, patience=20)
    now_behind = 0.0
    for now in range(seconds):
        now_behind = behind.get(now, now_behind)
        if now in shown:
            punctuality.shown(now, shown[now])
        if punctuality.is_lost(now, now_behind):
            return now
    return None


@pytest.mark.parametrize(
    ("behind", "shown", "at"),
    [
        ({0: 3.0}, {}, None),
        ({10: 6.5}, {}, 31),
        ({10: 6.5, 25: 5.0}, {}, None),
        ({10: 6.5, 25: 5.0, 26: 7.0}, {}, 47),
        ({}, dict.fromkeys(range(10, 40, 3), 7.0), 31),
        ({}, {10: 9.0}, None),  # one late caption, and then nobody speaks
        ({}, {**dict.fromkeys(range(10, 28, 3), 7.0), 29: 4.0}, None),
    ],
)
def test_when_they_are_given_up(behind: dict[int, float], shown: dict[int, float], at: int | None) -> None:
    assert lost_at(behind, shown) == at


def test_the_delay_is_the_median_of_late() -> None:
    punctuality = Punctuality(most=6, patience=20)
    assert punctuality.delay is None
    for number in range(3 * KEPT):
        punctuality.shown(number, 9.0 if number < 2 * KEPT else 3.0 + number % 2)
    assert punctuality.delay == pytest.approx(3.5)
