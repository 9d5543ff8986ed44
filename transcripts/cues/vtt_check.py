"""A strict WebVTT validator (W3C webvtt1 §4), with warnings by the rules of Chinese subtitles.

Common readers accept a cue that ends before it starts, a raw `&` and `-->` in a text: this one does not.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from transcripts.cues.cue import Cue
from transcripts.cues.rules import Level, cue_findings
from transcripts.cues.vtt_payload import payload_faults
from transcripts.cues.vtt_text import shown_text
from transcripts.cues.vtt_timing import (
    REGION_SETTINGS,
    TIMING,
    in_ms,
    setting_faults,
    stamp_fault,
)

BOM = b"\xef\xbb\xbf"
ARROW = "-->"
BREAKS = re.compile("\r\n|\r|\n")
HEADER = re.compile(r"WEBVTT(?:[ \t].*)?", re.DOTALL)
HLS_HEADER = "X-TIMESTAMP-MAP="
"""RFC 8216 §3.5: the one line that may follow the first at once, in a segment of a stream."""
MOST_FINDINGS = 1000
"""Of each level: whoever has mended so many looks again."""
HOUSE_CODES = frozenset(("short", "speed", "gap", "break", "long", "overlap", "lines", "width", "empty"))
"""Of the rules for cues: what a valid file may do, and should not."""


@dataclass(frozen=True, slots=True)
class Finding:
    """line: from 1. level: Level.ERROR where the file is not valid."""

    line: int
    level: Level
    message: str


@dataclass(slots=True)
class _File:
    """What has been read so far. cues: with the number of the line their times stand in."""

    found: list[Finding] = field(default_factory=list)
    cues: list[tuple[int, Cue]] = field(default_factory=list)
    identifiers: dict[str, int] = field(default_factory=dict)
    regions: set[str] = field(default_factory=set)
    latest_ms: int = 0
    has_cues: bool = False
    counts: Counter[Level] = field(default_factory=Counter)

    def error(self, line: int, message: str) -> None:
        """Raises _Enough."""
        self._add(Finding(line, Level.ERROR, message))
        if self.counts[Level.ERROR] >= MOST_FINDINGS:
            raise _Enough

    def warn(self, line: int, message: str) -> None:
        if self.counts[Level.WARNING] < MOST_FINDINGS:
            self._add(Finding(line, Level.WARNING, message))

    def _add(self, finding: Finding) -> None:
        self.found.append(finding)
        self.counts[finding.level] += 1


class _Enough(Exception):
    """The file has MOST_FINDINGS errors already."""


def check_vtt(data: bytes) -> list[Finding]:
    """Everything wrong with a file, by line. Empty for a valid file that keeps to the rules of subtitles.

    It ends with the thousandth error, and no more than a thousand warnings are kept.
    """
    file = _File()
    with suppress(_Enough):
        _check(data, file)
    return sorted(file.found, key=lambda finding: (finding.line, finding.level is not Level.ERROR))


def _check(data: bytes, file: _File) -> None:
    try:
        text = data.removeprefix(BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        before = data.removeprefix(BOM)[: error.start]
        line = len(BREAKS.findall(before.decode("utf-8", "replace"))) + 1
        file.error(line, "这里不是 UTF-8 编码。请另存为 UTF-8 编码的文件。")
        return
    lines = BREAKS.split(text)
    for number, content in enumerate(lines, start=1):
        if "\0" in content:
            file.error(number, "有空字符（U+0000），请删掉。")
    if not HEADER.fullmatch(lines[0]) or ARROW in lines[0]:
        file.error(1, "第一行要以 WEBVTT 开头；后面若有说明，要先空一格，并且不能有 -->。")
        if lines[0].strip() and ARROW not in lines[0] and not _is_cue_ahead(lines):
            return
    for number, block in _blocks(lines, file):
        _check_block(number, block, file)
    _warn_by_house_rules(file)


def _is_cue_ahead(lines: Sequence[str]) -> bool:
    return any(ARROW in line for line in lines)


def _blocks(lines: Sequence[str], file: _File) -> Iterator[tuple[int, Sequence[str]]]:
    """Runs of lines that are not blank, after the header, each with the number of its first line."""
    at = 0 if ARROW in lines[0] else 1
    while at < len(lines) and lines[at].startswith(HLS_HEADER):
        at += 1
    if at < len(lines) and lines[at]:
        file.error(at + 1, "WEBVTT 这一行后面要空一行。")
    while at < len(lines):
        if not lines[at]:
            at += 1
            continue
        start = at
        while at < len(lines) and lines[at]:
            at += 1
        yield start + 1, lines[start:at]


def _check_block(number: int, block: Sequence[str], file: _File) -> None:
    first = block[0]
    if first == "NOTE" or first.startswith(("NOTE ", "NOTE\t")):
        _check_no_arrow(number, block, file, "注释")
    elif first.rstrip(" \t") == "STYLE" and not _has_times(block, 1):
        _check_definition(number, block, file, "样式")
    elif first.rstrip(" \t") == "REGION" and not _has_times(block, 1):
        _check_definition(number, block, file, "区域")
        _check_region(number, block[1:], file)
    else:
        _check_cue(number, block, file)


def _has_times(block: Sequence[str], at: int) -> bool:
    return len(block) > at and ARROW in block[at] and TIMING.match(block[at]) is not None


def _check_no_arrow(number: int, block: Sequence[str], file: _File, what: str) -> None:
    for offset, line in enumerate(block):
        if ARROW in line:
            file.error(number + offset, f"{what}里不能有 -->；如果这是字幕的时间，前面要空一行。")


def _check_definition(number: int, block: Sequence[str], file: _File, what: str) -> None:
    _check_no_arrow(number, block, file, what)
    if file.has_cues:
        file.error(number, f"{what}要写在第一条字幕之前。")


def _check_region(number: int, lines: Sequence[str], file: _File) -> None:
    text = " ".join(lines)
    for fault in setting_faults(text, REGION_SETTINGS):
        file.error(number, f"区域：{fault}")
    names = [setting[3:] for setting in text.split() if setting.startswith("id:")]
    if not names:
        file.error(number, "区域要有名称，例如 id:bottom。")
    elif names[0] in file.regions:
        file.error(number, f"区域 {names[0][:30]} 已经写过了。")
    file.regions.update(names)


def _check_cue(number: int, block: Sequence[str], file: _File) -> None:
    at = 0
    if ARROW not in block[0]:
        if len(block) == 1 or ARROW not in block[1]:
            file.error(number, "这一段没有时间。字幕前面要有一行时间，例如 00:01:02.500 --> 00:01:05.000。")
            return
        _check_identifier(number, block[0], file)
        at = 1
    file.has_cues = True
    times = _times(number + at, block[at], file)
    payload = block[at + 1 :]
    for offset, line in enumerate(payload):
        if ARROW in line:
            file.error(
                number + at + 1 + offset, "字幕的文字里不能有 -->；如果这是下一条的时间，前面要空一行。"
            )
    if times is None:
        return
    text = "\n".join(payload)
    for offset, fault in payload_faults(text, *times):
        file.error(number + at + 1 + text.count("\n", 0, offset), fault)
    lines = tuple(shown_text(line) for line in payload)
    file.cues.append((number + at, Cue(*times, lines)))


def _check_identifier(number: int, identifier: str, file: _File) -> None:
    if identifier in file.identifiers:
        file.warn(number, f"编号 {identifier[:30]} 和第 {file.identifiers[identifier]} 行的重复了。")
    file.identifiers.setdefault(identifier, number)


def _times(number: int, line: str, file: _File) -> tuple[int, int] | None:
    match = TIMING.fullmatch(line)
    if match is None:
        file.error(number, "时间行的写法不对，要像 00:01:02.500 --> 00:01:05.000 这样，前面不能有空格。")
        return None
    if not match["before"] or not match["after"]:
        file.error(number, "--> 的两边要各空一格。")
    start, end = in_ms(match["start"]), in_ms(match["end"])
    for stamp, moment in ((match["start"], start), (match["end"], end)):
        if moment is None:
            file.error(number, stamp_fault(stamp))
    for fault in setting_faults(match["settings"]):
        file.error(number, fault)
    _check_region_is_known(number, match["settings"], file)
    if start is None or end is None:
        return None
    if start < file.latest_ms:
        file.error(number, "比前面的字幕开始得早，要按开始时间从早到晚排列。")
    file.latest_ms = max(file.latest_ms, start)
    if end <= start:
        file.error(number, "结束时间要晚于开始时间。")
        return None
    return start, end


def _check_region_is_known(number: int, settings: str, file: _File) -> None:
    for setting in settings.split():
        if setting.startswith("region:") and setting[7:] and setting[7:] not in file.regions:
            file.warn(number, f"没有叫 {setting[7:][:30]} 的区域。")


def _warn_by_house_rules(file: _File) -> None:
    findings = cue_findings([cue for _, cue in file.cues])
    for finding in findings:
        if finding.code in HOUSE_CODES:
            file.warn(file.cues[finding.index][0], finding.message)
