"""Documents of another kind than lectures, as an area above hands them to the search."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from transcripts.search.documents import Document, Passage


@dataclass
class Articles:
    """What the sections will be: documents of another kind."""

    kind: str = "article"
    label: str = "文章"
    rows: dict[str, Document] = field(default_factory=dict)

    async def stamps(self) -> Mapping[str, str]:
        return {number: document.title for number, document in self.rows.items()}

    async def document(self, number: str) -> Document | None:
        return self.rows.get(number)

    async def shown(self, numbers: Collection[str]) -> Mapping[str, bool]:
        return {number: True for number in numbers if number in self.rows}

    def add(self, number: str, title: str, *paragraphs: str, days: int = 0) -> None:
        said_at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days)
        passages = tuple(Passage(text) for text in paragraphs)
        self.rows[number] = Document("article", number, title, f"/a/{number}", said_at, (), passages)
