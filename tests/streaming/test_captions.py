"""Live captions as a rendition: each cue in every segment it crosses, valid, never changed once it is listed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.captions import SHOWN_LEAST, Caption, CaptionPlace, CaptionTrack
from streaming.cuts import CutTable
from streaming.playlist import PlaylistShape
from streaming.reload import Readiness
from streaming.segments import TICKS_PER_SECOND
from streaming.waking import Waker
from tests.support.feeder import DATE
from tests.support.hls_checker import PlaylistWatch
from transcripts.cues.rules import Level
from transcripts.cues.vtt_check import check_vtt

SECOND = TICKS_PER_SECOND
_CUE = re.compile(r"(\d\d):(\d\d):(\d\d)\.(\d{3}) --> (\d\d):(\d\d):(\d\d)\.(\d{3})\n((?:.+\n)+)")


@dataclass
class Listener:
    """A `CaptionSource`."""

    shown: list[tuple[Caption, Caption]] = field(default_factory=list)

    def placed(self, heard: Caption, shown: Caption) -> None:
        self.shown.append((heard, shown))


class Air:
    """A lecture whose segments are cut by hand, and its captions from segment `first` on."""

    def __init__(self, first: int = 0) -> None:
        self.table = CutTable()
        self.now = 0
        for _ in range(first):
            self._cut(2 * SECOND)
        self.listener = Listener()
        place = CaptionPlace(self.table, PlaylistShape(), Waker(), "e1", lambda msn: self._date(msn))
        self.track = CaptionTrack(place, first, self.listener)
        self.watch = PlaylistWatch()

    def segment(self, ticks: int = 2 * SECOND, *, discontinuity: bool = False) -> None:
        self._cut(ticks, discontinuity=discontinuity)
        self.track.follow_cuts()

    def load(self, *, delta: bool = False) -> str:
        text = self.track.playlist("../../media/n/t/", delta=delta, gzipped=False).decode()
        self.watch.load(text, subtitles=True)
        return text

    def cues(self, msn: int) -> list[tuple[int, int, str]]:
        """From, until (ms) and text."""
        data = self.track.get(f"{msn}.vtt")
        assert data is not None
        assert [each for each in check_vtt(data) if each.level is Level.ERROR] == [], data.decode()
        found = []
        for match in _CUE.finditer(data.decode()):
            numbers = [int(group) for group in match.groups()[:8]]
            start, end = (
                ((numbers[at] * 60 + numbers[at + 1]) * 60 + numbers[at + 2]) * 1000 + numbers[at + 3]
                for at in (0, 4)
            )
            found.append((start, end, match[9].strip("\n")))
        return found

    def _cut(self, ticks: int, *, discontinuity: bool = False) -> None:
        self.table.cut(self.now, publication=1, discontinuity=discontinuity)
        self.now += ticks
        self.table.close(self.now)

    def _date(self, msn: int) -> float:
        cut = self.table.get(msn)
        assert cut is not None
        return DATE + cut.start / SECOND


def caption(start: float, end: float, text: str = "依法行政") -> Caption:
    return Caption(round(start * SECOND), round(end * SECOND), text)


captions = st.lists(
    st.tuples(
        st.floats(0, 3),
        st.floats(0.1, 7),
        st.text(st.characters(codec="utf-8"), max_size=12),
        st.integers(0, 3),
    ),
    max_size=12,
)
"""Pause before it and length in seconds, text, and how many segments are listed before it is known."""


@given(captions, st.lists(st.integers(SECOND // 2, 425 * SECOND // 100), min_size=40, max_size=40))
@settings(deadline=None)
def test_every_caption_is_in_each_segment_it_crosses_and_in_no_other(
    said: list[tuple[float, float, str, int]], lengths: Sequence[int]
) -> None:
    air, moment, left = Air(), 0.0, list(lengths)
    for pause, length, text, later in said:
        moment += pause
        air.track.add(caption(moment, moment + length, text))
        moment += length
        for _ in range(min(later, len(left) - 4)):
            air.segment(left.pop())
    while air.now < (moment + 10) * SECOND:
        air.segment(left.pop() if left else 2 * SECOND)
    for entry in air.track.closed:
        start, end = entry.start, entry.start + entry.duration
        there = [(shown.start // 90, shown.end // 90) for _, shown in air.listener.shown
                 if shown.start < end and shown.end > start]  # fmt: skip
        assert [cue[:2] for cue in air.cues(entry.msn)] == there
    previous = 0
    for heard, shown in air.listener.shown:
        assert shown.text == heard.text
        assert shown.start >= max(heard.start, previous)
        meant = heard.end - heard.start
        assert min(meant, SHOWN_LEAST) <= shown.end - shown.start <= meant
        previous = shown.end
    readable = [text for *_, text, _ in said if re.sub(r"[\x00-\x09\x0b-\x1f\x7f]", "", text).strip()]
    assert [heard.text for heard, _ in air.listener.shown] == readable


@given(captions)
@settings(deadline=None)
def test_the_playlist_keeps_the_rules_from_version_to_version_and_no_segment_ever_changes(
    said: list[tuple[float, float, str, int]],
) -> None:
    air, moment = Air(first=3), 6.0
    seen: dict[str, bytes] = {}
    for place, (pause, length, text, later) in enumerate(said):
        air.track.add(caption(moment + pause, moment + pause + length, text))
        moment += pause + length
        for number in range(later + 1):
            air.segment(discontinuity=number == 0 and place % 5 == 4)
            air.load()
            air.load(delta=True)
            for entry in air.track.closed:
                data = air.track.get(f"{entry.msn}.vtt")
                assert data is not None
                assert seen.setdefault(f"{entry.msn}", data) == data
    if said:
        first = air.watch.segments[3]
        assert first.uri == "../../media/n/t/e1/captions/3.vtt"
        assert first.discontinuity_sequence == 0


def test_what_is_said_while_a_segment_is_on_the_air_is_in_that_segment_at_its_time() -> None:
    air = Air()
    air.track.add(caption(0.5, 1.5))
    air.segment()
    assert air.cues(0) == [(500, 1500, "依法行政")]


def test_what_is_heard_too_late_is_shown_from_the_next_segment_on_for_as_long_as_it_was_said() -> None:
    air = Air()
    air.segment()
    air.track.add(caption(0.5, 2.5))
    air.segment()
    assert air.cues(1) == [(2000, 4000, "依法行政")]


def test_two_that_come_late_together_share_the_time() -> None:
    air = Air()
    air.segment()
    air.track.add(caption(0, 3, "第一句"))
    air.track.add(caption(1, 2, "第二句"))
    air.segment()
    assert air.cues(1) == [(2000, 3000, "第一句"), (3000, 4000, "第二句")]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("一 < 二 & 三 --> 四", "一 &lt; 二 &amp; 三 --&gt; 四"),
        ("上行\n\n  下行\n", "上行\n下行"),
        ("有\x00控\r制\x1f字符", "有控制字符"),
        ("WEBVTT\nNOTE", "WEBVTT\nNOTE"),
    ],
)
def test_no_text_breaks_the_file(text: str, written: str) -> None:
    air = Air()
    air.track.add(caption(0, 2, text))
    air.segment()
    assert air.cues(0) == [(0, 2000, written)]


@pytest.mark.parametrize("text", ["", "  ", "\n \n", "\x00\x01"])
def test_an_empty_caption_is_no_caption(text: str) -> None:
    air = Air()
    air.track.add(caption(0, 2, text))
    air.segment()
    assert air.cues(0) == []


def test_a_segment_without_words_is_a_valid_file_that_maps_its_clock() -> None:
    air = Air()
    air.segment()
    assert air.track.get("0.vtt") == b"WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:10.000\n"


def test_hours_into_a_lecture_times_are_those_of_the_lecture() -> None:
    air = Air()
    air.segment(4 * SECOND)
    air.now = 3 * 3600 * SECOND
    air.track.add(caption(3 * 3600 + 1, 3 * 3600 + 2.5))
    air.segment()
    assert air.cues(1) == [(10_801_000, 10_802_500, "依法行政")]


def test_a_request_waits_for_the_next_segment_and_is_refused_beyond_the_one_after() -> None:
    air = Air()
    air.segment()
    found = [air.track.readiness(msn) for msn in range(4)]
    assert found == [Readiness.READY, Readiness.WAIT, Readiness.WAIT, Readiness.TOO_FAR]
