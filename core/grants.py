"""What a one-time link lets its holder do: one task, for one unit, about one lecture."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.audit import Actor, ActorKind


class LinkPurpose(StrEnum):
    LIAISON = "liaison"
    """Open the unit's desk as its liaison."""
    APPROVER = "approver"
    """单位初审 of one lecture."""
    LECTURER = "lecturer"
    """The lecturer's page of one lecture."""
    TERMS = "terms"
    """The lecturer's page after it: wordings that were heard doubtfully."""


@dataclass(frozen=True, slots=True)
class LinkGrant:
    """holder: the person's name. digest: the SHA-256 of the link's token. until: when the grant is over."""

    purpose: LinkPurpose
    unit_code: str
    unit_name: str
    subject: str
    holder: str
    digest: str
    until: datetime

    @property
    def actor(self) -> Actor:
        """Whoever opened the link, as the audit log names them."""
        return Actor(ActorKind.LINK, self.digest, self.holder, self.unit_code)

    @property
    def destination(self) -> str:
        """The page of the task."""
        match self.purpose:
            case LinkPurpose.LIAISON:
                return f"/desk/unit/{self.subject}" if self.subject else "/desk/unit"
            case LinkPurpose.APPROVER:
                return f"/approve/{self.subject}"
            case LinkPurpose.LECTURER:
                return f"/lecturer/{self.subject}"
            case LinkPurpose.TERMS:
                return f"/lecturer/{self.subject}/terms"

    def allows(self, purpose: LinkPurpose, subject: str) -> bool:
        """Whether it was given for just this."""
        return self.purpose is purpose and self.subject == subject
