"""A cue as the editor keeps it: with its id, how sure the machine was, and what waits for a person. And its row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from transcripts.cues.cue import Cue


@dataclass(frozen=True, slots=True)
class DraftCue:
    """id stays with it through the versions. prob: of its least sure word, None where no machine heard it.

    engine, model and sha256 name the machine that wrote it, "" for a person. held: why it must be looked at.
    """

    id: str
    cue: Cue
    prob: float | None = None
    engine: str = ""
    model: str = ""
    sha256: str = ""
    held: str = ""


def to_rows(cues: Iterable[DraftCue]) -> list[dict[str, Any]]:
    """As `CueVersion.cues` keeps them."""
    return [
        {
            "id": each.id,
            "start_ms": each.cue.start_ms,
            "end_ms": each.cue.end_ms,
            "lines": list(each.cue.lines),
            "prob": each.prob,
            "engine": each.engine,
            "model": each.model,
            "sha256": each.sha256,
            "held": each.held,
        }
        for each in cues
    ]


def from_rows(rows: Sequence[dict[str, Any]]) -> list[DraftCue]:
    return [
        DraftCue(
            id=row["id"],
            cue=Cue(row["start_ms"], row["end_ms"], tuple(row["lines"])),
            prob=row["prob"],
            engine=row["engine"],
            model=row["model"],
            sha256=row["sha256"],
            held=row["held"],
        )
        for row in rows
    ]
