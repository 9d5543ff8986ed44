from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Invalid
from tests.support.spoken import assert_hard_rules
from transcripts.cues.cue import Cue
from transcripts.cues.formats import write_srt, write_txt
from transcripts.cues.importing import read_subtitles
from transcripts.cues.marks import CHECKED
from transcripts.cues.vtt import write_vtt

SRT = "1\n00:00:01,000 --> 00:00:03,000\n行政复议\n第一条\n\n2\n00:00:03,500 --> 00:00:05,000\n好\n"
READ = [Cue(1000, 3000, ("行政复议", "第一条")), Cue(3500, 5000, ("好",))]


def refused(name: str, text: str | bytes) -> str:
    with pytest.raises(Invalid) as caught:
        read_subtitles(name, text if isinstance(text, bytes) else text.encode())
    assert list(caught.value.fields) == ["file"]
    return caught.value.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_file_is_read_in_whatever_way_it_was_saved(encoding: str, ends: str) -> None:
    assert read_subtitles("讲座.SRT", SRT.replace("\n", ends).encode(encoding)) == READ


@pytest.mark.parametrize(
    "text",
    [
        SRT.replace(",", "."),
        SRT.replace("1\n0", "0", 1),
        SRT.replace("00:00:01,000", "0:0:1,0"),
        SRT.replace("00:00:03,500", "00:00:03,5"),
        "\n\n" + SRT.replace("\n\n", "\n\n\n\n") + "\n\n",
        SRT.replace("\n\n2", "\n2"),
        SRT.replace("行政复议", "<i>行政复议</i>").replace("好", "{\\an8}<font color='red'>好</font>"),
        SRT.replace("行政复议\n", "行政复议\n\n"),
        SRT.replace("00:00:03,000", "00:00:03,000 X1:1 X2:2"),
        SRT.split("\n\n")[1] + "\n\n" + SRT.split("\n\n")[0] + "\n",
        SRT + "\n3\n00:00:06,000 --> 00:00:07,000\n\n",
        SRT.replace("-->", "  -->  "),
    ],
)
def test_what_does_no_harm_is_mended(text: str) -> None:
    assert read_subtitles("a.srt", text.encode()) == READ


def test_a_small_overlap_is_taken_from_the_earlier_cue() -> None:
    text = SRT.replace("00:00:03,000", "00:00:04,200")
    assert read_subtitles("a.srt", text.encode())[0] == Cue(1000, 3500, ("行政复议", "第一条"))


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.srt", SRT.replace("00:00:05,000", "00:00:02,000"), "第 7 行：结束时间不晚于开始时间"),
        ("a.srt", SRT.replace("00:00:03,500", "00:00:01,200"), "第 7 行：和第 2 行的字幕时间重叠"),
        ("a.srt", SRT.replace("00:00:03,500", "三点五秒"), "第 7 行：时间写法不对"),
        ("a.srt", "行政复议\n\n" + SRT, "第 1 行：这一行不属于任何一条字幕"),
        ("a.srt", "没有时间的文字", "没有字幕时间"),
        ("a.srt", "", "没有字幕时间"),
        ("a.vtt", SRT, "第 1 行：WebVTT 文件要以 WEBVTT 开头"),
        ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n好\n\n没有时间\n", "第 6 行：这一行不属于任何一条字幕"),
        ("a.vtt", "WEBVTT\n", "没有字幕"),
        ("a.txt", "", "没有字幕"),
        ("a.txt", "[00:05] 后\n[00:02] 前\n", "第 2 行：时间比上面的早"),
        ("a.ass", SRT, "只能导入"),
        ("a", SRT, "只能导入"),
        ("a.srt", SRT.encode("gb18030") + b"\xff\xff", "第 9 行的文字读不出来"),
        ("a.srt", b"\xff\xfe" + SRT.encode("utf-16-le") + b"\x00", "读不出来"),
    ],
)
def test_what_would_lose_something_is_refused_with_its_line(name: str, text: str | bytes, words: str) -> None:
    assert words in refused(name, text)


def test_webvtt_is_read_without_its_comments_styles_and_tags() -> None:
    text = (
        "WEBVTT 说明\nKind: captions\n\nNOTE 自动生成，已人工校对\n\nSTYLE\n::cue { color: red }\n\n"
        "第一\n00:01.000 --> 00:03.000 line:0\n<v 张三>行政&amp;复议</v>\n<b>第一条</b>\n\n"
        "NOTE 很多\n行\n\n01:00:03.500 --> 01:00:05.000\n好\n"
    )
    assert read_subtitles("a.vtt", text.encode()) == [
        Cue(1000, 3000, ("行政&复议", "第一条")),
        Cue(3_603_500, 3_605_000, ("好",)),
    ]


def test_text_with_times_keeps_them_and_is_cut_by_the_rules() -> None:
    text = f"{CHECKED}\n[00:00:02.000] 今天我们来讲行政复议法第十一条规定的行政复议范围\n[00:00:12.500] 谢谢大家\n"
    cues = read_subtitles("a.txt", text.encode("gb18030"))
    assert_hard_rules(cues)
    assert cues[0].start_ms == 2000
    assert cues[-1] == Cue(12_500, cues[-1].end_ms, ("谢谢大家",))
    assert all(CHECKED not in cue.text for cue in cues)


def test_text_without_times_is_laid_out_at_a_lecturers_pace() -> None:
    text = "各位领导，大家好。今天9:30开始讲。\n9:40 开始提问也是可以的。\n" * 20
    cues = read_subtitles("a.txt", text.encode())
    assert_hard_rules(cues)
    assert cues[0].start_ms == 0
    assert 60_000 < cues[-1].end_ms < 240_000
    assert any("9:40" in cue.text for cue in cues)


LINE = st.text(
    st.characters(exclude_categories=("C", "Z", "P", "S"), max_codepoint=0x9FFF), min_size=1, max_size=16
)
LINES = st.lists(LINE, min_size=1, max_size=2).map(tuple)


@st.composite
def shown(draw: st.DrawFn) -> list[Cue]:
    made, clock = [], 0
    for lines in draw(st.lists(LINES, min_size=1, max_size=12)):
        clock += draw(st.integers(0, 100_000))
        end = clock + draw(st.integers(1, 7_000))
        made.append(Cue(clock, end, lines))
        clock = end
    return made


@settings(max_examples=150, deadline=None)
@given(shown(), st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]))
def test_what_is_written_comes_back_as_it_was(cues: list[Cue], encoding: str) -> None:
    assert read_subtitles("a.srt", write_srt(cues, note=CHECKED).encode(encoding)) == cues
    assert read_subtitles("a.vtt", write_vtt(cues, note=CHECKED).encode(encoding)) == cues


@settings(max_examples=100, deadline=None)
@given(shown())
def test_text_that_is_written_with_times_comes_back_with_every_letter(cues: list[Cue]) -> None:
    read = read_subtitles("a.txt", write_txt(cues, note=CHECKED, with_times=True).encode())
    assert_hard_rules(read)
    assert "".join(cue.text for cue in read).replace(" ", "") == "".join(cue.text for cue in cues).replace(
        " ", ""
    )


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["a.srt", "a.vtt", "a.txt"]),
    st.one_of(
        st.binary(max_size=150),
        st.text(max_size=150).map(lambda text: (SRT + text).encode("utf-8", "replace")),
    ),
)
def test_no_file_does_anything_but_read_or_be_refused(name: str, data: bytes) -> None:
    with suppress(Invalid):
        assert read_subtitles(name, data)
