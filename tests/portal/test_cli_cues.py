"""`weiketang cues` and `weiketang vtt check`: for anyone's tools, so how they print and end is held here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine, command
from tests.support.spoken import assert_hard_rules, spoken
from transcripts.cues.cue import Cue
from transcripts.cues.importing import read_subtitles
from transcripts.cues.rules import Level
from transcripts.cues.vtt_check import check_vtt

__all__ = ["command"]

SAID = "大家好，今天我们来讲行政复议法第十一条。公民可以自知道该行政行为之日起六十日内提出行政复议申请。"
GOOD = "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n今天讲行政复议\n"


@pytest.fixture
def words(tmp_path: Path) -> Path:
    path = tmp_path / "words.json"
    rows = [
        {"text": word.text, "start": word.start, "end": word.end, "prob": word.prob} for word in spoken(SAID)
    ]
    path.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    return path


def test_words_become_cues_as_webvtt_srt_and_json_alike(command: CommandLine, words: Path) -> None:
    printed = command("cues", str(words), "--format", "json")
    assert printed.code == 0
    assert all(set(row) == {"start", "end", "lines"} for row in printed.json)
    cues = [
        Cue(round(row["start"] * 1000), round(row["end"] * 1000), tuple(row["lines"])) for row in printed.json
    ]
    assert_hard_rules(cues)
    assert "第十一条" in "\n".join(line for cue in cues for line in cue.lines)
    vtt = command("cues", str(words))
    assert check_vtt(vtt.out.encode()) == []
    assert read_subtitles("a.vtt", vtt.out.encode()) == cues
    assert read_subtitles("a.srt", command("cues", str(words), "--format", "srt").out.encode()) == cues


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[]", ""),
        ('[{"text": "好", "start": 1, "end": 2}]', "好"),
        ('\ufeff[{"text": "好", "start": 1, "end": 2, "prob": 0.5, "more": []}]', "好"),
        ('[{"text": "好"}]', "好"),
        ('[{"text": "好", "start": null, "end": null, "prob": null}]', "好"),
        ('[{"text": "好", "start": NaN, "end": Infinity}]', "好"),
        ('[{"text": "好", "start": -5, "end": 1e300}]', "好"),
        ('[{"text": "好", "start": 1' + "0" * 400 + ', "end": 3}]', "好"),
        ('[{"text": "A & B --> <C>", "start": 1, "end": 2}]', "A &amp; B --&gt; &lt;C&gt;"),
        ('[{"text": "\\u0000\\ud800好", "start": 1, "end": 2}]', "好"),
        ('[{"text": "", "start": 1, "end": 2}]', ""),
    ],
)
def test_whatever_words_there_are_the_file_is_valid(
    command: CommandLine, tmp_path: Path, text: str, shown: str
) -> None:
    path = tmp_path / "words.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    printed = command("cues", str(path))
    assert printed.code == 0, printed.err
    assert [each for each in check_vtt(printed.out.encode()) if each.level is Level.ERROR] == []
    assert printed.out.partition("-->")[2].partition("\n")[2].strip() == shown


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "JSON"),
        (b"{", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"\x00\x01\x02\xff", "JSON"),
        ('[{"text": "好"}]'.encode("gb18030"), "JSON"),
        (b"{}", "列表"),
        (b"3", "列表"),
        (b"[3]", "第 1 项没有文字"),
        (b'[{"text": "a"}, {"start": 1}]', "第 2 项没有文字"),
        (b'[{"text": 5}]', "第 1 项没有文字"),
        (b'[{"text": "a", "start": "1"}]', "第 1 项的 start 不是数字"),
        (b'[{"text": "a", "end": true}]', "第 1 项的 end 不是数字"),
        (b'[{"text": "a", "prob": []}]', "第 1 项的 prob 不是数字"),
    ],
)
def test_what_is_no_list_of_words_is_refused_with_its_place(
    command: CommandLine, tmp_path: Path, data: bytes, words: str
) -> None:
    path = tmp_path / "words.json"
    path.write_bytes(data)
    printed = command("cues", str(path))
    assert (printed.code, printed.out) == (1, "")
    assert words in printed.err


def test_an_unknown_format_is_called_wrongly(command: CommandLine, words: Path) -> None:
    assert command("cues", str(words), "--format", "docx").code == 2


@pytest.mark.parametrize("group", [("cues",), ("vtt", "check")])
def test_a_file_that_is_not_there_or_too_large_is_told(
    command: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: tuple[str, ...]
) -> None:
    assert "没有这个文件" in command(*group, str(tmp_path / "none")).err
    assert "没有这个文件" in command(*group, str(tmp_path)).err
    monkeypatch.setenv("WEIKETANG_SUBTITLE_TOOL_MIB", "1")
    large = tmp_path / "large"
    large.write_bytes(b" " * 1_048_577)
    printed = command(*group, str(large))
    assert (printed.code, printed.out) == (1, "")
    assert "超过 1 MiB" in printed.err


def check(command: CommandLine, tmp_path: Path, text: str | bytes) -> tuple[int, list[str], str]:
    path = tmp_path / "a.vtt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    printed = command("vtt", "check", str(path))
    return printed.code, printed.out.splitlines(), printed.err


def test_a_good_file_is_said_to_be_one(command: CommandLine, tmp_path: Path) -> None:
    assert check(command, tmp_path, GOOD) == (0, ["文件合乎 WebVTT 标准。"], "")


def test_warnings_are_printed_with_their_lines_and_are_no_failure(
    command: CommandLine, tmp_path: Path
) -> None:
    code, lines, err = check(command, tmp_path, GOOD.replace("03.000", "01.500"))
    assert (code, err) == (0, "")
    assert lines[0].startswith("第 3 行：提醒：")
    assert any("每秒" in line for line in lines)
    assert lines[-1] == f"文件合乎 WebVTT 标准。有 {len(lines) - 1} 处提醒。"


def test_errors_are_printed_with_their_lines_and_end_with_1(command: CommandLine, tmp_path: Path) -> None:
    bad = GOOD + "\n00:00:00.500 --> 00:00:00.400\nA & B\n"
    code, lines, err = check(command, tmp_path, bad)
    assert code == 1
    assert [line.partition("：")[0] for line in lines if "错误" in line] == ["第 6 行", "第 6 行"]
    assert "有 2 处错误" in err


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", 1),
        (b"\0" * 1000, 1),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), 1),
        (GOOD.encode("utf-16"), 1),
        (GOOD.encode("gb18030"), 4),
        (GOOD.replace("WEBVTT", "1").encode(), 1),
    ],
    ids=["nothing", "null characters", "a picture", "UTF-16", "GB18030", "SRT"],
)
def test_what_is_no_webvtt_is_told_by_its_line(
    command: CommandLine, tmp_path: Path, data: bytes, line: int
) -> None:
    code, lines, _ = check(command, tmp_path, data)
    assert code == 1
    assert lines[0].startswith(f"第 {line} 行：错误：")


def test_a_file_of_nothing_but_errors_is_told_in_a_thousand_lines(
    command: CommandLine, tmp_path: Path
) -> None:
    code, lines, err = check(command, tmp_path, GOOD + "&\n" * 5000)
    assert code == 1
    assert len(lines) == 1000
    assert "1000 处以上的错误" in err


def test_both_read_from_standard_input_as_processes_of_their_own(words: Path, tmp_path: Path) -> None:
    made = run(["cues", "-"], words.read_bytes(), tmp_path)
    assert made.returncode == 0, made.stderr
    checked = run(["vtt", "check", "-"], made.stdout, tmp_path)
    assert (checked.returncode, checked.stdout.decode()) == (0, "文件合乎 WebVTT 标准。\n")


def run(arguments: list[str], given: bytes, folder: Path) -> subprocess.CompletedProcess[bytes]:
    program = "import sys; from portal.cli import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program, *arguments, "--data-dir", str(folder / "data")],
        input=given,
        capture_output=True,
        check=False,
    )
