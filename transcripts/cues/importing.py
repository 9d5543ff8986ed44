"""Reading subtitles that people made elsewhere: SRT, WebVTT, plain text.

What does no harm is mended: order, a missing number, a comma for a point, a small overlap. What would lose words or
put them at a wrong time is refused with its line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.errors import Invalid
from transcripts.cues.cue import Cue
from transcripts.cues.cutting import cut
from transcripts.cues.encodings import decode
from transcripts.cues.marks import MARKS
from transcripts.cues.timestamps import MS_OF_HOUR, MS_OF_MINUTE, MS_OF_SECOND
from transcripts.cues.vtt_text import shown_text
from transcripts.cues.writable import clean_lines
from transcripts.speech.words import Word

ARROW = "-->"
STAMP = r"(?:(\d{1,4})[:：])?(\d{1,2})[:：](\d{1,2})(?:[.,，](\d{1,3}))?"
TIMING = re.compile(rf"\s*{STAMP}\s*-->\s*{STAMP}(?:\s.*)?", re.DOTALL)
STAMPED = re.compile(rf"\s*(?P<bracket>[\[【(（])?{STAMP}[\]】)）]?\s+(?P<text>\S.*)")
NUMBER = re.compile(r"\s*\d{1,9}\s*")
SRT_TAGS = re.compile(r"</?(?:[bius]|font)(?:\s[^<>]*)?>|\{\\[a-zA-Z]+[^{}]*\}", re.IGNORECASE)
SKIPPED_BLOCKS = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s.*)?", re.DOTALL)
LEAST_LEFT_MS = 400
"""What an overlapped cue must keep of itself, to be shortened without asking."""
SPOKEN = 4.5
"""Characters a second, where a text has no times: an unhurried lecturer."""
KINDS = ("srt", "vtt", "txt")


@dataclass(frozen=True, slots=True)
class _Read:
    """A cue and the line its times stand in."""

    line: int
    cue: Cue


def read_subtitles(name: str, data: bytes) -> list[Cue]:
    """The cues of a file, in order, without overlap; what we write of an export's origin (MARKS) is left out.

    name: the file's, for its ending. A TXT may have a time at the head of its lines, `[00:01:02] …`; without any it
    is laid out at a lecturer's pace from 0, to be timed by hand. Not on the event loop. Raises Invalid (field
    `file`), with the line, for what cannot be read without losing something.
    """
    ending = name.rpartition(".")[2].lower()
    if ending not in KINDS:
        raise Invalid({"file": "只能导入 .srt、.vtt 和 .txt 字幕文件。"})
    lines = decode(data).split("\n")
    is_vtt = lines[0].startswith("WEBVTT")
    if ending == "vtt" and not is_vtt:
        raise Invalid({"file": "第 1 行：WebVTT 文件要以 WEBVTT 开头。请核对是不是选错了文件。"})
    if not is_vtt and not any(TIMING.fullmatch(line) for line in lines):
        if ending == "srt":
            raise Invalid(
                {"file": "文件里没有字幕时间，例如 00:00:01,000 --> 00:00:03,000。请核对是不是选错了文件。"}
            )
        cues = _plain(lines)
    else:
        cues = _in_order(list(_timed(lines, is_vtt=is_vtt)))
    kept = [cue for cue in cues if cue.text not in MARKS]
    if not kept:
        raise Invalid({"file": "文件里没有字幕。请核对是不是选错了文件。"})
    return kept


def _timed(lines: Sequence[str], *, is_vtt: bool) -> Iterator[_Read]:
    at = _after_header(lines) if is_vtt else 0
    open_at, times, payload = 0, (0, 0), list[str]()
    while at < len(lines):
        line = lines[at]
        if ARROW in line:
            if open_at:
                yield _read(open_at, times, payload, is_vtt=is_vtt)
            open_at, times, payload = at + 1, _times(at + 1, line), []
            at += 1
            while at < len(lines) and lines[at].strip() and not _begins(lines, at):
                payload.append(lines[at])
                at += 1
        elif not line.strip() or _begins(lines, at):
            at += 1
        elif is_vtt and SKIPPED_BLOCKS.fullmatch(line):
            while at < len(lines) and lines[at].strip():
                at += 1
        elif is_vtt or not open_at:
            raise _fault(at + 1, "这一行不属于任何一条字幕，它的上面缺少时间行。")
        else:  # SRT: a blank line within a text
            payload.append(line)
            at += 1
    if open_at:
        yield _read(open_at, times, payload, is_vtt=is_vtt)


def _after_header(lines: Sequence[str]) -> int:
    at = 1
    while at < len(lines) and lines[at].strip() and ARROW not in lines[at]:
        at += 1
    return at


def _begins(lines: Sequence[str], at: int) -> bool:
    """Whether a cue begins here: its times, or its number or name with the times in the next line."""
    if ARROW in lines[at]:
        return True
    if at + 1 >= len(lines) or ARROW not in lines[at + 1]:
        return False
    return bool(NUMBER.fullmatch(lines[at])) or not lines[at - 1].strip() or at == 0


def _times(number: int, line: str) -> tuple[int, int]:
    match = TIMING.fullmatch(line)
    if match is None:
        raise _fault(number, f"时间写法不对：{line.strip()[:60]}。要像 00:00:01,000 --> 00:00:03,000 这样。")
    start, end = _ms(match.groups()[:4]), _ms(match.groups()[4:])
    if end <= start:
        raise _fault(number, "结束时间不晚于开始时间，请改正后再导入。")
    return start, end


def _ms(parts: Sequence[str | None]) -> int:
    hours, minutes, seconds = (int(part or 0) for part in parts[:3])
    millis = int((parts[3] or "0").ljust(3, "0"))
    return hours * MS_OF_HOUR + minutes * MS_OF_MINUTE + seconds * MS_OF_SECOND + millis


def _read(line: int, times: tuple[int, int], payload: Sequence[str], *, is_vtt: bool) -> _Read:
    texts = [shown_text(text) if is_vtt else SRT_TAGS.sub("", text) for text in payload]
    return _Read(line, Cue(*times, tuple(clean for text in texts for clean in clean_lines(text))))


def _in_order(read: Sequence[_Read]) -> list[Cue]:
    """By their starts, a small overlap taken from the earlier one; without those that have no text."""
    kept = sorted((each for each in read if each.cue.lines), key=lambda each: each.cue.start_ms)
    cues: list[Cue] = []
    for place, each in enumerate(kept):
        cue = each.cue
        if place + 1 < len(kept) and (following := kept[place + 1]).cue.start_ms < cue.end_ms:
            if following.cue.start_ms - cue.start_ms < LEAST_LEFT_MS:
                raise _fault(following.line, f"和第 {each.line} 行的字幕时间重叠，请改正其中一条再导入。")
            cue = Cue(cue.start_ms, following.cue.start_ms, cue.lines)
        cues.append(cue)
    return cues


def _plain(lines: Sequence[str]) -> list[Cue]:
    written = [
        (number, clean)
        for number, line in enumerate(lines, start=1)
        for clean in clean_lines(line)
        if clean not in MARKS
    ]
    are_all_stamped = all(STAMPED.fullmatch(line) for _, line in written)
    texts: list[tuple[float | None, str]] = []
    latest = 0.0
    for number, line in written:
        match = STAMPED.fullmatch(line)
        if match is None or not (match["bracket"] or are_all_stamped):  # a script may speak of 9:30 itself
            texts.append((None, line))
            continue
        start = _ms(match.groups()[1:5]) / 1000
        if start < latest:
            raise _fault(number, "时间比上面的早，请按时间从早到晚排好再导入。")
        latest = start
        texts.append((start, match["text"]))
    return [made.cue for made in cut(list(_spoken(texts)))]


def _spoken(texts: Sequence[tuple[float | None, str]]) -> Iterator[Word]:
    """A word a character, at a lecturer's pace or faster where the next time asks for it."""
    clock = 0.0
    for place, (start, text) in enumerate(texts):
        clock = clock if start is None else start
        following = next((time for time, _ in texts[place + 1 : place + 2] if time is not None), None)
        pace = 1 / SPOKEN
        if following is not None:
            pace = min(pace, (following - clock) / len(text))
        for letter in text + ("" if text[-1] in "。？！" else "。"):
            yield Word(letter, clock, clock + pace)
            clock += pace


def _fault(line: int, message: str) -> Invalid:
    return Invalid({"file": f"第 {line} 行：{message}"})
