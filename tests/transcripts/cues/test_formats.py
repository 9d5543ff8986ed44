import json

import pytest

from core.errors import Invalid
from transcripts.cues.cue import Cue
from transcripts.cues.formats import write_json, write_srt, write_txt
from transcripts.cues.marks import CHECKED

CUES = [Cue(4_000, 6_500, ("《民法典》", "第一条")), Cue(3_600_000, 3_602_000, ("好 A --> B",))]


def test_srt_is_numbered_and_has_commas() -> None:
    assert write_srt(CUES) == (
        "1\n00:00:04,000 --> 00:00:06,500\n《民法典》\n第一条\n\n2\n01:00:00,000 --> 01:00:02,000\n好 A → B\n\n"
    )


def test_srt_shows_the_mark_before_the_first_cue_where_there_is_room() -> None:
    assert write_srt(CUES, note=CHECKED).startswith(f"1\n00:00:00,000 --> 00:00:03,000\n{CHECKED}\n\n2\n")


def test_srt_shows_the_mark_after_the_last_cue_where_there_is_none() -> None:
    written = write_srt([Cue(500, 6_500, ("好",))], note=CHECKED)
    assert written.endswith(f"2\n00:00:06,500 --> 00:00:09,500\n{CHECKED}\n\n")
    assert write_srt([], note=CHECKED) == ""


def test_plain_text_is_a_line_a_cue_with_its_time_on_request() -> None:
    assert write_txt(CUES, note=CHECKED) == f"{CHECKED}\n《民法典》第一条\n好 A --> B\n"
    assert write_txt(CUES[:1], with_times=True) == "[00:00:04.000] 《民法典》第一条\n"


def test_json_has_seconds_and_lines() -> None:
    assert json.loads(write_json(CUES)) == [
        {"start": 4.0, "end": 6.5, "lines": ["《民法典》", "第一条"]},
        {"start": 3600.0, "end": 3602.0, "lines": ["好 A --> B"]},
    ]


@pytest.mark.parametrize("write", [write_srt, write_txt, write_json])
def test_times_that_no_file_may_have_are_refused(write: type[object]) -> None:
    with pytest.raises(Invalid, match="第 1 条字幕"):
        write([Cue(5, 5, ("好",))])  # type: ignore[call-arg]
