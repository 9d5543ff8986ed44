"""Who is asking, as pages see them; accounts knows how to find out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person who is logged in."""

    id: UUID
    username: str
    display_name: str
    role: str
    unit_code: str | None = None
    unit_name: str | None = None


@dataclass(frozen=True, slots=True)
class OpenSession:
    id: UUID
    visitor: Visitor


class SessionReader(Protocol):
    async def __call__(self, token: str, now: datetime) -> OpenSession | None:
        """The open session of the token in the cookie; None when it is over or unknown."""
        ...
