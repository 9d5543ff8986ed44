"""What speaks against cues as they stand, for whoever corrects them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from transcripts.cues.cue import Cue
from transcripts.cues.measure import (
    FASTEST,
    LONGEST_MS,
    MOST_LINES,
    MOST_WIDTH,
    SHORTEST_MS,
    SMALLEST_GAP_MS,
    reading_width,
    width,
)
from transcripts.cues.spans import Kind, spans_of


class Level(StrEnum):
    ERROR = "error"
    """Against a hard rule: it must be mended before publishing."""
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class CueFinding:
    """index: of the cue, from 0. message: what is wrong and what to do."""

    index: int
    level: Level
    code: str
    message: str


def cue_findings(cues: Sequence[Cue], terms: Collection[str] = ()) -> list[CueFinding]:
    """In order of the cues; errors before warnings. terms: what should stay whole."""
    found: list[CueFinding] = []
    for index, cue in enumerate(cues):
        previous = cues[index - 1] if index else None
        following = cues[index + 1] if index + 1 < len(cues) else None
        found += (CueFinding(index, Level.ERROR, code, text) for code, text in _errors(cue, previous))
        found += (
            CueFinding(index, Level.WARNING, code, text) for code, text in _warnings(cue, following, terms)
        )
    return found


def _errors(cue: Cue, previous: Cue | None) -> Iterator[tuple[str, str]]:
    if cue.start_ms < 0 or cue.end_ms <= cue.start_ms:
        yield "time", "结束时间要晚于开始时间。"
    elif cue.end_ms - cue.start_ms > LONGEST_MS:
        yield "long", f"停留超过 {LONGEST_MS // 1000} 秒，请拆成两条或缩短。"
    if previous and cue.start_ms < previous.start_ms:
        yield "order", "比上一条开始得早，请调整时间。"
    elif previous and cue.start_ms < previous.end_ms:
        yield "overlap", "和上一条的时间重叠，请调整其中一条。"
    if not any(line.strip() for line in cue.lines):
        yield "empty", "没有文字，请填写或删除这一条。"
    elif not all(line.strip() for line in cue.lines):
        yield "blank", "中间有空行，请删掉空行。"
    if len(cue.lines) > MOST_LINES:
        yield "lines", f"有 {len(cue.lines)} 行，最多 {MOST_LINES} 行，请拆成两条。"
    for number, line in enumerate(cue.lines, start=1):
        if width(line) > MOST_WIDTH:
            words = f"第 {number} 行有 {width(line):g} 个字，最多 {MOST_WIDTH:g} 个（半角字符算半个），请分行或拆开。"
            yield "width", words


def _warnings(cue: Cue, following: Cue | None, terms: Collection[str]) -> Iterator[tuple[str, str]]:
    shown = cue.end_ms - cue.start_ms
    if shown > 0:
        speed = sum(map(reading_width, cue.lines)) * 1000 / shown
        if shown < SHORTEST_MS:
            yield "short", f"只停留 {shown / 1000:.2f} 秒，至少要 0.83 秒才看得清。"
        if speed > FASTEST:
            yield "speed", f"每秒 {speed:.1f} 个字，超过 {FASTEST:g} 个，观众来不及看；请延长或精简。"
    if following and 0 < following.start_ms - cue.end_ms < SMALLEST_GAP_MS:
        yield "gap", "和下一条之间空隙太短，画面会闪；请接上，或空出 0.09 秒以上。"
    if broken := _broken(cue, following, terms):
        yield "break", f"“{broken}”被拆开了，请调整断行。"


def _broken(cue: Cue, following: Cue | None, terms: Collection[str]) -> str:
    """What is broken between its lines, or between its last line and the next cue that follows at once."""
    pieces = [line.strip() for line in cue.lines]
    is_next_near = following is not None and following.start_ms - cue.end_ms < SMALLEST_GAP_MS
    if following is not None and is_next_near and following.lines:
        pieces.append(following.lines[0].strip())
    text = "".join(pieces)
    seams = set()
    at = 0
    for piece in pieces[:-1]:
        at += len(piece)
        seams.add(at)
    broken = [
        span
        for span in spans_of(text, terms)
        if any(span.start < seam < span.end and seam not in span.seams for seam in seams)
        and (span.kind is Kind.NUMBER or width(text[span.start : span.end]) <= MOST_WIDTH)
    ]
    worst = min(broken, key=lambda span: (span.kind, span.start), default=None)
    return text[worst.start : worst.end] if worst else ""
