import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transcripts.cues.cue import Cue
from transcripts.cues.rules import Level
from transcripts.cues.vtt import write_vtt
from transcripts.cues.vtt_check import check_vtt

TIME = "00:00:01.000 --> 00:00:03.000"


def errors(data: str | bytes) -> list[tuple[int, str]]:
    found = check_vtt(data if isinstance(data, bytes) else data.encode())
    return [(each.line, each.message) for each in found if each.level is Level.ERROR]


def cue(text: str, timing: str = TIME) -> str:
    return f"WEBVTT\n\n{timing}\n{text}\n"


VALID = {
    "the least file": "WEBVTT\n",
    "header alone": "WEBVTT",
    "a byte order mark": "\ufeffWEBVTT\n\n00:01.000 --> 00:02.000\n好\n",
    "a text after the header": "WEBVTT 法治微课堂\n\n00:01.000 --> 00:02.000\n好\n",
    "a tab after the header": "WEBVTT\tx\n\n00:01.000 --> 00:02.000\n好\n",
    "Windows line ends": "WEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\n好\r\n",
    "old Mac line ends": "WEBVTT\r\r00:01.000 --> 00:02.000\r好\r",
    "hours of many digits": cue("好", "100:00:01.000 --> 100:00:03.000"),
    "minutes only": cue("好", "59:59.000 --> 59:59.900"),
    "identifiers": f"WEBVTT\n\n第一\n{TIME}\n好\n\n2\n{TIME}\n好\n",
    "equal starts": f"WEBVTT\n\n{TIME}\n好\n\n{TIME}\n的\n",
    "comments": f"WEBVTT\n\nNOTE\n很多\n行\n\nNOTE 一行\n\n{TIME}\n好\n\nNOTE\t尾\n",
    "style and region first": f"WEBVTT\n\nSTYLE\n::cue {{ color: red }}\n\nREGION\nid:a width:40%\nlines:3 "
    f"regionanchor:0%,100% viewportanchor:10%,90% scroll:up\n\n{TIME} region:a\n好\n",
    "all settings": cue("好", f"{TIME} vertical:rl line:-1,end position:50%,center size:80% align:start"),
    "a percentage with decimals": cue("好", f"{TIME}\tline:12.5% position:100.0%"),
    "settings after a tab": cue("好", "00:00:01.000\t-->\t00:00:03.000\talign:left"),
    "tags": cue("<v 张三>我说<i.loud>对</i><b>的</b><c.red.big>好</c></v>"),
    "a voice left open": cue("<v 张三>我说对"),
    "ruby": cue("<ruby>复议<rt>fuyi</rt></ruby><lang en>ok</lang>"),
    "ruby without the end of its last rt": cue("<ruby>复议<rt>fuyi</ruby>"),
    "times within": cue("我<00:00:01.500>说<00:00:02.000>对"),
    "references": cue("A &amp; B &lt; C &gt; D &nbsp;&lrm;&rlm; &#38; &#x4e00;"),
    "a raw greater-than": cue("1 > 0"),
    "several blank lines": f"WEBVTT\n\n\n\n{TIME}\n好\n\n\n\n{TIME}\n好\n\n\n",
    "a stream's segment": f"WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n\n{TIME}\n好\n",
    "a word that begins like a block": f"WEBVTT\n\nNOTEBOOK\n{TIME}\n好\n",
}
INVALID = {
    "nothing": ("", 1),
    "no header": (f"{TIME}\n好\n", 1),
    "a header run on": (f"WEBVTTx\n\n{TIME}\n好\n", 1),
    "a header in lower case": (f"webvtt\n\n{TIME}\n好\n", 1),
    "an arrow in the header": (f"WEBVTT --> \n\n{TIME}\n好\n", 1),
    "a space before the header": (f" WEBVTT\n\n{TIME}\n好\n", 1),
    "no blank line after the header": (f"WEBVTT\n{TIME}\n好\n", 2),
    "metadata after the header": (f"WEBVTT\nKind: captions\n\n{TIME}\n好\n", 2),
    "an end before its start": (cue("好", "00:00:03.000 --> 00:00:01.000"), 3),
    "an end at its start": (cue("好", "00:00:03.000 --> 00:00:03.000"), 3),
    "a start before an earlier one": (f"WEBVTT\n\n00:05.000 --> 00:06.000\n好\n\n{TIME}\n好\n", 6),
    "a comma for a point": (cue("好", "00:00:01,000 --> 00:00:03,000"), 3),
    "two decimals": (cue("好", "00:00:01.00 --> 00:00:03.000"), 3),
    "four decimals": (cue("好", "00:00:01.0000 --> 00:00:03.000"), 3),
    "sixty seconds": (cue("好", "00:00:60.000 --> 00:01:03.000"), 3),
    "sixty minutes": (cue("好", "00:60:00.000 --> 01:01:03.000"), 3),
    "one digit of hours": (cue("好", "0:00:01.000 --> 0:00:03.000"), 3),
    "one digit of minutes": (cue("好", "1:01.000 --> 1:03.000"), 3),
    "full-width digits": (cue("好", "００:00:01.000 --> 00:00:03.000"), 3),
    "no spaces at the arrow": (cue("好", "00:00:01.000-->00:00:03.000"), 3),
    "no end": (cue("好", "00:00:01.000 -->"), 3),
    "a space before the times": (cue("好", f" {TIME}"), 3),
    "an unknown setting": (cue("好", f"{TIME} colour:red"), 3),
    "a setting without a value": (cue("好", f"{TIME} align:"), 3),
    "a setting twice": (cue("好", f"{TIME} align:left align:left"), 3),
    "align of old": (cue("好", f"{TIME} align:middle"), 3),
    "more than all": (cue("好", f"{TIME} size:101%"), 3),
    "a size without per cent": (cue("好", f"{TIME} size:50"), 3),
    "a raw ampersand": (cue("A & B"), 4),
    "an unknown reference": (cue("A &nonsense; B"), 4),
    "a raw less-than": (cue("1 < 2"), 4),
    "an unknown tag": (cue("<script>"), 4),
    "an upper-case tag": (cue("<B>好</B>"), 4),
    "a tag never closed": (cue("好\n<i>好"), 5),
    "tags across": (cue("<i><b>好</i></b>"), 4),
    "an end without a start": (cue("好</i>"), 4),
    "a voice without a name": (cue("<v>好</v>"), 4),
    "an annotation where none may be": (cue("<i x>好</i>"), 4),
    "rt outside ruby": (cue("<rt>好</rt>"), 4),
    "a time outside its cue": (cue("<00:00:09.000>好"), 4),
    "times that go back": (cue("<00:00:02.000>好<00:00:01.500>的"), 4),
    "an arrow in a text": (cue("甲 --> 乙"), 4),
    "no blank line between cues": (cue("好\n00:00:04.000 --> 00:00:05.000\n好"), 5),
    "text without a time": ("WEBVTT\n\n只有文字\n", 3),
    "an identifier without a time": ("WEBVTT\n\n1\n好\n", 3),
    "an arrow in an identifier": (f"WEBVTT\n\na --> b\n{TIME}\n好\n", 3),
    "an arrow in a comment": ("WEBVTT\n\nNOTE a --> b\n", 3),
    "a style after a cue": (f"WEBVTT\n\n{TIME}\n好\n\nSTYLE\n::cue {{}}\n", 6),
    "a region without a name": ("WEBVTT\n\nREGION\nwidth:40%\n", 3),
    "a region's unknown setting": ("WEBVTT\n\nREGION\nid:a colour:red\n", 3),
    "a null character": (cue("好\0"), 4),
    "GB18030": ("WEBVTT\n\n00:01.000 --> 00:02.000\n复议\n".encode("gb18030"), 4),
    "UTF-16": ("WEBVTT\n".encode("utf-16"), 1),
}


@pytest.mark.parametrize("text", VALID.values(), ids=VALID)
def test_a_valid_file_has_no_errors(text: str) -> None:
    assert errors(text) == []


@pytest.mark.parametrize(("text", "line"), INVALID.values(), ids=INVALID)
def test_an_invalid_file_is_told_by_its_line(text: str | bytes, line: int) -> None:
    found = errors(text)
    assert line in [each for each, _ in found], found
    assert all(message for _, message in found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (cue("好" * 17), "16"),
        (cue("一二三四五六七八九十一二三四五六\n一二三四五", "00:00:01.000 --> 00:00:02.000"), "来不及看"),
        (cue("好", "00:00:01.000 --> 00:00:01.500"), "0.83"),
        (cue("好", "00:00:01.000 --> 00:00:09.500"), "7 秒"),
        (cue("一\n二\n三"), "2 行"),
        (cue(""), "没有文字"),
        (f"WEBVTT\n\n{TIME}\n好\n\n00:03.040 --> 00:05.000\n好\n", "空隙"),
        (f"WEBVTT\n\n{TIME}\n好\n\n00:02.000 --> 00:05.000\n好\n", "重叠"),
        (f"WEBVTT\n\n1\n{TIME}\n好\n\n1\n{TIME}\n好\n", "重复"),
        (cue("好", f"{TIME} region:none"), "区域"),
    ],
)
def test_what_is_valid_but_bad_to_read_is_a_warning(text: str, words: str) -> None:
    found = check_vtt(text.encode())
    assert errors(text) == []
    assert any(words in each.message for each in found), found


def test_findings_come_by_line_errors_first() -> None:
    found = check_vtt(
        cue("一二三四五六七八九十一二三四五六七 & <x>", "00:00:05.000 --> 00:00:05.100").encode()
    )
    assert [each.line for each in found] == sorted(each.line for each in found)
    assert {each.level for each in found} == {Level.ERROR, Level.WARNING}


LINES = st.lists(st.text(max_size=30), max_size=3).map(tuple)


@st.composite
def cues_in_order(draw: st.DrawFn) -> list[Cue]:
    made, clock = [], 0
    for lines in draw(st.lists(LINES, max_size=12)):
        clock += draw(st.integers(0, 5_000_000))
        made.append(Cue(clock, clock + draw(st.integers(1, 400_000_000)), lines))
    return made


@settings(max_examples=300, deadline=None)
@given(cues_in_order(), st.text(max_size=40))
def test_what_the_writer_writes_is_always_valid(cues: list[Cue], note: str) -> None:
    assert errors(write_vtt(cues, note=note)) == []


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(lambda text: ("WEBVTT\n\n" + text).encode("utf-8", "replace")),
    )
)
def test_no_file_makes_the_validator_fall(data: bytes) -> None:
    for found in check_vtt(data):
        assert 1 <= found.line <= data.count(b"\n") + data.count(b"\r") + 1


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="<>/vicb.&;: 0123amp\n-", max_size=60))
def test_no_payload_makes_the_validator_fall(text: str) -> None:
    check_vtt(cue(text).encode())
