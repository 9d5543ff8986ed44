"""What is recognised at once: cut at pauses, or where none comes for long; nothing lost and nothing twice."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcripts.live.windows import KEPT, LONGEST, LONGEST_GAP, PAUSE, Spans, Window, Windows, where_to_cut
from transcripts.speech.engine import SAMPLE_RATE, Pcm

MOST = 3.0
STEP = 0.4
"""Seconds of a part."""


def loud_spans(pcm: Pcm) -> Spans:
    """A detector without manners: speech is where the sound is not zero, pauses under 0.3 s are none."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], (pcm != 0).astype(int), [0]))))
    spans: Spans = []
    for start, end in zip(edges[::2] / SAMPLE_RATE, edges[1::2] / SAMPLE_RATE, strict=True):
        if spans and start - spans[-1][1] < 0.3:
            spans[-1] = (spans[-1][0], float(end))
        else:
            spans.append((float(start), float(end)))
    return spans


def sound(*stretches: float) -> Pcm:
    """Seconds of speech and of silence, in turn. Every sample of speech tells its place."""
    pieces, place = [], 0
    for number, seconds in enumerate(stretches):
        count = round(seconds * SAMPLE_RATE)
        piece = np.arange(place + 1, place + count + 1, dtype=np.float32)
        pieces.append(piece if number % 2 == 0 else np.zeros(count, np.float32))
        place += count
    return np.concatenate(pieces)


def played(windows: Windows, pcm: Pcm, *, start: int = 0) -> list[Window]:
    """All that is cut while it comes in parts; each window is done to its end."""
    found = []
    step = round(STEP * SAMPLE_RATE)
    for at in range(0, len(pcm), step):
        windows.lay(start + at, pcm[at : at + step])
        while (window := windows.next()) is not None:
            found.append(window)
            windows.done(window.end)
    return found


def test_a_sentence_is_a_window_of_its_own_when_its_pause_is_heard() -> None:
    (window,) = played(Windows(loud_spans, most_seconds=MOST), sound(2.0, 2.0))
    assert (window.start, window.end, window.is_whole) == (0, 2 * SAMPLE_RATE, True)
    assert window.spans == [(0.0, 2.0)]


def test_speech_without_a_pause_is_cut_where_it_stands_after_the_setting() -> None:
    windows = played(Windows(loud_spans, most_seconds=MOST), sound(12.0))
    assert [window.is_whole for window in windows] == [False] * len(windows)
    assert all(MOST <= window.seconds <= MOST + 2 * STEP for window in windows)


def test_the_last_pause_is_better_than_the_middle_of_a_word() -> None:
    assert where_to_cut([(0.0, 1.6), (2.0, 3.2)], 3.2, most_seconds=MOST) == (1.6, True)
    assert where_to_cut([(0.0, 0.6), (1.0, 3.2)], 3.2, most_seconds=MOST) == (3.2, False)


@pytest.mark.parametrize(
    ("spans", "length", "cut"),
    [
        ([(0.0, 1.0)], 1.0 + PAUSE - 0.01, None),
        ([(0.0, 1.0)], 1.0 + PAUSE, (1.0, True)),
        ([(0.5, 3.2)], 3.2, None),
        ([(0.5, 3.6)], 3.6, (3.6, False)),
        ([(0.0, 40.0)], 40.0, (LONGEST, False)),
        ([(0.0, 8.0), (9.0, 40.0)], 40.0, (8.0, True)),
    ],
)
def test_where_it_is_cut(spans: Spans, length: float, cut: tuple[float, bool] | None) -> None:
    assert where_to_cut(spans, length, most_seconds=MOST) == cut


def test_silence_is_let_go_but_for_what_may_be_the_beginning_of_speech() -> None:
    windows = Windows(loud_spans, most_seconds=MOST)
    assert played(windows, sound(0.0, 60.0)) == []
    assert windows.end - windows.settled <= KEPT + STEP * SAMPLE_RATE + 1


def test_what_is_missing_is_silence_and_after_a_long_gap_it_begins_anew() -> None:
    windows = Windows(loud_spans, most_seconds=MOST)
    windows.lay(0, sound(0.6))
    windows.lay(SAMPLE_RATE, sound(0.6))
    assert windows.end == round(1.6 * SAMPLE_RATE)
    windows.lay(windows.end - 1600, sound(0.6))  # part of it once more
    assert windows.end == round(2.1 * SAMPLE_RATE)
    later = windows.end + LONGEST_GAP + 1
    windows.lay(later, sound(0.6))
    assert windows.settled == later


def test_who_begins_to_listen_in_the_middle_hears_at_the_lecture_s_time() -> None:
    start = 3600 * SAMPLE_RATE
    (window,) = played(Windows(loud_spans, most_seconds=MOST), sound(2.0, 2.0), start=start)
    assert window.start == start


@given(st.lists(st.floats(0.1, 8), min_size=1, max_size=8))
@settings(deadline=None, max_examples=40)
def test_every_sample_of_speech_is_in_exactly_one_window(stretches: list[float]) -> None:
    pcm = np.concatenate((sound(*stretches), np.zeros(2 * SAMPLE_RATE, np.float32)))
    windows = played(Windows(loud_spans, most_seconds=MOST), pcm)
    heard = np.concatenate([np.zeros(0, np.float32), *(window.pcm for window in windows)])
    assert np.array_equal(heard[heard != 0], pcm[pcm != 0])
    for window in windows:
        assert np.array_equal(window.pcm, pcm[window.start : window.end])
        assert all(0 <= start < end <= window.seconds + 1e-6 for start, end in window.spans)
