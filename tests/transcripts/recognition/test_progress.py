"""How far recognition is: by the length of what is done, the time that is left by its speed."""

import pytest

from transcripts.recognition.progress import PieceDone, percent_of, remaining_of


def piece(length: float, speech: float, *, took: float | None = None) -> PieceDone:
    """Seconds; took: None while it is not done."""
    done = took is not None
    return PieceDone(round(length * 1000), round(speech * 1000), took or 0.0, done, 0)


@pytest.mark.parametrize(
    ("pieces", "percent", "remaining"),
    [
        pytest.param([], None, None, id="the sound is not cut yet"),
        pytest.param([piece(300, 200)], 0, None, id="nothing is done"),
        pytest.param([piece(300, 200, took=100), piece(300, 100)], 50, 50, id="by the speech that is left"),
        pytest.param(
            [piece(300, 0, took=1), piece(300, 100)], 50, None, id="silence says nothing of the speed"
        ),
        pytest.param([piece(300, 200, took=100), piece(300, 0)], 50, 0, id="only silence is left"),
        pytest.param([piece(300, 200, took=100), piece(300, 100, took=60)], 100, 0, id="all is done"),
        pytest.param([piece(999, 9, took=1), piece(1, 1)], 99, 0, id="100 only when all is done"),
    ],
)
def test_percent_and_seconds(pieces: list[PieceDone], percent: int | None, remaining: int | None) -> None:
    assert percent_of(pieces) == percent
    assert remaining_of(pieces) == remaining
