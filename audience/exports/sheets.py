"""What every export is made of: sheets of rows, their notes, and what must stand beside figures. Pure."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

Cell: TypeAlias = str | int


@dataclass(frozen=True, slots=True)
class Column:
    """width: in characters of the default typeface; a Chinese one takes two. is_figure: set to the right."""

    title: str
    width: int
    is_figure: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """total: a last row that sums up; None where sums would say nothing."""

    name: str
    columns: tuple[Column, ...]
    rows: list[tuple[Cell, ...]]
    total: tuple[Cell, ...] | None = None

    @property
    def all_rows(self) -> list[tuple[Cell, ...]]:
        return [*self.rows, self.total] if self.total else self.rows


@dataclass(frozen=True, slots=True)
class SealLine:
    """A sealed month, the SHA-256 of its raw log, and the version of the definition."""

    month: date
    sealed_on: date
    raw_sha256: str


@dataclass(frozen=True, slots=True)
class Paper:
    """title: also the name of the file. sentences: ready for a report. definition: term and text, of one version.

    notes: what a reader must know of these very figures, such as how far they go.
    """

    title: str
    made_at: datetime
    sentences: list[str]
    sheets: list[Sheet]
    definition_version: int
    definition: list[tuple[str, str]]
    notes: list[str] = field(default_factory=list)
    seals: list[SealLine] = field(default_factory=list)
