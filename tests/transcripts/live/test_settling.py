"""What of a window is said for sure, and what the blocklist lets nobody see though it lies over a border."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.live.settling import LEAST, UNSURE, Memory, settle
from transcripts.speech.filters import BLOCKED, LOOP, Sifted
from transcripts.speech.words import Segment, Word

PHRASES = ("谢谢观看", "订阅转发打赏")


def segment(text: str, start: float = 0.0, *, pace: float = 0.25) -> Segment:
    """A word a character."""
    words = tuple(
        Word(letter, start + place * pace, start + (place + 1) * pace) for place, letter in enumerate(text)
    )
    return Segment(text, start, start + len(text) * pace, words)


def text_of(segments: list[Segment]) -> str:
    return "".join(word.text for each in segments for word in each.words)


def test_at_a_pause_everything_is_said() -> None:
    whole = [segment("依法行政")]
    settled = settle(whole, 1.0, is_whole=True, phrases=PHRASES)
    assert (settled.segments, settled.until) == (whole, 1.0)


def test_in_the_middle_of_speech_the_last_words_wait_and_the_next_window_begins_with_them() -> None:
    settled = settle([segment("依法行政复议申请受理审")], 2.8, is_whole=False, phrases=PHRASES)
    assert text_of(settled.segments) == "依法行政复议申请受"
    assert settled.segments[0].text == "依法行政复议申请受"
    assert settled.until == pytest.approx(2.25)
    assert settled.segments[0].end == settled.segments[0].words[-1].end <= 2.8 - UNSURE


def test_what_stays_unsure_for_long_is_taken_as_it_is() -> None:
    slow = [segment("啊", 0.0, pace=3.0)]
    settled = settle(slow, 3.0, is_whole=False, phrases=PHRASES)
    assert (settled.segments, settled.until) == (slow, 3.0)


def test_where_nothing_was_heard_it_goes_on_behind_what_may_be_half_a_word() -> None:
    settled = settle([], 3.0, is_whole=False, phrases=PHRASES)
    assert settled.segments == []
    assert settled.until == pytest.approx(3.0 - UNSURE)


def test_the_beginning_of_a_blocked_phrase_is_held_back_until_its_end_is_known() -> None:
    settled = settle([segment("今天讲到这里谢谢观")], 3.0, is_whole=False, phrases=PHRASES)
    assert text_of(settled.segments) == "今天讲到这里"
    assert settled.until == pytest.approx(1.5)


@given(
    st.lists(st.text("依法行政谢观看订阅转", min_size=1, max_size=9), max_size=4),
    st.floats(0.3, 6),
    st.booleans(),
)
def test_every_window_brings_it_forward_and_says_a_beginning_of_what_was_heard(
    texts: list[str], seconds: float, is_whole: bool
) -> None:
    heard, at = [], 0.0
    for text in texts:
        heard.append(segment(text, at))
        at = heard[-1].end
    settled = settle(heard, seconds, is_whole=is_whole, phrases=PHRASES)
    assert min(LEAST, seconds) <= settled.until <= seconds
    assert text_of(heard).startswith(text_of(settled.segments))
    assert all(each.text == text_of([each]) for each in settled.segments)


def test_a_phrase_over_the_border_of_two_windows_is_held() -> None:
    memory = Memory(PHRASES)
    first = memory.look(Sifted([segment("本讲结束订阅转")], []))
    second = memory.look(Sifted([segment("发打赏")], []))
    third = memory.look(Sifted([segment("下一讲再说")], []))
    assert text_of(first.kept) == "本讲结束订阅转"
    assert (second.kept, [each.reason for each in second.held]) == ([], [BLOCKED])
    assert text_of(third.kept) == "下一讲再说"


def test_the_same_words_again_and_again_are_held_from_the_third_time_on() -> None:
    memory = Memory(PHRASES)
    seen = [memory.look(Sifted([segment("对不对呀")], [])) for _ in range(4)]
    assert [bool(each.kept) for each in seen] == [True, True, False, False]
    assert seen[2].held[0].reason == LOOP
    assert memory.look(Sifted([segment("好")], [])).kept
