"""What an area hands to the search: documents of one kind, and which of them the public may still see.

An area adds a kind by registering a `Source` when its module is imported; nothing else of the search knows of it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Passage:
    """seconds: where in the recording it begins; None where there is none, as in an article."""

    text: str
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """As the public may read it. number is unique in its kind; path leads to its page; said_at is aware."""

    kind: str
    number: str
    title: str
    path: str
    said_at: datetime
    headings: tuple[Passage, ...] = ()
    passages: tuple[Passage, ...] = ()


class Source(Protocol):
    """The documents of one kind."""

    @property
    def kind(self) -> str: ...

    @property
    def label(self) -> str:
        """In Chinese, as the page of results names it."""
        ...

    async def stamps(self) -> Mapping[str, str]:
        """All that the public may read now: number → something that changes when its document does, ≤ 60 letters."""
        ...

    async def document(self, number: str) -> Document | None:
        """As it is now; None when the public may not read it."""
        ...

    async def shown(self, numbers: Collection[str]) -> Mapping[str, bool]:
        """Of these numbers those that the public may know of at this moment: number → whether their passages too.

        Asked for every page of results, so that what was withdrawn a moment ago is not shown by an older index.
        """
        ...


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Let the search know a kind. A second source of the same kind takes the place of the first."""
    _sources[source.kind] = source


def forget(kind: str) -> None:
    _sources.pop(kind, None)


def sources() -> dict[str, Source]:
    """By kind, in the order in which they were registered."""
    return dict(_sources)
