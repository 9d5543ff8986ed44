"""Cues as SRT, plain text and JSON."""

import json
from collections.abc import Iterable, Sequence

from transcripts.cues.cue import Cue
from transcripts.cues.timestamps import srt_time, vtt_time
from transcripts.cues.writable import clean_lines, writable

NOTE_MS = 3_000
"""How long the note is shown in SRT, which has no comments."""
LEAST_NOTE_MS = 1_000


def write_srt(cues: Iterable[Cue], *, note: str = "") -> str:
    """SubRip, numbered from 1, to be encoded as UTF-8. note: shown before the first cue, or after the last one where
    there is no room. Raises Invalid as `writable`.
    """
    shown = _with_note(list(writable(cues)), " ".join(clean_lines(note)))
    return "".join(
        f"{number}\n{srt_time(cue.start_ms)} --> {srt_time(cue.end_ms)}\n"
        + "".join(f"{line.replace('-->', '→')}\n" for line in cue.lines)
        + "\n"
        for number, cue in enumerate(shown, start=1)
    )


def _with_note(cues: Sequence[Cue], note: str) -> Sequence[Cue]:
    if not note or not cues:
        return cues
    room = min(NOTE_MS, cues[0].start_ms)
    if room >= LEAST_NOTE_MS:
        return [Cue(0, room, (note,)), *cues]
    end = max(cue.end_ms for cue in cues)
    return [*cues, Cue(end, end + NOTE_MS, (note,))]


def write_txt(cues: Iterable[Cue], *, note: str = "", with_times: bool = False) -> str:
    """A line a cue, after the note where there is one. with_times: each begins `[00:01:02.345]`."""
    lines = list(clean_lines(note))
    for cue in writable(cues):
        time = f"[{vtt_time(cue.start_ms)}] " if with_times else ""
        lines.append(time + cue.text)
    return "".join(f"{line}\n" for line in lines)


def cue_rows(cues: Iterable[Cue]) -> list[dict[str, object]]:
    """`[{"start", "end", "lines"}]`, times in seconds."""
    return [
        {"start": cue.start_ms / 1000, "end": cue.end_ms / 1000, "lines": list(cue.lines)} for cue in cues
    ]


def write_json(cues: Iterable[Cue]) -> str:
    """cue_rows as text. Raises Invalid as `writable`."""
    return json.dumps(cue_rows(writable(cues)), ensure_ascii=False, indent=1) + "\n"
