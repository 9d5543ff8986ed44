"""What is sent, what sends it, and what it says when it could not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.errors import DomainError


@dataclass(frozen=True, slots=True)
class Message:
    """to: a mail address or phone number; empty for a robot, which speaks to its whole group.

    Whoever writes a message for a group keeps one-time links and phone numbers out of it.
    """

    subject: str
    text: str
    to: str = ""


class NotDelivered(DomainError):
    """消息没有发出去，过一会儿会再试。"""


class Messenger(Protocol):
    async def send(self, message: Message, *, now: datetime) -> None:
        """Return when the other side has taken the message. now: aware.

        Raises NotDelivered with a reason that may be stored and shown: it names no key, password or address.
        """
        ...
