"""A cue: lines of text shown from one moment of lecture time to another. Times are whole milliseconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cue:
    start_ms: int
    end_ms: int
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines as one; a space stands between Latin words only."""
        text = ""
        for line in self.lines:
            needs_space = text and line and text[-1].isascii() and line[0].isascii()
            text += (" " if needs_space else "") + line
        return text
