"""`weiketang cues`, `weiketang vtt …`: subtitles from words, and checking a subtitle file, for anyone's tools."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal.cli.parser import Group, add_command, add_group

if TYPE_CHECKING:
    from transcripts.speech.words import Word

STDIN = "-"
FORMATS = ("vtt", "srt", "json")
MIB = 1_048_576


def add_commands(commands: Group) -> None:
    cutting = add_command(
        commands,
        "cues",
        cut_words,
        help="把带时间的词切成字幕",
        example="weiketang cues words.json --format srt",
    )
    cutting.add_argument(
        "file",
        metavar="词表",
        help='JSON 文件：[{"text","start","end","prob"}]，时间以秒计；- 表示从标准输入读',
    )
    cutting.add_argument("--format", choices=FORMATS, default="vtt", help="输出的格式（默认 vtt）")
    vtt = add_group(commands, "vtt", help="WebVTT 字幕文件", example="weiketang vtt check lecture.vtt")
    checking = add_command(
        vtt,
        "check",
        check_file,
        help="检查字幕文件：不合 WebVTT 标准是错误，不便阅读是提醒",
        example="weiketang vtt check lecture.vtt",
    )
    checking.add_argument("file", metavar="文件", help="字幕文件；- 表示从标准输入读")


def cut_words(arguments: argparse.Namespace) -> None:
    from portal.cli.console import say
    from transcripts.cues.cutting import cut
    from transcripts.cues.formats import write_json, write_srt
    from transcripts.cues.vtt import write_vtt
    from transcripts.glossary.seed import seed

    words = _words(_read(arguments))
    cues = [made.cue for made in cut(words, terms=seed().terms)]
    write = {"vtt": write_vtt, "srt": write_srt, "json": write_json}[arguments.format]
    say(write(cues).removesuffix("\n"))


def check_file(arguments: argparse.Namespace) -> None:
    from core.errors import Invalid
    from portal.cli.console import say
    from transcripts.cues.rules import Level
    from transcripts.cues.vtt_check import MOST_FINDINGS, check_vtt

    findings = check_vtt(_read(arguments))
    labels = {Level.ERROR: "错误", Level.WARNING: "提醒"}
    for finding in findings:
        say(f"第 {finding.line} 行：{labels[finding.level]}：{finding.message}")
    errors = sum(finding.level is Level.ERROR for finding in findings)
    if errors:
        count = f"{errors} 处错误" if errors < MOST_FINDINGS else f"{errors} 处以上的错误，只列出这些"
        raise Invalid({"file": f"文件不合 WebVTT 标准，有 {count}，请按上面的行号改正。"})
    say("文件合乎 WebVTT 标准。" + (f"有 {len(findings)} 处提醒。" if findings else ""))


def _read(arguments: argparse.Namespace) -> bytes:
    from core.errors import Invalid, NotFound
    from portal.cli.console import client_settings

    most = client_settings(arguments).subtitle_tool_mib
    if arguments.file == STDIN:
        data = sys.stdin.buffer.read(most * MIB + 1)
    else:
        path = Path(arguments.file)
        if not path.is_file():
            raise NotFound(f"没有这个文件：{arguments.file}")
        with path.open("rb") as file:
            data = file.read(most * MIB + 1)
    if len(data) > most * MIB:
        raise Invalid({"file": f"文件超过 {most} MiB，请核对是不是选错了文件。"})
    return data


def _words(data: bytes) -> "list[Word]":
    """Raises Invalid for what is no list of words; a time that is missing or no number is left to the cutter."""
    import json

    from core.errors import Invalid

    try:
        rows = json.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        raise Invalid({"file": f"词表不是正确的 JSON：{error}"}) from error
    if not isinstance(rows, list):
        raise Invalid({"file": '词表要是一个列表：[{"text","start","end","prob"}]。'})
    return [_word(number, row) for number, row in enumerate(rows, start=1)]


def _word(number: int, row: Any) -> "Word":
    from core.errors import Invalid
    from transcripts.speech.words import Word

    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise Invalid({"file": f"词表的第 {number} 项没有文字（text）。"})
    values = {name: row.get(name) for name in ("start", "end", "prob")}
    for name, value in values.items():
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise Invalid({"file": f"词表的第 {number} 项的 {name} 不是数字。"})
    prob = 1.0 if values["prob"] is None else _seconds(values["prob"])
    return Word(row["text"], _seconds(values["start"]), _seconds(values["end"]), prob)


def _seconds(value: float | None) -> float:
    """NaN for none: some recognisers leave words untimed, which are laid out beside their neighbours."""
    try:
        return float("nan") if value is None else float(value)
    except OverflowError:  # JSON has integers without end
        return float("inf")
