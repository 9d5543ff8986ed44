"""A messenger for tests and rehearsals: it keeps what it is given, and fails when told to."""

from collections import deque
from datetime import datetime

from core.messengers.message import Message, NotDelivered


class RememberingMessenger:
    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.tried_at: list[datetime] = []
        self._failures: deque[str] = deque()

    def fail(self, *reasons: str) -> None:
        """The next attempts fail with these reasons, one after another."""
        self._failures.extend(reasons)

    async def send(self, message: Message, *, now: datetime) -> None:
        self.tried_at.append(now)
        if self._failures:
            raise NotDelivered(self._failures.popleft())
        self.sent.append(message)
