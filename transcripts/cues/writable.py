"""Cues as any file can hold them: without what no file can hold, refused where their times make none."""

from collections.abc import Iterable, Iterator
from unicodedata import category

from core.errors import Invalid
from transcripts.cues.cue import Cue
from transcripts.cues.timestamps import clock_time

UNWRITTEN = {"Cc", "Cs", "Zl", "Zp"}
"""Control characters, halves of a surrogate pair, line separators: not text of a line."""


def writable(cues: Iterable[Cue]) -> Iterator[Cue]:
    """The cues that have text, without blank lines and characters that cannot be written.

    Raises Invalid (field `cues`) for a time before 0, an end that is not after its start, a start before the one
    before it.
    """
    latest = 0
    for number, cue in enumerate(cues, start=1):
        where = f"第 {number} 条字幕"
        if cue.start_ms < 0:
            raise Invalid({"cues": f"{where}的开始时间小于 0，请改正后再导出。"})
        if cue.end_ms <= cue.start_ms:
            when = clock_time(cue.start_ms)
            raise Invalid({"cues": f"{where}（{when}）的结束时间不晚于开始时间，请改正后再导出。"})
        if cue.start_ms < latest:
            when = clock_time(cue.start_ms)
            raise Invalid({"cues": f"{where}（{when}）比前一条开始得早，请按时间排好后再导出。"})
        latest = cue.start_ms
        lines = tuple(clean for line in cue.lines for clean in clean_lines(line))
        if lines:
            yield Cue(cue.start_ms, cue.end_ms, lines)


def clean_lines(text: str) -> Iterator[str]:
    """The lines of a text that are not blank, without surrounding space and what cannot be written."""
    for line in text.splitlines():
        kept = "".join(letter for letter in line.replace("\t", " ") if category(letter) not in UNWRITTEN)
        if clean := kept.strip():
            yield clean
