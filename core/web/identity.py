"""Who is asking, as pages see them; accounts knows how to find out."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from core.grants import LinkGrant


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person who is logged in."""

    id: UUID
    username: str
    display_name: str
    role: str
    unit_code: str | None = None
    unit_name: str | None = None
    owes: str = ""
    """The page where something is due before any other work: a password of one's own, a second factor."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    id: UUID
    visitor: Visitor


class SessionReader(Protocol):
    async def __call__(self, token: str, now: datetime) -> OpenSession | None:
        """The open session of the token in the cookie; None when it is over or unknown."""
        ...


class GrantReader(Protocol):
    async def __call__(self, token: str, *, now: datetime) -> LinkGrant | None:
        """What the token in the cookie of a one-time link allows; None when it is over or unknown."""
        ...
