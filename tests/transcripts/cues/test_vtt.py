import pytest

from core.errors import Invalid
from transcripts.cues.cue import Cue
from transcripts.cues.vtt import write_vtt


def test_a_file_is_written_as_the_standard_says() -> None:
    cues = [Cue(1_000, 3_500, ("《民法典》", "A & B <b> --> C")), Cue(3_600_000, 363_600_001, ("好",))]
    assert write_vtt(cues, note="自动生成，已人工校对") == (
        "WEBVTT\n\n"
        "NOTE 自动生成，已人工校对\n\n"
        "00:00:01.000 --> 00:00:03.500\n《民法典》\nA &amp; B &lt;b&gt; --&gt; C\n\n"
        "01:00:00.000 --> 101:00:00.001\n好\n"
    )


def test_what_no_file_can_hold_is_left_out() -> None:
    cues = [
        Cue(0, 1000, ("", " ", "\x00\ud800")),
        Cue(1000, 2000, ("好\n的", "", "a\tb")),
        Cue(2000, 3000, ()),
    ]
    assert write_vtt(cues) == "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n好\n的\na b\n"


def test_no_cues_make_a_valid_file_all_the_same() -> None:
    assert write_vtt([]) == "WEBVTT\n\n"
    assert write_vtt([], note="a --> b\n\nc") == "WEBVTT\n\nNOTE a → b c\n"


@pytest.mark.parametrize(
    ("cues", "words"),
    [
        ([Cue(-1, 5, ("好",))], "第 1 条字幕的开始时间小于 0"),
        ([Cue(5, 5, ("好",))], "结束时间不晚于开始时间"),
        ([Cue(5000, 6000, ("好",)), Cue(4000, 6000, ("好",))], "第 2 条字幕（0:04）比前一条开始得早"),
    ],
)
def test_times_that_no_file_may_have_are_refused(cues: list[Cue], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        write_vtt(cues)
